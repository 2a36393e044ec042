"""Le tableau de bord dit où en est chaque trimestre, son échéance, ce qui manque et ce que le CQEN en a dit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicateurs import phrases
from indicateurs.models import Prolongation
from organisations.models import Habilitation, Statut
from tests import fabrique as f
from tests.indicateurs.espace import CODE, JOUR, Page, adresse, deux, ecrire, entree, soumission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def horloge(settings):
    settings.HORLOGE = JOUR


@pytest.fixture
def trimestre():
    return f.trimestre(CODE)


@pytest.fixture
def papier(trimestre):
    return f.indicateur("papier", ordre=1)


@pytest.fixture
def ici(papier):
    return f.organisation("RAMQ")


@pytest.fixture
def personne(ici):
    return f.declarant(ici)


@pytest.fixture
def moi(personne):
    return entree(personne)


def bord(moi, ici) -> str:
    """Tout ce que dit le tableau de bord."""
    return Page(moi.get(reverse("tableau", args=[ici.slug]))).texte


# --- l'état, en mots -------------------------------------------------------------------------------------------------


def test_chaque_etape_se_dit_en_mots(moi, ici, papier):
    cqen = f.relecteur()
    assert "Rien n'a été envoyé. Aucune réponse sur 1." in bord(moi, ici)

    ecrire(moi, ici, papier=deux("x", ""))
    assert "En brouillon. Aucune réponse sur 1." in bord(moi, ici)
    ecrire(moi, ici, papier=deux(1, 2))
    assert "En brouillon. 1 réponse sur 1." in bord(moi, ici)

    ecrire(moi, ici, "transmettre", papier=deux(1, 2))
    assert "Envoyé le 20 juillet 2023, en relecture au CQEN" in bord(moi, ici)
    assert "Rien d'urgent n'est attendu de vous." in bord(moi, ici)

    soumission(ici).renvoyer(par=cqen, le=f.instant("2023-07-21"), motif="Il manque\nune région.")
    assert "Renvoyé par le CQEN, à corriger" in bord(moi, ici)
    assert "Message du CQEN, le 21 juillet 2023\xa0: Il manque une région." in bord(moi, ici)
    assert "Corriger et renvoyer" in bord(moi, ici)

    ecrire(moi, ici, "transmettre", papier=deux(1, 3))
    assert "Il manque une région." not in bord(moi, ici)
    soumission(ici).valider(par=cqen, le=f.instant("2023-07-22"))
    assert "Accepté le 22 juillet 2023" in bord(moi, ici)

    moi.post(adresse("corriger", ici), {"motif": "Erreur"})
    assert "Accepté; une correction est en cours\xa0: en brouillon. 1 réponse sur 1." in bord(moi, ici)


@pytest.mark.parametrize("statut", Statut)
def test_chaque_statut_se_dit_autrement_a_qui_declare_et_a_qui_relit(statut):
    declarant, cqen = phrases.etat(statut), phrases.etat_pour_le_cqen(statut, 3)

    assert declarant[0].isupper()
    assert cqen[0].isupper()
    assert statut.name not in (declarant, cqen)
    assert (declarant != cqen) or statut == "VALIDE"


def test_le_cqen_sait_depuis_quand_un_dossier_attend():
    assert phrases.etat_pour_le_cqen("SOUMIS", 0) == "À relire depuis aujourd'hui"
    assert phrases.etat_pour_le_cqen("SOUMIS", 1) == "À relire depuis 1 jour"
    assert phrases.etat_pour_le_cqen("SOUMIS", 3) == "À relire depuis 3 jours"


# --- l'échéance ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jour", "dite"),
    [
        ("2023-07-20", "14 août 2023, dans 25 jours"),
        ("2023-08-12", "14 août 2023, dans 2 jours"),
        ("2023-08-13", "14 août 2023, c'est demain"),
        ("2023-08-14", "14 août 2023, c'est aujourd'hui"),
        ("2023-08-15", "14 août 2023, en retard d'un jour"),
        ("2023-08-20", "14 août 2023, en retard de 6 jours"),
    ],
)
def test_l_echeance_se_dit_en_date_et_en_jours(moi, ici, settings, jour, dite):
    settings.HORLOGE = f.instant(jour)

    assert f"Échéance\xa0: {dite}." in bord(moi, ici)
    assert f"Échéance\xa0: {dite}." in Page(moi.get(adresse("saisie", ici))).texte


def test_le_jour_de_l_echeance_est_celui_de_montreal(moi, ici, settings):
    settings.HORLOGE = f.instant("2023-08-15", 3)

    assert "c'est aujourd'hui" in bord(moi, ici)


def test_une_echeance_prolongee_est_celle_qui_se_dit(moi, ici, trimestre, personne, settings):
    settings.HORLOGE = f.instant("2023-08-20")
    commun = {"organisation": ici, "trimestre": trimestre, "motif": "Inondation", "accordee_par": personne}
    Prolongation.objects.create(**commun, echeance_le="2023-09-01", accordee_le=f.instant("2023-08-01"))

    assert "1er septembre 2023, dans 12 jours" in bord(moi, ici)
    autre = f.organisation("AUTRE")
    assert "en retard de 6 jours" in bord(entree(f.declarant(autre)), autre)


def test_une_fois_envoye_plus_rien_n_est_en_retard(moi, ici, papier, trimestre, settings):
    settings.HORLOGE = f.instant("2023-12-01")
    assert "en retard" in bord(moi, ici)

    f.transmise(ici, trimestre, {papier: (1, 2)})
    assert "en retard" not in bord(moi, ici)
    assert "14 août 2023" in bord(moi, ici)


# --- ce qui manque ---------------------------------------------------------------------------------------------------


def test_ce_qui_manque_est_nomme_dans_l_ordre_du_formulaire(moi, ici):
    f.indicateur("ouvert", ordre=2, intitule="Données ouvertes")
    f.indicateur("mesure", ordre=0, intitule="Mesures")
    ecrire(moi, ici, papier=deux(1, 2), ouvert=deux("x", 1))

    assert "1 réponse sur 3." in bord(moi, ici)
    assert "Il manque\xa0: Mesures; Données ouvertes." in bord(moi, ici)


def test_ni_un_indicateur_retire_ni_un_trimestre_a_venir_ne_manquent(moi, ici, trimestre):
    f.indicateur("retire", retire_le=trimestre.fin)
    f.indicateur("a-venir", du=trimestre.ouvre_le)
    f.trimestre("2023-T3")

    assert "Aucune réponse sur 1." in bord(moi, ici)
    assert "Le 3e trimestre de 2023 ouvre le 1er octobre 2023." in bord(moi, ici)
    assert "/2023-T3/" not in "".join(Page(moi.get(reverse("tableau", args=[ici.slug]))).ancres)


# --- l'historique ----------------------------------------------------------------------------------------------------


def test_l_historique_montre_chaque_trimestre_et_chaque_version(moi, ici, papier):
    f.corrigee(f.validee(ici, f.trimestre("2022-T4"), {papier: (1, 2)}), {papier: (1, 3)}, f.instant("2023-03-01"))
    page = Page(moi.get(reverse("tableau", args=[ici.slug])))
    rang = [page.ancres.index(adresse("saisie", ici, code=code)) for code in (CODE, "2022-T4")]

    assert rang == sorted(rang)
    for version in (1, 2):
        assert adresse("version", ici, version, code="2022-T4") in page.ancres
    assert "Accepté le 1er mars 2023" in page.texte
    assert "Remplacé le 1er mars 2023" in Page(moi.get(adresse("version", ici, 1, code="2022-T4"))).texte


def test_un_trimestre_d_avant_commence_ou_renvoye_attend_encore_un_geste(moi, ici, papier):
    f.brouillon(ici, f.trimestre("2022-T4"), {papier: (1, 2)})
    renvoyee = f.transmise(ici, f.trimestre("2022-T3"), {papier: (1, 2)})
    renvoyee.renvoyer(par=f.relecteur(), le=f.instant("2023-01-01"), motif="Vérifiez la région 3.")
    f.trimestre("2022-T2")
    f.trimestre("2022-T1")  # en retard de plus d'un an: l'historique le dit

    assert "Vérifiez la région 3." in bord(moi, ici)
    assert bord(moi, ici).count("Continuer") == 1
    assert bord(moi, ici).count("Commencer") == 2  # le trimestre courant, et le retard de moins d'un an


# --- plusieurs organisations -----------------------------------------------------------------------------------------


def aussi(personne, organisation) -> None:
    faits = {"organisation": organisation, "role": "REDACTION", "par": f.personne(), "le": JOUR}
    Habilitation.objects.accorder(personne=personne, **faits)


def test_une_seule_organisation_mene_droit_a_son_tableau_de_bord(moi, ici):
    reponse = moi.get(reverse("espace"))

    assert (reponse.status_code, reponse.headers["Location"]) == (302, reverse("tableau", args=[ici.slug]))


def test_plusieurs_organisations_se_choisissent_dans_une_liste(moi, ici, personne):
    autre, etrangere = f.organisation("SAAQ"), f.organisation("AUTRE")
    aussi(personne, autre)
    ecrire(moi, ici, "transmettre", papier=deux(1, 2))
    page = Page(moi.get(reverse("espace")))

    assert {reverse("tableau", args=[o.slug]) for o in (ici, autre)} <= set(page.ancres)
    assert etrangere.nom not in page.texte
    assert "2e trimestre de 2023\xa0: Envoyé le 20 juillet 2023, en relecture au CQEN." in page.texte
    assert "Échéance\xa0: 14 août 2023, dans 25 jours." in page.texte


def test_sans_organisation_la_page_dit_quoi_faire():
    assert "Aucune organisation ne vous a encore habilité." in Page(entree(f.personne()).get(reverse("espace"))).texte


def test_un_droit_revoque_ferme_la_porte_a_la_demande_suivante(moi, ici, personne):
    personne.habilitations.get().revoquer(par=personne, le=JOUR)

    assert moi.get(reverse("tableau", args=[ici.slug])).status_code == 404
    assert moi.get(adresse("saisie", ici)).status_code == 404
    assert "Aucune organisation" in Page(moi.get(reverse("espace"))).texte


# --- les requêtes ----------------------------------------------------------------------------------------------------


def requetes(moi, page: str) -> int:
    moi.get(page)
    with CaptureQueriesContext(connection) as faites:
        assert moi.get(page).status_code == 200
    return len(faites)


def test_la_liste_fait_autant_de_requetes_pour_deux_ou_dix_organisations(moi, ici, personne, papier, trimestre):
    def une_de_plus() -> None:
        organisation = f.organisation()
        aussi(personne, organisation)
        renvoyee = f.transmise(organisation, trimestre, {papier: (1, 2)}, JOUR)
        renvoyee.renvoyer(par=f.relecteur(), le=f.instant("2023-07-21"), motif="Vérifiez.")

    une_de_plus()
    avant = requetes(moi, reverse("espace"))
    for _ in range(8):
        une_de_plus()

    assert requetes(moi, reverse("espace")) == avant <= 12


def test_le_tableau_fait_autant_de_requetes_pour_un_ou_dix_trimestres(moi, ici, papier, trimestre):
    ecrire(moi, ici, papier=deux(1, 2))
    avant = requetes(moi, reverse("tableau", args=[ici.slug]))
    for rang in range(9):
        f.validee(ici, f.trimestre(f"{2020 + rang // 4}-T{rang % 4 + 1}"), {papier: (rang + 1, 20)})

    assert requetes(moi, reverse("tableau", args=[ici.slug])) == avant <= 15
