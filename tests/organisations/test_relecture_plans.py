"""La page où l'on relit un plan: ses initiatives à côté de celles d'avant, son document."""

import datetime

import pytest

from organisations.models import ContenuDInitiative, ContenuDuPlan, Initiative
from organisations.pages.plan import apparier
from tests import fabrique as f
from tests.dossiers import transmettre, un_plan
from tests.indicateurs.espace import entree
from tests.plans import PDF, pdf
from tests.relire import JOUR, LE, a_relire, adresse, ouvrir

DEBUT, FIN = datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def moi(db):
    return entree(f.relecteur())


def initiatives(*titres: str, **champs) -> list[Initiative]:
    faits = {"debut": DEBUT, "fin": FIN, "progres": 0, "etat": "PREVUE", "changement": ""} | champs
    return [Initiative(titre=titre, rang=rang, **faits) for rang, titre in enumerate(titres, start=1)]


def mots(avant, ici) -> list[tuple[str, str, list[str]]]:
    return [((p.ici or p.avant).titre, p.mot, list(p.change)) for p in apparier(avant, ici)]


def test_une_initiative_est_ajoutee_retiree_changee_ou_inchangee():
    avant, ici = initiatives("Un", "Deux", "Trois"), initiatives("Un", "Trois", "Quatre")
    ici[1].progres, ici[1].fin = 50, datetime.date(2022, 1, 1)
    assert mots(avant, ici) == [
        ("Un", "inchangée", []),
        ("Trois", "changée", ["fin", "progrès"]),
        ("Quatre", "ajoutée", []),
        ("Deux", "retirée", []),
    ]


def test_une_initiative_renommee_a_sa_place_est_la_meme():
    assert mots(initiatives("Un", "Deux"), initiatives("Un", "Deux bis")) == [
        ("Un", "inchangée", []),
        ("Deux bis", "changée", ["titre"]),
    ]


def test_une_initiative_retiree_ne_fait_pas_passer_la_suivante_pour_une_autre():
    avant = initiatives("A", "B", "C")
    avant[0].fin = datetime.date(2023, 1, 1)
    assert mots(avant, initiatives("B bis", "C")) == [
        ("B bis", "ajoutée", []),
        ("C", "inchangée", []),
        ("A", "retirée", []),
        ("B", "retirée", []),
    ]
    avant[0].changement = "Moins de papier."
    assert mots(avant[:1], initiatives("A bis", changement="Moins de papier.")) == [
        ("A bis", "changée", ["titre", "fin"])
    ]


def test_deux_initiatives_de_meme_titre_se_suivent():
    assert mots(initiatives("Un", "Un"), initiatives("Un", "Un", "Un")) == [
        ("Un", "inchangée", []),
        ("Un", "inchangée", []),
        ("Un", "ajoutée", []),
    ]


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("debut", datetime.date(2019, 1, 1), "début"),
        ("fin", datetime.date(2025, 1, 1), "fin"),
        ("etat", "TERMINEE", "état"),
        ("progres", 1, "progrès"),
        ("changement", "Moins de papier.", "ce qui change pour la population"),
    ],
)
def test_chaque_fait_qui_change_se_nomme(champ, valeur, dit):
    assert mots(initiatives("Un"), initiatives("Un", **{champ: valeur})) == [("Un", "changée", [dit])]


def corriger(plan, *initiatives: ContenuDInitiative, resume: str = "Ce qui est promis."):
    """La version suivante, transmise."""
    plan.valider(par=f.relecteur(), le=LE)
    nouvelle = plan.corriger(par=plan.cree_par, le=LE, motif="Le calendrier glisse.")
    nouvelle.rediger(ContenuDuPlan(plan.debut, plan.fin, resume, initiatives), par=plan.cree_par, le=LE)
    return transmettre(nouvelle, LE)


def test_une_correction_montre_les_deux_versions_cote_a_cote(moi):
    plan = a_relire("plan")
    nouvelle = corriger(
        plan,
        ContenuDInitiative("Des formulaires en ligne", f.DEBUT, f.FIN, progres=40),
        ContenuDInitiative("Un guichet", DEBUT, FIN),
        resume="Promis autrement.",
    )
    page = ouvrir(moi, nouvelle).texte

    for dit in (
        "Corrige la version 1\xa0: «\xa0Le calendrier glisse.\xa0»",
        "Résumé changé Promis autrement. Ce qui est promis.",
        "Des formulaires en ligne changée Ce qui change\xa0: progrès.",
        "Un guichet ajoutée",
    ):
        assert dit in page
    assert "progrès de 40\xa0%" in page
    assert "Début changé" not in page


def test_une_premiere_version_ne_compare_rien(moi):
    page = ouvrir(moi, a_relire("plan")).texte
    assert "Des formulaires en ligne" in page
    assert not {"ajoutée", "changé", "inchangée"} & set(page.split())


def test_la_page_fait_autant_de_requetes_pour_une_initiative_que_pour_dix(moi, django_assert_max_num_queries):
    un = corriger(a_relire("plan"), ContenuDInitiative("Un", DEBUT, FIN))
    dix = corriger(a_relire("plan"), *(ContenuDInitiative(str(n), DEBUT, FIN) for n in range(10)))
    with django_assert_max_num_queries(20) as peu:
        ouvrir(moi, un)
    with django_assert_max_num_queries(20) as beaucoup:
        ouvrir(moi, dix)
    assert len(peu) == len(beaucoup)


def test_le_document_se_lit_sous_un_nom_que_nous_choisissons(moi):
    sans, plan = a_relire("plan"), un_plan()
    contenu = ContenuDuPlan(plan.debut, plan.fin, plan.resume, [ContenuDInitiative("Un", DEBUT, FIN)])
    plan.rediger(contenu, par=plan.cree_par, le=LE, document=pdf("../../secret.pdf"))
    transmettre(plan)
    ici = adresse(plan, "document", plan.pk)
    reponse = moi.get(ici)

    assert b"".join(reponse.streaming_content) == PDF
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="plan-{plan.organisation.slug}-v1.pdf"'
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert ici in ouvrir(moi, plan).ancres
    assert moi.get(adresse(sans, "document", sans.pk)).status_code == 404
    assert moi.post(ici).status_code == 405
    assert entree(f.personne("organisations.view_plantransformation", is_staff=True)).get(ici).status_code == 403
