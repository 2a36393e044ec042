"""`valeurs.csv` a une ligne par réponse attendue: un nombre, une absence qui dit son nom, ou un silence."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from barometre import depot, formats
from barometre.models import Edition
from indicateurs.models import Prolongation, Saisie, Valeur
from tests import fabrique as f
from tests import mondes

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde():
    return mondes.petit_monde()


@pytest.fixture
def publiee(monde) -> Edition:
    return f.edition(f.trimestre("2023-T1"), mondes.ARRET)


def lignes(edition: Edition) -> dict[tuple[str, str, str], dict[str, str]]:
    """Les lignes de `valeurs.csv`, par case; chacune n'y est qu'une fois."""
    toutes = formats.lire_csv(depot.lire(edition.code, "valeurs.csv"))
    rangees = {(ligne["sigle"], ligne["trimestre"], ligne["indicateur"]): ligne for ligne in toutes}
    assert len(rangees) == len(toutes)
    return rangees


def test_zero_absent_sans_objet_et_silence_sont_quatre_lignes_differentes(publiee):
    cases = lignes(publiee)
    colonnes = ("etat", "numerateur", "denominateur", "motif", "version")

    assert {
        cle: tuple(cases[*cle, "papier"][c] for c in colonnes)
        for cle in [("MCN", "2023-T1"), ("HQ", "2022-T2"), ("MSSS", "2022-T3"), ("HQ", "2022-T4"), ("HQ", "2023-T1")]
    } == {
        ("MCN", "2023-T1"): ("VALEUR", "0", "9", "", "1"),
        ("HQ", "2022-T2"): ("NON_DISPONIBLE", "", "", mondes.ND.motif, "1"),
        ("MSSS", "2022-T3"): ("SANS_OBJET", "", "", "", "1"),
        ("HQ", "2022-T4"): ("VALEUR", "0", "0", "", "1"),
        ("HQ", "2023-T1"): ("PAS_ENCORE_DUE", "", "", "", ""),
    }
    assert cases["CISSS-1", "2022-T3", "papier"]["etat"] == "EN_RETARD"


def test_il_y_a_une_ligne_par_organisation_attendue_trimestre_et_indicateur(publiee):
    presentes = set(lignes(publiee))
    attendues = {
        (sigle, code, indicateur)
        for sigle in ("MCN", "MSSS", "RAMQ", "CISSS-1", "HQ", "FINIE", "NEUVE")
        for code in mondes.CODES
        for indicateur in ("papier", "ouverture", "ancien", "tardif")
        if not (sigle == "FINIE" and code == "2023-T1")
        if not (sigle == "NEUVE" and code < "2023-T1")
        if not (indicateur == "ancien" and code >= "2022-T3")
        if not (indicateur == "tardif" and code < "2023-T1")
    }

    assert presentes == attendues


def test_une_version_qui_n_est_pas_validee_est_un_silence(monde):
    papier, trimestre = f.Indicateur.objects.get(code="papier"), f.trimestre("2023-T1")
    f.brouillon(monde["HQ"], trimestre, {papier: (1, 2)}, f.instant("2023-05-03"))
    f.brouillon(monde["NEUVE"], trimestre, {papier: (1, 2)}, f.instant("2023-05-03"))

    cases = lignes(f.edition(trimestre, mondes.ARRET))
    assert cases["HQ", "2023-T1", "papier"]["etat"] == "PAS_ENCORE_DUE"
    assert cases["NEUVE", "2023-T1", "papier"]["etat"] == "EN_RETARD"


def test_une_correction_ne_parait_qu_a_l_edition_suivante(publiee, monde):
    cle = ("RAMQ", "2022-T2", "papier")
    avant = lignes(publiee)[cle]
    papier = f.Indicateur.objects.get(code="papier")
    f.reprendre({(monde["RAMQ"], f.trimestre("2022-T2")): {papier: (1, 99)}}, f.instant("2023-06-02"), motif="Recompté")
    corrective = f.edition(publiee.trimestre, mondes.SUITE, note="Recomptage")

    assert lignes(publiee)[cle] == avant
    apres = lignes(corrective)[cle]
    assert (apres["numerateur"], apres["denominateur"], apres["version"]) == ("1", "99", "2")
    assert apres["valide_le"] == "2023-06-02T12:00:00+00:00"
    assert {
        c
        for c in lignes(publiee)
        if c[2] == "papier" and lignes(publiee)[c]["numerateur"] != lignes(corrective)[c]["numerateur"]
    } == {cle}


def test_une_version_en_vigueur_a_l_instant_de_l_arret_est_celle_qui_parait(monde):
    """À l'instant exact: la nouvelle version est déjà là, l'ancienne n'est plus."""
    papier, cle = f.Indicateur.objects.get(code="papier"), (monde["RAMQ"], f.trimestre("2022-T2"))
    f.reprendre({cle: {papier: (1, 99)}}, mondes.ARRET)

    assert lignes(f.edition(f.trimestre("2023-T1"), mondes.ARRET))["RAMQ", "2022-T2", "papier"]["denominateur"] == "99"


def test_la_porte_ne_laisse_jamais_passer_deux_versions_d_une_reponse(monde):
    papier, cle = f.Indicateur.objects.get(code="papier"), (monde["RAMQ"], f.trimestre("2022-T2"))
    f.reprendre({cle: {papier: (1, 99)}}, mondes.ARRET)
    microseconde = datetime.timedelta(microseconds=1)

    def versions(instant: datetime.datetime) -> list[int]:
        coupe = Edition(arretee_le=instant, trimestre=f.trimestre("2023-T1"))
        valeurs = Valeur.objects.publiques(coupe).filter(indicateur=papier, soumission__trimestre=cle[1]).de(cle[0])
        return list(valeurs.values_list("soumission__version", flat=True))

    assert versions(f.instant("2023-05-02") - microseconde) == []
    assert versions(f.instant("2023-05-02")) == [1]
    assert versions(mondes.ARRET - microseconde) == [1]
    assert versions(mondes.ARRET) == [2]
    assert versions(mondes.SUITE) == [2]


def prolonger(organisation, jusqu_au: datetime.date, le: datetime.datetime) -> Prolongation:
    return Prolongation.objects.create(
        organisation=organisation,
        trimestre=f.trimestre("2023-T1"),
        echeance_le=jusqu_au,
        motif="Grève",
        accordee_par=f.personne(),
        accordee_le=le,
    )


def test_une_prolongation_accordee_apres_l_arret_ne_change_que_l_edition_suivante(publiee, monde):
    cle = ("NEUVE", "2023-T1", "papier")
    prolonger(monde["NEUVE"], datetime.date(2023, 12, 31), f.instant("2023-06-02"))
    corrective = f.edition(publiee.trimestre, mondes.SUITE, note="Prolongation")

    assert [(lignes(e)[cle]["etat"], lignes(e)[cle]["echeance"]) for e in (publiee, corrective)] == [
        ("EN_RETARD", "2023-05-15"),
        ("PAS_ENCORE_DUE", "2023-12-31"),
    ]
    assert not any(f.problemes().values())


def test_de_plusieurs_prolongations_la_derniere_accordee_vaut(monde):
    prolonger(monde["HQ"], datetime.date(2023, 5, 20), f.instant("2023-05-18"))

    case = lignes(f.edition(f.trimestre("2023-T1"), mondes.ARRET))["HQ", "2023-T1", "papier"]
    assert (case["etat"], case["echeance"]) == ("EN_RETARD", "2023-05-20")


@pytest.mark.parametrize("le", [mondes.ARRET, f.instant("2023-05-31")])
def test_une_prolongation_ne_s_antidate_pas_avant_une_edition(publiee, monde, le):
    with pytest.raises(IntegrityError), transaction.atomic():
        prolonger(monde["NEUVE"], datetime.date(2023, 12, 31), le)


@pytest.mark.parametrize(
    "texte", ["a\rb", "a\r\nb", "a\nb", 'a"b', "a,b", "=1+1", "@x", "-1", "'=x", "''-x", "＝x", "é « ok »", "\ta"]
)
def test_un_texte_du_fichier_reste_dans_sa_cellule_et_ne_devient_pas_une_formule(texte):
    organisation, papier, trimestre = f.organisation("RAMQ"), f.indicateur("papier"), f.trimestre("2023-T1")
    f.validee(organisation, trimestre, {papier: Saisie(absence="NON_DISPONIBLE", motif=texte, note=texte)})
    f.validee(f.organisation("SAAQ"), trimestre, {papier: (1, 2)})
    edition = f.edition(trimestre, mondes.ARRET)

    assert {case[0] for case in lignes(edition)} == {"RAMQ", "SAAQ"}
    ligne = lignes(edition)["RAMQ", "2023-T1", "papier"]
    assert not ligne["note"].startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert formats.case_lue(ligne).note == texte.replace("\r\n", "\n").replace("\r", "\n")
    assert f.problemes() == {"2023-T1": []}
