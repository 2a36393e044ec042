"""Reprendre l'historique par ensembles donne exactement ce que les verbes auraient donné."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicateurs.models import EvenementSoumission, Saisie, Soumission, Valeur
from indicateurs.models.reprise import Bilan
from indicateurs.nombres import PLAFOND
from organisations.models import TransitionInterdite
from tests import fabrique as f

pytestmark = pytest.mark.django_db

LE = f.instant("2023-09-01")
PLUS_TARD = f.instant("2023-10-01")
CODES = ("2023-T1", "2023-T2")
TABLES = (Soumission, Valeur, EvenementSoumission)
ND = Saisie(absence="NON_DISPONIBLE", motif="Panne")
TEXTES = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8)


@st.composite
def saisies(tirer) -> Saisie:
    note, justification = tirer(TEXTES), "Vu. " + tirer(TEXTES)
    absence = tirer(st.sampled_from(["", "", "SANS_OBJET", "NON_DISPONIBLE"]))
    if absence:
        return Saisie(None, None, absence, "Raison" + tirer(TEXTES), note, justification)
    d = tirer(st.one_of(st.integers(0, 9), st.integers(0, PLAFOND)))
    return Saisie(tirer(st.integers(0, d)), d, "", "", note, justification)


def porte(le) -> set[tuple]:
    """Ce que le public lirait à cet instant."""
    edition = SimpleNamespace(arretee_le=le, trimestre=SimpleNamespace(code="2023-T4"))
    cles = ("soumission__organisation", "soumission__trimestre", "soumission__version", "indicateur")
    return set(Valeur.objects.publiques(edition).values_list(*cles, *Saisie._fields))


def registre() -> list[tuple]:
    """Les passages de toutes les versions, sans dire qui."""
    cles = ("dossier__organisation", "dossier__trimestre", "dossier__version", "dossier__motif_de_correction")
    passages = EvenementSoumission.objects.filter(changements__isnull=True)
    return sorted(passages.values_list(*cles, "de", "vers", "le", "motif"))


def par_les_verbes(livraison, le) -> None:
    """La même livraison, une soumission à la fois."""
    for (organisation, trimestre), reponses in livraison.items():
        valides = Soumission.objects.valides().filter(organisation=organisation, trimestre=trimestre)
        if not (avant := valides.first()):
            f.validee(organisation, trimestre, reponses, le)
        elif {v.indicateur: v.saisie for v in avant.valeurs.select_related("indicateur")} != reponses:
            f.corrigee(avant, reponses, le, motif="Nouvelle livraison")


@pytest.fixture
def monde():
    """Deux organisations, deux trimestres, deux indicateurs."""
    indicateurs = [f.indicateur("papier"), f.indicateur("ouverture")]
    return [(f.organisation(), f.trimestre(code)) for code in CODES for _ in range(2)], indicateurs


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # réduire un contre-exemple en passant par la base prendrait des minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(donnees=st.data())
def test_la_reprise_et_les_verbes_donnent_la_meme_chose(monde, donnees):
    cles, indicateurs = monde
    premiere = {cle: {i: donnees.draw(saisies()) for i in indicateurs} for cle in cles}
    seconde = {
        cle: {i: donnees.draw(st.one_of(st.just(reponses[i]), saisies())) for i in indicateurs}
        for cle, reponses in premiere.items()
    }
    vus = []
    for livrer in (f.reprendre, par_les_verbes):
        with f.monde_jetable():
            livrer(premiere, LE)
            livrer(seconde, PLUS_TARD)
            vus.append((porte(LE), porte(PLUS_TARD), registre()))
            assert all(f.rejouer(s) == s.contenu() for s in Soumission.objects.all())

    assert vus[0] == vus[1]
    assert len(vus[0][0]) == len(cles) * len(indicateurs)


def test_reprendre_deux_fois_la_meme_chose_ne_change_rien(monde):
    cles, (papier, ouverture) = monde
    livraison = {cle: {papier: (1, 2), ouverture: ND} for cle in cles}

    assert f.reprendre(livraison, LE) == Bilan(soumissions=4, corrections=0, valeurs=8, inchangees=0)
    avant = f.photo(*TABLES)
    assert f.reprendre(livraison, PLUS_TARD) == Bilan(soumissions=0, corrections=0, valeurs=0, inchangees=8)
    assert f.photo(*TABLES) == avant


def test_une_reponse_differente_fait_une_correction_motivee_qui_garde_les_autres(monde):
    cles, (papier, ouverture) = monde
    f.reprendre({cle: {papier: (1, 2), ouverture: ND} for cle in cles}, LE)
    bilan = f.reprendre({cles[0]: {papier: (2, 2)}, cles[1]: {papier: (1, 2)}}, PLUS_TARD, motif="Recomptage")

    assert bilan == Bilan(soumissions=1, corrections=1, valeurs=1, inchangees=1)
    ancienne, nouvelle = Soumission.objects.filter(organisation=cles[0][0], trimestre=cles[0][1]).order_by("version")
    assert (nouvelle.version, nouvelle.motif_de_correction) == (2, "Recomptage")
    assert ancienne.remplace_le == nouvelle.valide_le == PLUS_TARD
    assert {v.indicateur: v.saisie for v in nouvelle.valeurs.all()} == {papier: Saisie(2, 2), ouverture: ND}
    assert [(de, vers, le, motif) for de, vers, _, le, motif in f.journal(ancienne)] == [
        ("BROUILLON", "SOUMIS", LE, ""),
        ("SOUMIS", "VALIDE", LE, ""),
        ("VALIDE", "REMPLACE", PLUS_TARD, "Recomptage"),
    ]


def test_un_trimestre_ancien_peut_rester_incomplet(monde):
    cles, (papier, _) = monde
    f.reprendre({cles[0]: {papier: (1, 2)}}, LE)

    assert Valeur.objects.count() == 1


@pytest.mark.parametrize("statut", ["BROUILLON", "SOUMIS", "A_CORRIGER"])
def test_une_version_ouverte_n_est_jamais_ecrasee_et_rien_ne_s_ecrit(monde, statut):
    cles, (papier, ouverture) = monde
    ouverte = f.brouillon(*cles[1], {papier: (1, 2), ouverture: ND}, LE)
    if statut != "BROUILLON":
        ouverte.soumettre(par=ouverte.cree_par, le=LE)
    if statut == "A_CORRIGER":
        ouverte.renvoyer(par=f.relecteur(), le=LE, motif="Vérifiez.")
    avant = f.photo(*TABLES)

    with pytest.raises(TransitionInterdite, match="terminez-la d'abord"):
        f.reprendre({cle: {papier: (2, 2)} for cle in cles}, PLUS_TARD)
    assert f.photo(*TABLES) == avant


def test_une_correction_ouverte_ne_gene_pas_une_reprise_qui_ne_change_rien(monde):
    cles, (papier, ouverture) = monde
    validee = f.validee(*cles[0], {papier: (1, 2), ouverture: ND}, LE)
    validee.corriger(par=validee.cree_par, le=LE, motif="Erreur")

    assert f.reprendre({cles[0]: {papier: (1, 2)}}, PLUS_TARD).inchangees == 1
    with pytest.raises(TransitionInterdite):
        f.reprendre({cles[0]: {papier: (2, 2)}}, PLUS_TARD)


@pytest.mark.parametrize(
    "saisie",
    [
        Saisie(3, 2),
        Saisie(-1, 2),
        Saisie(1, None),
        Saisie(),
        Saisie(1, 2, "SANS_OBJET"),
        Saisie(absence="PERDU"),
        Saisie(absence="NON_DISPONIBLE"),
        Saisie(1, PLAFOND + 1),
        Saisie(1.5, 2),
        Saisie(True, 2),
        Saisie("1", 2),
    ],
    ids=str,
)
def test_une_reponse_qui_ne_tient_pas_fait_tout_refuser(monde, saisie):
    cles, (papier, _) = monde
    f.reprendre({cles[0]: {papier: (1, 2)}}, LE)
    avant = f.photo(*TABLES)

    with pytest.raises((DatabaseError, ValidationError)):
        f.reprendre({cles[0]: {papier: (2, 2)}, cles[1]: {papier: (1, 2)}, cles[2]: {papier: saisie}}, PLUS_TARD)
    assert f.photo(*TABLES) == avant


def test_une_correction_sans_motif_est_refusee_par_la_base(monde):
    cles, (papier, _) = monde
    f.reprendre({cles[0]: {papier: (1, 2)}}, LE)
    avant = f.photo(*TABLES)

    with pytest.raises(DatabaseError):
        f.reprendre({cles[0]: {papier: (2, 2)}}, PLUS_TARD, motif="")
    assert f.photo(*TABLES) == avant


def test_une_reprise_datee_d_avant_la_derniere_edition_est_refusee(monde):
    cles, (papier, _) = monde
    f.reprendre({cles[0]: {papier: (1, 2)}}, LE)
    edition = f.edition(f.trimestre("2023-T2"), f.instant("2023-09-15"))
    avant = f.photo(*TABLES)

    for livraison in ({cles[0]: {papier: (2, 2)}}, {cles[1]: {papier: (2, 2)}}):
        with pytest.raises(DatabaseError):
            f.reprendre(livraison, edition.arretee_le)
    assert f.photo(*TABLES) == avant


def test_le_meme_compte_ne_declare_pas_et_ne_valide_pas(monde):
    cles, (papier, _) = monde
    qui = f.personne()
    with pytest.raises(DatabaseError):
        Soumission.objects.reprendre(
            {(cles[0][0].pk, cles[0][1].pk): {papier.pk: Saisie(1, 2)}}, declarant=qui, validateur=qui, le=LE, motif=""
        )

    assert f.photo(*TABLES) == {modele.__name__: [] for modele in TABLES}


@pytest.mark.parametrize(
    "texte", ["a\n\\.\nb", "\\.", "\\N", "NULL", 'a"b', "a,b;c\td", "l'été\r\nsuivant", "''", " a "]
)
def test_un_texte_repris_revient_tel_quel(monde, texte):
    cles, (papier, _) = monde
    saisie = Saisie(absence="NON_DISPONIBLE", motif=texte, note=texte, justification=texte)
    f.reprendre({cles[0]: {papier: saisie}}, LE)

    assert Valeur.objects.get().saisie == saisie


def test_une_reprise_suit_les_regles_des_verbes_sur_qui_declare_quoi_et_quand():
    indicateur, tardif = f.indicateur(), f.indicateur(du=f.trimestre("2023-T2").debut)
    finie = f.organisation(assujettie_au=f.trimestre("2022-T4").fin)
    organisation = f.organisation()
    refusees = [
        ((finie, f.trimestre("2023-T1")), indicateur, "n'a pas à déclarer"),
        ((organisation, f.trimestre("2023-T4")), indicateur, "ouvre le"),
        ((organisation, f.trimestre("2023-T1")), tardif, "en vigueur"),
    ]
    avant = f.photo(*TABLES)
    for cle, sur, phrase in refusees:
        with pytest.raises(TransitionInterdite, match=phrase):
            f.reprendre({cle: {sur: (1, 2)}}, LE)
    assert f.photo(*TABLES) == avant
