"""Les pages publiques: ce qu'elles disent, ce qu'elles coûtent, ce qu'elles promettent à un cache."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from barometre import pages
from barometre.views import erreurs
from tests import fabrique as f
from tests.barometre.public import paraitre, partager, publier, texte

pytestmark = pytest.mark.django_db

ADRESSES = (
    "/",
    "/indicateurs/sans-papier/",
    "/indicateurs/donnees-ouvertes/",
    "/indicateurs/formation/",
    "/organisations/",
    "/organisations/?q=regie&tri=-sans-papier",
    "/organisations/?q=rejie",
    "/comparer/",
    "/comparer/?o=o0&o=mcn&indicateur=donnees-ouvertes",
    "/organisations/o0/",
    "/organisations/mcn/",
    "/portefeuilles/mcn/",
    "/methodologie/",
    "/editions/",
    "/editions/2023-T1...2023-T1/",
    "/a-propos/",
    "/accessibilite/",
    "/confidentialite/",
    "/donnees/",
    "/donnees/2023-T1/",
    "/plans/",
    "/plans/?q=guichet&portefeuille=MCN",
    "/plans/mcn/",
    "/expertise/",
    "/expertise/?q=guichet&indicateur=sans-papier",
    "/expertise/mcn/guichet/",
)
REQUETES = {
    "/": 2,
    "/indicateurs/donnees-ouvertes/": 5,
    "/organisations/": 3,
    "/organisations/o0/": 5,
    "/organisations/export.csv": 3,
    "/organisations/export.xlsx": 3,
    "/comparer/": 3,
    "/comparer/?o=o0&o=mcn&indicateur=donnees-ouvertes": 5,
    "/portefeuilles/mcn/": 4,
    "/methodologie/": 4,
    "/editions/": 2,
    "/editions/2023-T1...2023-T1/": 3,
    "/a-propos/": 1,
    "/sitemap.xml": 2,
    "/donnees/": 2,
    "/donnees/2023-T1/": 2,
    "/plans/": 4,
    "/plans/mcn/": 4,
    "/expertise/": 3,
    "/expertise/mcn/guichet/": 3,
}


@pytest.fixture
def edition():
    parue = publier(fictive=True)
    partager()
    return parue


# --- ce qu'elles disent ----------------------------------------------------------------------------------------------
def test_sans_edition_les_pages_le_disent_calmement(client):
    for adresse in ("/", "/organisations/", "/donnees/"):
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        assert "Rien n'est encore publié" in texte(reponse)
    assert client.get("/indicateurs/sans-papier/").status_code == 404
    assert client.get("/organisations/mcn/").status_code == 404
    assert client.get("/donnees/2023-T1/").status_code == 404


def test_l_accueil_dit_les_deux_cibles_et_qui_a_repondu(client, edition):
    page = texte(client.get("/"))
    assert "Deux cibles pour la fin de 2023. En mars 2023, l'une est en retard, l'autre est atteinte." in page
    assert "Édition 2023-T1, publiée le 18 mai 2023. 2 organisations sur 3 ont répondu." in page
    assert "cible 75\xa0% fin 2023" in page
    assert "En retard de 8,0\xa0points sur le chemin" in page
    assert "À ce rythme" in page
    assert "Panel constant\xa0: les 2 organisations" in page
    assert "Personnes formées" in page
    assert "Données de démonstration\xa0: les chiffres sont fictifs." in page


def test_le_bandeau_ne_parle_que_d_un_monde_fictif(client):
    publier()
    assert "fictifs" not in texte(client.get("/"))


def test_un_indicateur_explique_ses_deux_parts_ses_reponses_et_ses_definitions(client, edition):
    page = texte(client.get("/indicateurs/donnees-ouvertes/"))
    for attendu in (
        "Part des organisations chiffre principal",
        "Part globale",
        "1 organisation sur 1 dépasse 50\xa0%.",
        "Attendues 3 Ont répondu 2 Avec un chiffre 1 Sans objet 0 Non disponible 1 Sans réponse 1",
        "Selon ce que dirait l'organisation silencieuse, la part irait de 50,0\xa0% à 100\xa0%.",
        "Ministère de la Cybersécurité",
        "Cette définition rompt la série. Le périmètre change.",
        "3e trimestre de 2021\xa0: nouvelle définition. Le périmètre change.",
        "4e trimestre de 2023\xa0: 60\xa0%",
    ):
        assert attendu in page
    assert page.index("Part des organisations chiffre principal") < page.index("Part globale 5")


def test_un_indicateur_sans_cible_le_dit(client, edition):
    page = texte(client.get("/indicateurs/formation/"))
    assert "Aucune cible nationale n'est fixée." in page
    assert "Non jugeable\xa0: aucune cible n'est fixée" in page


def test_une_organisation_dit_pourquoi_un_chiffre_manque(client, edition):
    page = client.get("/organisations/o0/")
    assert '<p class="part absente">en retard de 3 jours au 18 mai 2023</p>' in page.content.decode()
    silencieuse = texte(page)
    assert "1er trimestre de 2021 en retard de 2 ans 15 mai 2021 rien d'accepté pas encore aucune" in silencieuse
    assert "non disponible\xa0: systèmes en migration" in texte(client.get("/organisations/o1/"))
    ministere = texte(client.get("/organisations/mcn/"))
    assert "51,0\xa0%" in ministere
    assert "sans objet" in ministere


def test_une_edition_publiee_garde_les_noms_qu_elle_avait(client, edition):
    avant = client.get("/organisations/mcn/").content
    organisation = f.Organisation.objects.get(sigle="MCN")
    organisation.nom = "Autre nom"
    organisation.save(update_fields=["nom"])
    caches["default"].key_prefix = "vide"
    assert client.get("/organisations/mcn/").content == avant


def test_un_formulaire_sans_jeton_est_refuse_dans_l_allure_du_site(edition):
    reponse = Client(enforce_csrf_checks=True).post("/compte/mot-de-passe/oublie/", {"email": "x@exemple.test"})
    assert reponse.status_code == 403
    assert "Ce formulaire n'est plus valide" in texte(reponse)
    assert b"<style" not in reponse.content


@pytest.mark.parametrize(
    "adresse",
    ["/rien/", "/indicateurs/inconnu/", "/organisations/inconnue/", "/donnees/2020-T1/", "/donnees/2023-T1/secret.csv"],
)
def test_une_adresse_inconnue_donne_une_page_404_du_site(client, edition, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 404
    assert "Cette page n'existe pas" in texte(reponse)
    assert reponse.cookies == {}


def test_une_panne_donne_une_page_500_du_site_sans_detail(edition, monkeypatch):
    monkeypatch.setattr(pages.accueil, "contexte", lambda _: 1 / 0)
    reponse = Client(raise_request_exception=False).get("/")
    assert reponse.status_code == 500
    assert "Le site a une panne" in texte(reponse)
    assert "ZeroDivisionError" not in reponse.content.decode()


def test_une_demande_malformee_donne_une_page_400_du_site(rf):
    assert "mal formée" in texte(erreurs.demande_invalide(rf.get("/")))
    assert "fermée" in texte(erreurs.acces_refuse(rf.get("/")))


# --- leur structure --------------------------------------------------------------------------------------------------
def test_chaque_page_a_un_titre_unique_un_h1_et_des_niveaux_sans_saut(client, edition):
    titres = set()
    sans_recherche = [adresse for adresse in ADRESSES if "?" not in adresse]
    for adresse in sans_recherche:
        page = client.get(adresse).content.decode()
        titres.add(re.search(r"<title>(.*?)</title>", page)[1])
        niveaux = [int(n) for n in re.findall(r"<h([1-6])", page)]
        assert niveaux[0] == 1
        assert niveaux.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(niveaux)), adresse
        assert '<html lang="fr-CA">' in page
        assert 'href="#contenu"' in page
        assert '<main id="contenu"' in page
    assert len(titres) == len(sans_recherche)


def test_chaque_tableau_a_une_legende_et_des_en_tetes_de_ligne_et_de_colonne(client, edition):
    for adresse in ADRESSES:
        page = client.get(adresse).content.decode()
        for tableau in re.findall(r"<table>.*?</table>", page, flags=re.DOTALL):
            assert "<caption>" in tableau
            assert tableau.count('scope="col"') <= 7
            assert tableau.count('scope="row"') == tableau.count("<tr>") - 1
            assert "<td></td>" not in re.sub(r"<td[^>]*>", "<td>", tableau)


def test_la_typographie_est_celle_du_quebec(client, edition):
    for adresse in ADRESSES:
        page = re.sub(r"sed .*?--check", "", texte(client.get(adresse)))
        assert not re.search(r"[^\xa0] [:%$»](?!\S)|« |[ \xa0][!?;]", page), adresse


def test_les_dessins_ont_des_nombres_que_le_svg_sait_lire(client, edition):
    page = client.get("/").content.decode()
    dessins = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len([d for d in dessins if 'role="img"' in d]) == 4
    for valeur in re.findall(r' (?:x|y|d|dx|viewBox)="([^"]*)"', "".join(dessins)):
        assert re.fullmatch(r"[MLHVZhv0-9. -]+", valeur), valeur


# --- ce qu'elles coûtent ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("organisations", [3, 30])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_organisations(
    client, django_assert_num_queries, organisations
):
    publier(organisations)
    partager()
    for adresse, requetes in REQUETES.items():
        with django_assert_num_queries(requetes):
            assert client.get(adresse).status_code == 200


def test_une_page_gardee_ne_coute_plus_aucune_requete(client, edition, django_assert_num_queries):
    premiere = client.get("/")
    with django_assert_num_queries(0):
        seconde = client.get("/")
    assert seconde.content == premiere.content


def test_une_page_connue_du_lecteur_repond_304_sans_requete(client, edition, django_assert_num_queries):
    etag = client.get("/")["ETag"]
    caches["default"].key_prefix = "vide"
    with django_assert_num_queries(0):
        reponse = client.get("/", headers={"if-none-match": etag})
    assert (reponse.status_code, reponse.content) == (304, b"")


def test_une_nouvelle_edition_change_l_etag_et_la_page(client, edition):
    avant = client.get("/")
    paraitre("2023-06-18", note="Un ajout")
    apres = client.get("/")
    assert apres["ETag"] != avant["ETag"]
    assert "Édition 2023-T1-r1, publiée le 18 juin 2023." in texte(apres)


def test_la_premiere_visite_pese_moins_de_trente_kilooctets(client, edition):
    page = client.get("/", headers={"accept-encoding": "gzip"})
    fixes = sum(
        len(gzip.compress((Path(settings.RACINE) / "static" / n).read_bytes()))
        for n in ("barometre.css", "favicon.svg")
    )
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) + fixes < 15_000


# --- ce qu'elles promettent ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("adresse", ADRESSES)
def test_une_page_publique_ne_pose_ni_temoin_ni_variation_et_ferme_tout(client, edition, adresse):
    reponse = client.get(adresse)
    assert reponse.cookies == {}
    assert "Cookie" not in reponse["Vary"]
    assert reponse["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate=")
    assert "unsafe" not in reponse["Content-Security-Policy"]
    assert "default-src 'none'" in reponse["Content-Security-Policy"]
    assert reponse["X-Content-Type-Options"] == "nosniff"
    page = reponse.content.decode()
    assert not re.search(r"<script|\sstyle=|\son\w+=|data:", page)
    hotes = set(re.findall(r'(?:href|src|action)="(?:https?:)?//([^/"]+)', page))
    assert hotes <= {"creativecommons.org", "127.0.0.1:8000"}


def test_ce_qu_une_organisation_ecrit_ne_devient_jamais_du_html(client):
    f.organisation("X", nom="<script>alert(1)</script>")
    publier()
    for adresse in ("/organisations/", "/organisations/x/", "/organisations/?q=<script>"):
        assert "<script" not in client.get(adresse).content.decode()


def test_un_redis_en_panne_ne_prive_personne_de_la_page(client, edition, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert client.get("/").status_code == 200
