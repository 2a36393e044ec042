"""Le catalogue des indicateurs, des cibles et des trimestres: changer, importer, et ce qu'une édition fige."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicateurs.models import Cible, Definition, Indicateur, Trimestre
from tests import fabrique as f
from tests.organisations.catalogue import PERMISSIONS, confirmer, deposer, erreurs
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
INDICATEURS, CIBLES, TRIMESTRES = (f"/admin/indicateurs/{nom}/" for nom in ("indicateur", "cible", "trimestre"))
FICHE = {
    "code": "papier",
    "intitule": "Sans papier",
    "libelle_numerateur": "Sans papier",
    "libelle_denominateur": "Tous",
    "agregation": "PART_GLOBALE",
    "seuil": "50",
    "denominateur_minimal": "0",
    "ordre": "0",
    "definitions-TOTAL_FORMS": "0",
    "definitions-INITIAL_FORMS": "0",
    "cibles-TOTAL_FORMS": "0",
    "cibles-INITIAL_FORMS": "0",
}
DEFINITION = {
    "definitions-TOTAL_FORMS": "1",
    "definitions-0-applicable_du": "2019-01-01",
    "definitions-0-texte": "Ce qui est compté.",
}


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    membre = f.personne(*PERMISSIONS, is_staff=True, nom="Pilote")
    client.force_login(membre)
    return membre


@pytest.fixture
def publie():
    """Un indicateur et un trimestre dont une édition a publié le chiffre."""
    papier, trimestre = f.indicateur("papier"), f.trimestre()
    f.validee(f.organisation(), trimestre, {papier: (6, 10)})
    f.edition(trimestre)
    return papier


def page_de(objet, geste: str = "change") -> str:
    return f"/admin/indicateurs/{objet._meta.model_name}/{objet.pk}/{geste}/"


# --- l'indicateur ----------------------------------------------------------------------------------------------------


def test_un_indicateur_s_ajoute_avec_sa_definition_et_son_chemin(client, pilote):
    f.trimestre("2023-T4")
    chemin = {"cibles-TOTAL_FORMS": "1", "cibles-0-trimestre": Trimestre.objects.get().pk, "cibles-0-pourcentage": "75"}
    client.post(f"{INDICATEURS}add/", FICHE | DEFINITION | chemin)
    papier = Indicateur.objects.get()

    assert papier.est_attendu(datetime.date(2019, 1, 1))
    assert [(c.trimestre.code, c.organisation, c.pourcentage) for c in papier.cibles.all()] == [("2023-T4", None, 75)]
    assert {h.history_user for m in (Indicateur, Definition, Cible) for h in m.history.all()} == {pilote}


def test_une_rupture_sans_explication_est_refusee_d_une_phrase(client):
    page = client.post(f"{INDICATEURS}add/", FICHE | DEFINITION | {"definitions-0-rupture": "on"})
    assert page.status_code == 200
    assert "une rupture s'explique" in lire(page)
    assert not Indicateur.objects.exists()


def test_deux_points_du_chemin_au_meme_trimestre_se_refusent_d_une_phrase(client):
    papier, t4 = f.indicateur("papier"), f.trimestre("2023-T4")
    chemin = {"cibles-TOTAL_FORMS": "2"}
    for rang in range(2):
        chemin |= {f"cibles-{rang}-trimestre": t4.pk, f"cibles-{rang}-pourcentage": "75"}
    page = client.post(page_de(papier), FICHE | chemin)
    assert "Ce trimestre a déjà un point" in lire(page)
    assert not Cible.objects.exists()


def test_la_page_ne_montre_que_le_chemin_national(client):
    papier = f.indicateur("papier")
    f.cible(papier, "2023-T4", "75")
    f.cible(papier, "2023-T4", "33.33", organisation=f.organisation())
    assert "33.33" not in lire(client.get(page_de(papier))).replace(",", ".")
    assert client.get(CIBLES).content.count(b'name="_selected_action"') in (0, 2)


def test_l_histoire_d_un_indicateur_dit_ses_definitions_et_ses_cibles(client):
    papier = f.indicateur("papier")
    cible = f.cible(papier, "2023-T4", "75")
    cible.pourcentage = Decimal(80)
    cible.save()
    papier.agregation = "PART_ORGANISATIONS"
    papier.save()
    page = lire(client.get(page_de(papier, "history")))

    for dit in ("<del>Part globale</del>", "<ins>Part des organisations</ins>", "<ins>80</ins>", "dès le 2019-01-01"):
        assert dit in page, dit
    assert "Ajout, définition" in page


def test_l_histoire_d_un_indicateur_demande_peu_de_requetes(client):
    papier = f.indicateur("papier")
    comptes = []
    for annee in (2020, 2021, 2022):
        with CaptureQueriesContext(connection) as requetes:
            client.get(page_de(papier, "history"))
        comptes.append(len(requetes))
        for numero in range(1, 5):
            f.cible(papier, f"{annee}-T{numero}", "50")
            f.cible(papier, f"{annee}-T{numero}", "50", organisation=f.organisation())
    assert comptes[1] == comptes[2] <= 20


def test_le_code_l_agregation_et_le_seuil_publies_se_lisent_et_la_page_dit_pourquoi(client, publie):
    page = lire(client.get(page_de(publie)))
    for fige in ("code", "agregation", "seuil"):
        assert f'name="{fige}"' not in page
    assert "Une édition publiée en dépend" in page

    client.post(page_de(publie), FICHE | {"code": "autre", "agregation": "PART_ORGANISATIONS", "seuil": "10"})
    publie.refresh_from_db()
    assert (publie.code, publie.agregation, publie.seuil, publie.intitule) == (
        "papier",
        "PART_GLOBALE",
        50,
        "Sans papier",
    )


def test_un_indicateur_neuf_change_de_code(client):
    papier = f.indicateur("brouillon")
    client.post(page_de(papier), FICHE)
    papier.refresh_from_db()
    assert papier.code == "papier"


def test_l_importation_ne_change_pas_non_plus_ce_qui_est_fige(client, publie):
    avant = f.photo(Indicateur)
    page = deposer(client, "code,intitule,agregation,seuil\npapier,X,PART_ORGANISATIONS,10\n", INDICATEURS)

    assert {dite[1] for dite in erreurs(page)} == {"agregation", "seuil"}
    assert "Une édition publiée en dépend" in lire(page)
    assert f.photo(Indicateur) == avant


def test_l_importation_d_indicateurs_ajoute_et_change(client):
    f.indicateur("papier", intitule="Avant")
    fichier = "code;intitule;seuil;agregation\npapier;Après;50,5;part globale\nneuf;Neuf;;PART_ORGANISATIONS\n"
    confirmer(client, deposer(client, fichier, INDICATEURS), INDICATEURS)
    lus = Indicateur.objects.order_by("code").values_list("code", "intitule", "seuil", "agregation")

    assert list(lus) == [
        ("neuf", "Neuf", Decimal(50), "PART_ORGANISATIONS"),
        ("papier", "Après", Decimal("50.50"), "PART_GLOBALE"),
    ]


# --- les cibles ------------------------------------------------------------------------------------------------------


def test_l_importation_de_cibles_distingue_la_nationale_de_celle_d_une_organisation(client):
    papier, ramq = f.indicateur("papier"), f.organisation("RAMQ")
    f.cible(papier, "2023-T4", "75")
    fichier = "indicateur,trimestre,sigle,pourcentage\npapier,2023-T4,,80\npapier,2023-T4,RAMQ,41.25\n"
    confirmer(client, deposer(client, fichier, CIBLES), CIBLES)
    lues = Cible.objects.order_by("pourcentage").values_list("organisation", "pourcentage")

    assert list(lues) == [(ramq.pk, Decimal("41.25")), (None, Decimal(80))]
    assert "Le fichier ne change rien" in lire(deposer(client, fichier, CIBLES))


def test_chaque_erreur_d_un_fichier_de_cibles_est_dite(client):
    f.indicateur("papier")
    f.trimestre("2023-T4")
    page = deposer(
        client,
        "indicateur,trimestre,sigle,pourcentage\nbidon,2023-T9,X,abc\npapier,2023-T4,,101\n,2023-T4,,\n"
        "papier,2023-T4,,-1\npapier,2023-T4,NUL,\n",
        CIBLES,
    )
    dites = {dite[:2] for dite in erreurs(page)}
    assert dites >= {("2", "indicateur"), ("2", "trimestre"), ("2", "sigle"), ("2", "pourcentage")}
    assert {ligne for ligne, _ in dites} == {"2", "3", "4", "5", "6"}
    assert not Cible.objects.exists()


@pytest.mark.parametrize("nombre", ["1e400", "NaN", "Infinity", "9" * 21, "1e-30", "٣", "--1", "0x10", "1_0"])
def test_un_nombre_etrange_est_une_erreur_de_la_ligne(client, nombre):
    f.indicateur("papier")
    f.trimestre("2023-T4")
    fichier = f"indicateur,trimestre,sigle,pourcentage\npapier,2023-T4,,{nombre}\n"
    assert erreurs(deposer(client, fichier, CIBLES)) == [
        ("2", "pourcentage", nombre, "Un nombre est attendu, comme 41,25.")
    ]


# --- les trimestres --------------------------------------------------------------------------------------------------


def test_un_trimestre_s_ajoute_avec_ses_dates_ordinaires(client):
    client.post(f"{TRIMESTRES}add/", {"annee": "2023", "numero": "2"})
    trimestre = Trimestre.objects.get()
    ordinaire = Trimestre.objects.du_code("2023-T2")
    assert (trimestre.code, trimestre.ouvre_le, trimestre.echeance_le) == (
        "2023-T2",
        ordinaire.ouvre_le,
        ordinaire.echeance_le,
    )


@pytest.mark.parametrize(
    "dits",
    [
        {"annee": "2023", "numero": "5"},
        {"annee": "99", "numero": "1"},
        {"annee": "2023", "numero": "1"},
        {"annee": "x"},
    ],
)
def test_un_trimestre_impossible_ou_deja_la_est_refuse_dans_le_formulaire(client, dits):
    f.trimestre("2023-T1")
    page = client.post(f"{TRIMESTRES}add/", dits)
    assert page.status_code == 200
    assert "errorlist" in lire(page)
    assert Trimestre.objects.count() == 1


def test_un_trimestre_publie_garde_son_annee_et_son_numero_mais_pas_son_echeance(client, publie):
    trimestre = Trimestre.objects.get()
    page = lire(client.get(page_de(trimestre)))
    assert 'name="annee"' not in page
    client.post(
        page_de(trimestre),
        {"annee": "2030", "numero": "4", "ouvre_le": trimestre.ouvre_le, "echeance_le": "2023-06-30"},
    )
    trimestre.refresh_from_db()
    assert (trimestre.code, trimestre.echeance_le) == ("2023-T1", datetime.date(2023, 6, 30))


def test_l_importation_de_trimestres(client):
    f.trimestre("2023-T1")
    fichier = "code,echeance_le\n2023-T1,2023-06-30\n2023-T2,\n"
    confirmer(client, deposer(client, fichier, TRIMESTRES), TRIMESTRES)
    assert list(Trimestre.objects.order_by("code").values_list("code", "echeance_le")) == [
        ("2023-T1", datetime.date(2023, 6, 30)),
        ("2023-T2", Trimestre.objects.du_code("2023-T2").echeance_le),
    ]
    assert erreurs(deposer(client, "code\n2023-T5\n", TRIMESTRES))[0][:2] == ("2", "code")


# --- ne pas supprimer, listes ----------------------------------------------------------------------------------------


def test_ni_indicateur_ni_trimestre_ne_se_suppriment(client, publie):
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    for objet, liste in ((publie, INDICATEURS), (Trimestre.objects.get(), TRIMESTRES)):
        assert client.post(page_de(objet, "delete"), {"post": "yes"}).status_code == 403
        client.post(liste, {"action": "delete_selected", "_selected_action": [objet.pk], "post": "yes"})
        objet.refresh_from_db()


@pytest.mark.parametrize("liste", [INDICATEURS, CIBLES, TRIMESTRES])
def test_chaque_liste_demande_autant_de_requetes_pour_quelques_lignes_et_pour_beaucoup(client, liste):
    comptes = []
    for annee in (2020, 2021, 2022):
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(liste).status_code == 200
        comptes.append(len(requetes))
        for numero in range(1, 5):
            f.cible(f.indicateur(), f"{annee}-T{numero}", "50", organisation=f.organisation())
    assert comptes[1] == comptes[2] <= 15
