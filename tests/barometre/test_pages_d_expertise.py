"""Le partage d'expertise: les fiches acceptées, cherchées et lues; ce qu'un indicateur en nomme."""

import html
import re
from urllib.parse import urlencode

import pytest

from barometre.pages import expertise
from indicateurs.models import Indicateur
from organisations.models import Organisation
from tests import fabrique as f
from tests.barometre.public import accepter, corriger, fiche, paraitre, publier, texte, vider_le_cache

pytestmark = pytest.mark.django_db

UNE = "/expertise/o0/guichet/"


@pytest.fixture(autouse=True)
def edition():
    return publier()


def proposee(sigle: str = "O0", code: str = "sans-papier", reference: str = "guichet", **champs):
    """Une fiche complète, en brouillon."""
    organisation = Organisation.objects.get(sigle=sigle)
    return fiche(organisation, Indicateur.objects.get(code=code), reference, **champs)


def acceptee(*cle: str, jour: str = "2023-06-01", **champs):
    """Une fiche acceptée, après l'édition si l'on ne dit rien."""
    nouvelle = proposee(*cle, **champs)
    accepter(nouvelle, f.relecteur(), jour)
    return nouvelle


def titres(client, **champs) -> list[str]:
    reponse = client.get(f"/expertise/?{urlencode(champs)}")
    assert reponse.status_code == 200
    return [html.unescape(t) for t in re.findall(r'<h2 lang="fr"><a href="[^"]+">(.*?)</a>', reponse.content.decode())]


# --- ce qui est public -----------------------------------------------------------------------------------------------
def test_une_fiche_acceptee_se_lit_sans_attendre_l_edition_suivante(client):
    assert "Aucune fiche n'est encore acceptée." in texte(client.get("/expertise/"))
    acceptee()
    reponse = client.get(UNE)
    page = texte(reponse)
    for attendu in (
        "Un guichet en ligne",
        "Par Régie numéro 0 (O0)",
        "Indicateur\xa0: Processus sans papier",
        "Acceptée par le CQEN (Centre québécois d'excellence numérique) le 1er juin 2023.",
        "Ce qui a été fait Tout a été revu. Puis refait.",
        "Ce que cela a donné Deux jours.",
        "Écrivez à savoir@exemple.test",
    ):
        assert attendu in page
    liens = re.findall(r"<main.*?</main>", reponse.content.decode(), flags=re.DOTALL)[0]
    for lien in (
        "/organisations/o0/",
        "/indicateurs/sans-papier/",
        "mailto:savoir@exemple.test",
        "/expertise/?indicateur=sans-papier",
    ):
        assert f'href="{lien}"' in liens
    assert titres(client) == ["Un guichet en ligne"]


@pytest.mark.parametrize("etat", ["brouillon", "transmise", "renvoyee"])
def test_ce_qui_n_est_pas_accepte_n_existe_pas(client, etat):
    avant = texte(client.get("/expertise/")), texte(client.get("/indicateurs/sans-papier/"))
    cachee = proposee()
    if etat != "brouillon":
        cachee.soumettre(par=cachee.cree_par, le=f.instant("2023-05-01"))
    if etat == "renvoyee":
        cachee.renvoyer(par=f.relecteur(), le=f.instant("2023-05-02"), motif="Précisez.")
    vider_le_cache()
    assert client.get(UNE).status_code == 404
    assert (texte(client.get("/expertise/")), texte(client.get("/indicateurs/sans-papier/"))) == avant


def test_une_correction_ouverte_ne_se_lit_pas_et_acceptee_dit_sa_raison(client):
    lue = acceptee()
    avant = texte(client.get(UNE))
    suivante = lue.corriger(par=lue.cree_par, le=f.instant("2023-06-05"), motif="Un chiffre était faux.")
    assert texte(client.get(UNE)) == avant
    accepter(suivante, f.relecteur(), "2023-06-06")
    assert "C'est la version 2. Raison de la correction\xa0: Un chiffre était faux." in texte(client.get(UNE))
    assert titres(client) == ["Un guichet en ligne"]


def test_aucun_nom_de_personne_ne_parait(client):
    lue = acceptee()
    for personne in (lue.cree_par, lue.valide_par):
        personne.nom = f"Nom{personne.pk}"
        personne.save(update_fields=["nom"])
    for adresse in ("/expertise/", UNE):
        page = client.get(adresse).content.decode()
        assert not re.search(r"personne\d+@|Nom\d", page)


def test_un_texte_hostile_ne_devient_jamais_du_html_ni_une_adresse_piegee(client):
    mal = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    piege = "a?bcc=tous&body=x@exemple.test"
    lue = acceptee(titre=mal, realisation=mal, resultat=mal, contact=piege, jour="2023-05-03")
    corriger(lue, f.relecteur(), "2023-06-01", motif=mal)
    paraitre("2023-06-18", note="Un ajout")
    for adresse in (
        "/expertise/",
        UNE,
        "/indicateurs/sans-papier/",
        f"/expertise/?{urlencode({'q': mal, 'page': mal})}",
    ):
        page = client.get(adresse).content.decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page
    assert 'href="mailto:a%3Fbcc%3Dtous%26body%3Dx@exemple.test"' in client.get(UNE).content.decode()


@pytest.mark.parametrize(
    "adresse", ["/expertise/o0/autre/", "/expertise/o1/guichet/", "/expertise/o0/", "/expertise/x/y/"]
)
def test_une_adresse_inconnue_n_existe_pas(client, adresse):
    acceptee()
    assert client.get(adresse).status_code == 404


# --- chercher --------------------------------------------------------------------------------------------------------
@pytest.fixture
def plusieurs():
    f.organisation("HQ", nom="Hydro-Québec", categorie="ENTREPRISE")
    acceptee("O0", "sans-papier", titre="La signature", jour="2023-06-01")
    acceptee("O1", "donnees-ouvertes", titre="Des jeux diffusés", resultat="Un délai réduit.", jour="2023-06-02")
    acceptee("HQ", "sans-papier", titre="Un dossier unique", jour="2023-06-03")


def test_on_cherche_par_indicateur_par_portefeuille_et_par_mot(client, plusieurs):
    assert titres(client) == ["Un dossier unique", "Des jeux diffusés", "La signature"]
    assert titres(client, indicateur="sans-papier") == ["Un dossier unique", "La signature"]
    assert titres(client, portefeuille="MCN") == ["Des jeux diffusés", "La signature"]
    assert titres(client, q="DELAI reduit") == ["Des jeux diffusés"]
    assert titres(client, q="hydro quebec") == titres(client, q="hq") == ["Un dossier unique"]
    assert titres(client, q="refait") == titres(client)
    assert titres(client, indicateur="sans-papier", portefeuille="MCN", q="sign") == ["La signature"]
    assert titres(client, q="zzz") == []


def test_les_filtres_restent_dans_le_formulaire_et_dans_l_adresse(client, plusieurs):
    reponse = client.get("/expertise/?q=sign&indicateur=sans-papier&portefeuille=MCN")
    page = reponse.content.decode()
    assert 'name="q" value="sign"' in page
    assert '<option value="sans-papier" selected>' in page
    assert '<option value="MCN" selected>' in page
    assert "1 fiche sur 3. Voir toutes les fiches" in texte(reponse)


def test_un_choix_inconnu_est_ignore_et_dit(client, plusieurs):
    page = texte(client.get("/expertise/?indicateur=zz&portefeuille=zz"))
    assert "L'indicateur «\xa0zz\xa0» n'existe pas ici, et n'est pas appliqué." in page
    assert "Le portefeuille «\xa0zz\xa0» n'existe pas ici, et n'est pas appliqué." in page
    assert "3 fiches." in page


@pytest.mark.parametrize("numero", ["0", "-1", "99", "deux", "\0", "9" * 5000])
@pytest.mark.parametrize("q", ["", "\0", "%", "(", "\ud7ff", "a" * 10_000])
def test_aucune_recherche_ne_fait_echouer_la_page(client, plusieurs, q, numero):
    assert client.get("/expertise/", {"q": q, "page": numero}).status_code == 200


def test_une_longue_liste_se_feuillette_sans_perdre_les_filtres(client, plusieurs, monkeypatch):
    monkeypatch.setattr(expertise, "PAR_PAGE", 1)
    premiere = client.get("/expertise/?indicateur=sans-papier").content.decode()
    suite = html.unescape(re.search(r'href="([^"]*)" rel="next"', premiere)[1])
    assert suite == "?indicateur=sans-papier&page=2"
    assert 'rel="prev"' not in premiere
    seconde = client.get(f"/expertise/{suite}").content.decode()
    assert "La signature" in seconde
    assert "Page 2 sur 2" in seconde
    assert html.unescape(re.search(r'href="([^"]*)" rel="prev"', seconde)[1]) == "?indicateur=sans-papier&page=1"
    assert 'rel="next"' not in seconde


# --- la page d'un indicateur -----------------------------------------------------------------------------------------
def test_un_indicateur_nomme_les_fiches_acceptees_a_l_instant_de_l_edition(client):
    assert "Ce que des organisations ont fait" not in texte(client.get("/indicateurs/sans-papier/"))
    acceptee(jour="2023-05-25")
    acceptee("O1", "donnees-ouvertes", jour="2023-05-25")
    vider_le_cache()
    assert "Ce que des organisations ont fait" not in texte(client.get("/indicateurs/sans-papier/"))
    paraitre("2023-06-18", note="Un ajout")
    reponse = client.get("/indicateurs/sans-papier/")
    assert "Ce que des organisations ont fait Un guichet en ligne , Régie numéro 0" in texte(reponse)
    assert f'href="{UNE}"' in reponse.content.decode()
    assert 'href="/expertise/?indicateur=sans-papier"' in reponse.content.decode()
    assert reponse.content.decode().count(">Un guichet en ligne<") == 1


def test_une_edition_garde_les_fiches_et_les_noms_de_son_instant(client):
    lue = acceptee(jour="2023-05-10")
    vider_le_cache()
    avant = client.get("/indicateurs/sans-papier/").content
    assert b"Un guichet en ligne" in avant
    corriger(lue, f.relecteur(), "2023-06-01")
    lue.organisation.nom = "Un autre nom"
    lue.organisation.save(update_fields=["nom"])
    vider_le_cache()
    assert client.get("/indicateurs/sans-papier/").content == avant


def test_au_dela_de_dix_fiches_un_indicateur_dit_combien_il_en_reste(client, monkeypatch):
    monkeypatch.setattr(expertise, "NOMMEES", 1)
    for sigle in ("O0", "O1", "MCN"):
        acceptee(sigle, jour="2023-05-10")
    assert "Voir toutes les fiches de cet indicateur (2 de plus)" in texte(client.get("/indicateurs/sans-papier/"))


# --- la fraîcheur ----------------------------------------------------------------------------------------------------
def test_accepter_corriger_et_renommer_changent_l_etag_et_la_page(client):
    lue = acceptee()
    etags, pages = [], []

    def regarder() -> None:
        reponse = client.get(UNE)
        etags.append(reponse["ETag"])
        pages.append(texte(reponse))
        if len(etags) > 1:
            assert client.get(UNE, headers={"if-none-match": etags[-2]}).status_code == 200
        assert client.get(UNE, headers={"if-none-match": etags[-1]}).status_code == 304

    regarder()
    corriger(lue, f.relecteur(), "2023-07-01")
    regarder()
    for objet, champ in ((lue.organisation, "nom"), (lue.indicateur, "intitule")):
        setattr(objet, champ, "Autrement nommé")
        objet.save(update_fields=[champ])
        regarder()
    assert len(set(etags)) == len(set(pages)) == 4


def test_un_plan_accepte_ne_change_pas_les_fiches(client):
    acceptee()
    etag = client.get(UNE)["ETag"]
    accepter(f.plan(Organisation.objects.get(sigle="O1")), f.relecteur(), "2023-07-01")
    assert client.get(UNE)["ETag"] == etag


def test_le_pied_de_page_mene_au_partage_d_expertise(client):
    assert b'href="/expertise/"' in client.get("/").content
