"""Un fichier d'organisations: ce qui changerait d'abord, puis tout, ou rien."""

import re

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry

from organisations.models import Organisation
from tests import fabrique as f
from tests.organisations.catalogue import ENTETE, ORGANISATIONS, PERMISSIONS, classeur, confirmer, deposer, erreurs
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
TABLES = (Organisation, Organisation.history.model, LogEntry)


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    membre = f.personne(*PERMISSIONS, is_staff=True, nom="Pilote")
    client.force_login(membre)
    return membre


@pytest.fixture
def ramq():
    return f.organisation("RAMQ", nom="Régie de l'assurance maladie", ministere=f.ministere("MSSS"))


# --- rien avant de confirmer -----------------------------------------------------------------------------------------


def test_deposer_montre_la_difference_et_n_ecrit_rien(client, ramq):
    avant = f.photo(*TABLES)
    page = deposer(client, f"{ENTETE}RAMQ,Régie,AUTRE,,2019-01-01,,,\nSAAQ,Société,AUTRE,MSSS,2020-01-01,,,\n")
    texte = lire(page)

    assert page.status_code == 200
    assert "Lignes nouvelles : 1. Changées : 1." in texte.replace("&nbsp;", " ").replace("\xa0", " ")
    assert "<del>Régie de l'assurance maladie</del>" in texte
    assert "<ins>Régie</ins>" in texte
    assert "<del>MSSS</del>" in texte
    assert f.photo(*TABLES) == avant


def test_confirmer_ecrit_exactement_cela_et_l_histoire_dit_qui(client, pilote, ramq):
    page = deposer(client, f"{ENTETE}RAMQ,Régie,AUTRE,MSSS,2019-01-01,,,\nSAAQ,Société,AUTRE,MSSS,2020-01-01,,,\n")
    reponse = confirmer(client, page)
    saaq = Organisation.objects.get(sigle="SAAQ")
    ramq.refresh_from_db()

    assert reponse.headers["Location"] == ORGANISATIONS
    assert (ramq.nom, ramq.slug, saaq.nom, saaq.slug) == ("Régie", "ramq", "Société", "saaq")
    assert [(h.history_type, h.history_user) for h in saaq.history.all()] == [("+", pilote)]
    assert [(h.history_type, h.history_user) for h in ramq.history.all()][:1] == [("~", pilote)]
    notes = LogEntry.objects.order_by("action_flag").values_list("user", "object_id", "action_flag")
    assert list(notes) == [(pilote.pk, str(saaq.pk), ADDITION), (pilote.pk, str(ramq.pk), CHANGE)]


def test_deposer_le_fichier_exporte_ne_change_rien(client, ramq):
    f.organisation("VIEUX", assujettie_au="2022-12-31", remplacee_par=ramq, site_web="https://vieux.test/")
    for forme in ("csv", "xlsx"):
        fichier = client.post(f"{ORGANISATIONS}export/", {"format": forme})
        page = deposer(client, fichier.content)
        assert "Le fichier ne change rien" in lire(page), forme
        assert 'name="jeton"' not in lire(page)


def test_l_ordre_des_lignes_ne_compte_pas_un_ministere_peut_suivre_les_siens(client):
    page = deposer(
        client,
        f"{ENTETE}A,A,AUTRE,MIN,2019-01-01,2020-01-01,B,\nB,B,AUTRE,MIN,2020-01-02,,,\nMIN,M,MINISTERE,,2019-01-01,,,\n",
    )
    confirmer(client, page)
    liens = Organisation.objects.order_by("sigle").values_list("sigle", "ministere__sigle", "remplacee_par__sigle")

    assert list(liens) == [("A", "MIN", "B"), ("B", "MIN", None), ("MIN", None, None)]


def test_une_colonne_absente_ne_change_rien(client, ramq):
    confirmer(client, deposer(client, "sigle;nom\nRAMQ;Régie\n"))
    ramq.refresh_from_db()
    assert (ramq.nom, ramq.ministere.sigle, ramq.assujettie_du) == ("Régie", "MSSS", f.DEBUT)


def test_un_classeur_et_ses_dates_de_tableur_se_lisent(client):
    rangee = ("SAAQ", "Société", "Tribunal administratif", f.DEBUT)
    page = deposer(client, classeur(("Sigle", "Nom", "Catégorie", "assujettie_du"), rangee), nom="x.xlsx")
    confirmer(client, page)
    saaq = Organisation.objects.get()
    assert (saaq.sigle, saaq.categorie, saaq.assujettie_du) == ("SAAQ", "TRIBUNAL", f.DEBUT)


# --- toutes les erreurs d'un coup ------------------------------------------------------------------------------------


def test_une_seule_mauvaise_ligne_n_ecrit_rien_et_chaque_erreur_est_dite(client, ramq):
    avant = f.photo(*TABLES)
    page = deposer(
        client,
        f"{ENTETE}BONNE,Bonne,AUTRE,MSSS,2019-01-01,,,\nMAL,,BIDON,INCONNU,hier,2018-01-01,,pas une adresse\n"
        "ramq,Redite,AUTRE,,2019-01-01,,,\nFIN,Fin,AUTRE,,2020-01-01,2019-01-01,,\n,Vide,AUTRE,,2019-01-01,,,\n"
        "BONNE,Encore,AUTRE,,2019-01-01,,,\n",
    )
    dites = erreurs(page)

    assert page.status_code == 400
    assert {(ligne, colonne) for ligne, colonne, *_ in dites} >= {
        ("3", "nom"),
        ("3", "categorie"),
        ("3", "ministere"),
        ("3", "assujettie_du"),
        ("3", "site_web"),
        ("4", "sigle"),
        ("5", "toute la ligne"),
        ("6", "sigle"),
        ("7", "sigle"),
    }
    assert ("3", "assujettie_du", "hier", "Une date est attendue, comme 2023-04-01.") in dites
    assert "La fin de l'assujettissement précède son début." in lire(page)
    assert "Ce sigle donne une adresse vide ou déjà prise" in lire(page)
    assert "Cette clé est déjà à la ligne 2." in lire(page)
    assert 'name="jeton"' not in lire(page)
    assert not re.search(r"\b(This|Value|field|matching|Enter)\b", str(dites))
    assert f.photo(*TABLES) == avant


@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        ("", "vide"),
        ("nom\nX\n", "Colonnes manquantes"),
        ("sigle,nom,bidon\nX,Y,Z\n", "Colonnes inconnues"),
        ("sigle,nom,nom\nX,Y,Z\n", "Colonnes en double"),
        ("sigle,nom\nX,Y,Z\n", "2 cases sont attendues"),
        ("sigle,nom\nX,Y\0\n", "n'est pas du texte"),
        ("sigle,nom\nX,Y\x07\n", None),
        ("sigle,nom\n日,Y\n", "adresse vide ou déjà prise"),
        ('sigle,nom\nX,"Y\n', "guillemet"),
        ("x" * (2 * 1024**2 + 1), "2 Mio"),
        ("sigle,nom\n" + "".join(f"S{n},N\n" for n in range(1001)), "000 lignes"),
    ],
)
def test_un_fichier_mal_fait_se_refuse_d_une_phrase(client, fichier, phrase):
    page = deposer(client, fichier)
    assert page.status_code == 400
    assert phrase is None or phrase.replace(" ", "\xa0") in lire(page).replace(" ", "\xa0")
    assert not Organisation.objects.exists()


def test_deux_sigles_qui_donnent_la_meme_adresse_sont_refuses(client):
    page = deposer(client, f"{ENTETE}A B,Un,AUTRE,,2019-01-01,,,\nA-B,Deux,AUTRE,,2019-01-01,,,\n")
    assert ("3", "sigle") in {dite[:2] for dite in erreurs(page)}


def test_deposer_sans_fichier_le_dit(client):
    page = client.post(f"{ORGANISATIONS}import/")
    assert page.status_code == 400
    assert "Choisissez le fichier à comparer." in lire(page)


# --- confirmer ce qu'on a vu -----------------------------------------------------------------------------------------


def test_confirmer_deux_fois_n_ecrit_qu_une_fois(client):
    page = deposer(client, f"{ENTETE}SAAQ,Société,AUTRE,,2020-01-01,,,\n")
    confirmer(client, page)
    avant = f.photo(*TABLES)
    reponse = confirmer(client, page)

    assert reponse.headers["Location"] == f"{ORGANISATIONS}import/"
    assert "Cet aperçu est déjà appliqué." in lire(client.get(f"{ORGANISATIONS}import/"))
    assert f.photo(*TABLES) == avant


def test_si_le_catalogue_change_entre_temps_rien_ne_s_ecrit_et_la_difference_revient(client, ramq):
    page = deposer(client, f"{ENTETE}RAMQ,Régie,AUTRE,MSSS,2019-01-01,,,\n")
    ramq.nom = "Autre nom"
    ramq.save()
    avant = f.photo(*TABLES)
    revenue = confirmer(client, page)

    assert revenue.status_code == 409
    assert "<del>Autre nom</del>" in lire(revenue)
    assert f.photo(*TABLES) == avant
    assert confirmer(client, revenue).headers["Location"] == ORGANISATIONS
    ramq.refresh_from_db()
    assert ramq.nom == "Régie"


def test_si_le_fichier_ne_vaut_plus_a_la_confirmation_rien_ne_s_ecrit(client):
    page = deposer(client, f"{ENTETE}SAAQ,Société,AUTRE,,2020-01-01,,,\nX Y,X,AUTRE,,2020-01-01,,,\n")
    f.organisation("x-y")
    avant = f.photo(*TABLES)
    revenue = confirmer(client, page)

    assert revenue.status_code == 409
    assert erreurs(revenue)
    assert f.photo(*TABLES) == avant


@pytest.mark.parametrize("jeton", ["", "x", "0" * 32, "../../" + "0" * 26, "0" * 31 + "\0"])
def test_un_jeton_invente_ne_mene_a_rien(client, jeton):
    page = deposer(client, f"{ENTETE}SAAQ,Société,AUTRE,,2020-01-01,,,\n")
    assert confirmer(client, page, jeton=jeton).status_code == 302
    assert not Organisation.objects.exists()


def test_le_fichier_d_une_autre_personne_ne_se_confirme_pas(client):
    page = deposer(client, f"{ENTETE}SAAQ,Société,AUTRE,,2020-01-01,,,\n")
    client.force_login(f.personne(*PERMISSIONS, is_staff=True))
    confirmer(client, page)
    assert not Organisation.objects.exists()


# --- les permissions -------------------------------------------------------------------------------------------------


def test_importer_demande_d_ajouter_et_de_changer_exporter_de_voir(client):
    droits = {geste: f"organisations.{geste}_organisation" for geste in ("view", "add", "change")}
    for tenus, importer, exporter in (
        (("view",), 403, 200),
        (("add", "view"), 403, 200),
        (("change",), 403, 200),
        (("add", "change"), 200, 200),
        ((), 403, 403),
    ):
        client.force_login(f.personne(*(droits[nom] for nom in tenus), is_staff=True))
        assert client.get(f"{ORGANISATIONS}import/").status_code == importer, tenus
        assert client.post(f"{ORGANISATIONS}process_import/").status_code == (302 if importer == 200 else 403)
        assert client.get(f"{ORGANISATIONS}export/").status_code == exporter, tenus
        assert client.post(f"{ORGANISATIONS}export/", {"format": "csv"}).status_code == exporter
    assert client.get(f"{ORGANISATIONS}process_import/").status_code == 405


# --- exporter --------------------------------------------------------------------------------------------------------


def test_l_export_suit_les_filtres_et_n_a_aucune_formule(client):
    f.organisation("MAL", nom='=HYPERLINK("http://x.test")', site_web="https://x.test/")
    f.organisation("BIEN", categorie="TRIBUNAL")
    reponse = client.post(f"{ORGANISATIONS}export/", {"format": "csv"})
    texte = reponse.content.decode("utf-8-sig")

    assert """'=HYPERLINK""" in texte
    assert ",=" not in texte
    assert re.fullmatch(
        r'attachment; filename="organisations-\d{4}-\d\d-\d\d.csv"', reponse.headers["Content-Disposition"]
    )
    filtre = client.post(f"{ORGANISATIONS}export/?categorie__exact=TRIBUNAL", {"format": "csv"})
    assert [ligne.split(",")[0] for ligne in filtre.content.decode("utf-8-sig").splitlines()] == ["sigle", "BIEN"]
    assert client.post(f"{ORGANISATIONS}export/", {"format": "bidon"}).status_code == 200
