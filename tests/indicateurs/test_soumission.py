"""`saisir` est la seule main qui écrit une valeur; elle n'écrit que ce qui tient, et seulement avant l'envoi."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from indicateurs.models import Saisie, Soumission, Valeur
from indicateurs.nombres import PLAFOND
from organisations.models import TransitionInterdite
from tests import fabrique as f

pytestmark = pytest.mark.django_db

RACINE = Path(__file__).parents[2]
ND = Saisie(absence="NON_DISPONIBLE", motif="Système en panne")
SO = Saisie(absence="SANS_OBJET")


@pytest.fixture
def papier():
    return f.indicateur("papier")


@pytest.fixture
def soumission(papier):
    """Un brouillon du 2023-T1, avec une réponse."""
    return f.brouillon(f.organisation(), f.trimestre("2023-T1"), {papier: (6, 10)})


def reponses(soumission) -> dict[str, Saisie]:
    return {v.indicateur.code: v.saisie for v in soumission.valeurs.select_related("indicateur")}


# --- saisir ----------------------------------------------------------------------------------------------------------


def test_saisir_ecrit_les_reponses_donnees_et_laisse_les_autres(soumission, papier):
    autre = f.indicateur("ouverture")
    soumission.saisir({autre: ND}, par=soumission.cree_par, le=soumission.cree_le)
    soumission.saisir({papier: Saisie(7, 10, note="Recompté")}, par=soumission.cree_par, le=soumission.cree_le)

    assert reponses(soumission) == {"papier": Saisie(7, 10, note="Recompté"), "ouverture": ND}


def test_saisir_deux_fois_la_meme_chose_ne_fait_qu_une_valeur(soumission, papier):
    soumission.saisir({papier: Saisie(6, 10)}, par=soumission.cree_par, le=soumission.cree_le)

    assert soumission.valeurs.count() == 1


@pytest.mark.parametrize("avant", [Saisie(6, 10), ND, SO])
@pytest.mark.parametrize("apres", [Saisie(0, 0), Saisie(0, 9), ND, SO])
def test_une_reponse_en_remplace_une_autre_tout_entiere(soumission, papier, avant, apres):
    soumission.saisir({papier: avant}, par=soumission.cree_par, le=soumission.cree_le)
    soumission.saisir({papier: apres}, par=soumission.cree_par, le=soumission.cree_le)

    assert reponses(soumission) == {"papier": apres}


@pytest.mark.parametrize("nombre", [0, 1, 2**31, 2**49 + 1, PLAFOND - 1, PLAFOND])
def test_un_grand_nombre_revient_tel_quel(soumission, papier, nombre):
    soumission.saisir({papier: Saisie(nombre, PLAFOND)}, par=soumission.cree_par, le=soumission.cree_le)

    assert reponses(soumission)["papier"] == Saisie(nombre, PLAFOND)


INVALIDES = {
    "n_plus_grand_que_d": Saisie(11, 10),
    "n_sur_zero": Saisie(1, 0),
    "n_negatif": Saisie(-1, 10),
    "deux_negatifs": Saisie(-2, -1),
    "n_seul": Saisie(1, None),
    "d_seul": Saisie(None, 1),
    "rien": Saisie(),
    "nombre_et_absence": Saisie(1, 2, "SANS_OBJET"),
    "moitie_de_nombre_et_absence": Saisie(None, 2, "SANS_OBJET"),
    "absence_inconnue": Saisie(absence="PERDU"),
    "non_disponible_sans_raison": Saisie(absence="NON_DISPONIBLE"),
    "au_dessus_du_plafond": Saisie(1, PLAFOND + 1),
    "soixante_trois_bits": Saisie(1, 2**63),
    "quatre_mille_chiffres": Saisie(1, 10**4300),
    "texte": Saisie("abc", "10"),
    "chiffres_en_texte": Saisie("1", "10"),
    "decimal": Saisie(1.5, 10),
    "decimal_entier": Saisie(1.0, 10),
    "pas_un_nombre": Saisie(float("nan"), 10),
    "vrai": Saisie(True, 10),
    "faux": Saisie(False, True),
    "raison_trop_longue": Saisie(absence="NON_DISPONIBLE", motif="x" * 501),
    "note_trop_longue": Saisie(1, 2, note="x" * 1001),
    "justification_trop_longue": Saisie(1, 2, justification="x" * 1001),
}


@pytest.mark.parametrize("saisie", INVALIDES.values(), ids=INVALIDES)
def test_une_reponse_qui_ne_tient_pas_est_refusee_en_francais_et_rien_ne_s_ecrit(soumission, papier, saisie):
    autre = f.indicateur("ouverture")
    avant = f.photo(Valeur)
    with pytest.raises(ValidationError) as refus:
        soumission.saisir({autre: Saisie(1, 2), papier: saisie}, par=soumission.cree_par, le=soumission.cree_le)

    assert f.photo(Valeur) == avant
    assert refus.value.messages
    for phrase in refus.value.messages:
        assert phrase.endswith(".")
        assert not re.search(r"\b(the|is|value|ensure|this|must)\b", phrase, re.IGNORECASE)


@pytest.mark.parametrize("statut", ["SOUMIS", "VALIDE", "REMPLACE"])
def test_une_soumission_partie_ne_se_modifie_plus(papier, statut):
    trimestre = f.trimestre("2023-T1")
    if statut == "SOUMIS":
        partie = f.transmise(f.organisation(), trimestre, {papier: (6, 10)})
    else:
        partie = f.validee(f.organisation(), trimestre, {papier: (6, 10)})
    if statut == "REMPLACE":
        f.corrigee(partie, {papier: (7, 10)}, f.apres(trimestre, 20))
    avant = f.photo(Valeur)

    with pytest.raises(TransitionInterdite, match="est transmis"):
        partie.saisir({papier: Saisie(8, 10)}, par=partie.cree_par, le=partie.cree_le)
    assert f.photo(Valeur) == avant


def test_un_objet_perime_ne_permet_pas_d_ecrire_apres_l_envoi(soumission, papier):
    perimee = Soumission.objects.get(pk=soumission.pk)
    soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)

    with pytest.raises(TransitionInterdite):
        perimee.saisir({papier: Saisie(8, 10)}, par=perimee.cree_par, le=perimee.cree_le)


def test_une_soumission_renvoyee_se_modifie_de_nouveau(soumission, papier):
    soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)
    soumission.renvoyer(par=f.relecteur(), le=soumission.cree_le, motif="Vérifiez.")
    soumission.saisir({papier: Saisie(8, 10)}, par=soumission.cree_par, le=soumission.cree_le)

    assert reponses(soumission)["papier"] == Saisie(8, 10)


def test_seules_la_saisie_et_la_reprise_ecrivent_des_valeurs():
    ecriture = re.compile(
        r"\bValeur\(\s*soumission|\bValeur\.objects\.(create|bulk_|update|get_or|\w+\(.*\)\.(update|delete)\()"
        r"|\bvaleurs\.(create|bulk_|update|add|set|all\(\)\.delete)|_inserer\(\s*Valeur"
    )
    ecrivains = {
        str(chemin.relative_to(RACINE))
        for application in ("organisations", "indicateurs", "barometre")
        for chemin in (RACINE / application).rglob("*.py")
        if ecriture.search(chemin.read_text())
    }

    assert ecrivains == {"indicateurs/models/soumission.py", "indicateurs/models/reprise.py"}


# --- l'ouverture du trimestre et la complétude -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jour", "part"), [("2023-03-31", False), ("2023-04-01", True), ("2023-05-15", True), ("2025-01-01", True)]
)
def test_on_transmet_des_l_ouverture_et_encore_apres_l_echeance(papier, jour, part):
    soumission = f.brouillon(f.organisation(), f.trimestre("2023-T1"), {papier: (6, 10)}, f.instant("2023-03-01"))
    if part:
        soumission.soumettre(par=soumission.cree_par, le=f.instant(jour))
        assert soumission.statut == "SOUMIS"
    else:
        with pytest.raises(TransitionInterdite, match=r"ouvre le 1er avril 2023"):
            soumission.soumettre(par=soumission.cree_par, le=f.instant(jour))


def test_le_cqen_peut_ouvrir_un_trimestre_plus_tot(papier):
    trimestre = f.trimestre("2023-T1")
    trimestre.ouvre_le = trimestre.fin.replace(day=1)
    trimestre.save()
    soumission = f.transmise(f.organisation(), trimestre, {papier: (6, 10)}, f.instant("2023-03-02"))

    assert soumission.statut == "SOUMIS"


def test_il_manque_une_reponse_tant_que_chaque_indicateur_attendu_n_en_a_pas(soumission):
    for code in ("b", "a"):
        f.indicateur(code, intitule=code.upper())
    with pytest.raises(TransitionInterdite, match=r"Il manque une réponse pour « A », « B »\."):
        soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)


def test_ni_un_indicateur_retire_ni_un_indicateur_a_venir_ne_sont_attendus(soumission):
    fin = soumission.trimestre.fin
    f.indicateur("retire", retire_le=fin)
    f.indicateur("a-venir", du=soumission.trimestre.ouvre_le)
    soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)

    assert [i.code for i in soumission.indicateurs_attendus()] == ["papier"]


def test_un_indicateur_defini_le_dernier_jour_est_attendu(soumission):
    f.indicateur("tardif", du=soumission.trimestre.fin)

    with pytest.raises(TransitionInterdite, match="tardif"):
        soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)


@pytest.mark.parametrize("absence", [ND, SO])
def test_une_absence_qui_dit_son_nom_est_une_reponse_complete(soumission, papier, absence):
    soumission.saisir({papier: absence}, par=soumission.cree_par, le=soumission.cree_le)
    soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)

    assert soumission.statut == "SOUMIS"


def test_un_chiffre_qui_etonne_ne_part_par_aucune_porte_sans_justification():
    papier, ici = f.indicateur(), f.organisation()
    f.validee(ici, f.trimestre("2023-T1"), {papier: (10, 100)})
    etonnante = f.brouillon(ici, f.trimestre("2023-T2"), {papier: (90, 100)})
    par, le = etonnante.cree_par, etonnante.cree_le

    with pytest.raises(TransitionInterdite, match="demande une justification"):
        etonnante.soumettre(par=par, le=le)
    etonnante.saisir({papier: Saisie(90, 100, justification="Une nouvelle direction.")}, par=par, le=le)
    etonnante.soumettre(par=par, le=le)
    assert etonnante.statut == "SOUMIS"
