"""La structure des pages de l'espace et du compte: langue, titres, repères, et des renvois qui mènent quelque part."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests import autorisations as a

pytestmark = pytest.mark.django_db

ADRESSES = {nom: x for nom, x in a.toutes_les_adresses().items() if x.motif.startswith(("espace/", "compte/"))}
LECTEURS = ("anonyme", "redige", "transmet", "autre", "sans_facteur", "relecteur")
# La même page, par un autre moyen.
CONFIRMER = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
RENVOIS = {"for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form", "headers"}
SAISIES = {"input", "select", "textarea"}
MAUVAIS_ENVOI = {"geste": "transmettre", "initiatives-TOTAL_FORMS": "1", "initiatives-INITIAL_FORMS": "0"}


class Page(HTMLParser):
    """Ce qu'une page dit de sa structure."""

    def __init__(self, reponse) -> None:
        super().__init__()
        self.balises: list[tuple[str, dict[str, str]]] = []
        self.textes: dict[str, str] = {}
        self.ouverte = ""
        self.feed(reponse.content.decode())

    def handle_starttag(self, tag, attrs):
        self.balises.append((tag, {nom: valeur or "" for nom, valeur in attrs}))
        self.ouverte = tag

    def handle_data(self, data):
        self.textes[self.ouverte] = self.textes.get(self.ouverte, "") + data

    def toutes(self, *noms: str) -> list[dict[str, str]]:
        return [attributs for nom, attributs in self.balises if nom in noms]

    @property
    def ids(self) -> list[str]:
        return [attributs["id"] for _, attributs in self.balises if "id" in attributs]

    @property
    def renvois(self) -> set[str]:
        """Tous les `id` dont un attribut, ou un lien de la page, a besoin."""
        cites = [valeur for _, x in self.balises for nom, valeur in x.items() if nom in RENVOIS]
        ancres = [x["href"][1:] for x in self.toutes("a") if x.get("href", "").startswith("#")]
        return {mot for valeur in cites for mot in valeur.split()} | set(ancres)

    @property
    def sans_etiquette(self) -> list[dict[str, str]]:
        """Les champs visibles que rien ne nomme."""
        etiquettes = {x.get("for") for x in self.toutes("label")}
        champs = [x for x in self.toutes(*SAISIES) if x.get("type") not in ("hidden", "submit")]
        return [x for x in champs if x.get("id") not in etiquettes and not {"aria-label", "aria-labelledby"} & set(x)]


@pytest.fixture(scope="module")
def bati(django_db_setup, django_db_blocker, tmp_path_factory):
    with a.monde(django_db_blocker, tmp_path_factory) as bati:
        yield bati


@pytest.fixture
def monde(bati, settings):
    settings.MEDIA_ROOT = bati.media
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return bati


def pages(monde: a.Monde, nom: str):
    """Les pages d'une adresse: lue par chacun, puis refusée à un envoi vide ou incomplet."""
    for objet in ADRESSES[nom].objets:
        adresse = ADRESSES[nom].vers(objet, monde)
        for role in LECTEURS:
            for methode, contenu in (("GET", {}), ("POST", {}), ("POST", MAUVAIS_ENVOI)):
                reponse = monde.demander(role, methode, adresse, contenu)
                lisible = reponse.headers.get("Content-Type", "").startswith("text/html")
                if reponse.status_code not in (301, 302, 303, 405) and lisible:
                    yield f"{methode} {adresse} {role} {reponse.status_code}", Page(reponse)


@pytest.mark.parametrize("nom", ADRESSES)
def test_chaque_page_a_sa_langue_son_titre_ses_niveaux_et_des_renvois_qui_menent_quelque_part(monde, nom):
    for ou, page in pages(monde, nom):
        niveaux = [int(balise[1]) for balise, _ in page.balises if balise in {"h1", "h2", "h3", "h4", "h5", "h6"}]
        assert page.toutes("html") == [{"lang": "fr-CA"}], ou
        assert len(page.toutes("title")) == 1, ou
        assert page.textes["title"].strip(), ou
        assert niveaux.count(1) == 1, ou
        assert niveaux[0] == 1 or "resume" in {x.get("class") for x in page.toutes("div")}, ou  # les erreurs d'abord
        assert all(suite - avant <= 1 for avant, suite in pairwise(niveaux)), (ou, niveaux)
        assert page.toutes("a")[0] == {"class": "evitement", "href": "#contenu"}, ou
        assert [x["id"] for x in page.toutes("main")] == ["contenu"], ou
        assert len(page.ids) == len(set(page.ids)), (ou, sorted(x for x in page.ids if page.ids.count(x) > 1))
        assert page.renvois <= set(page.ids), (ou, page.renvois - set(page.ids))
        assert page.sans_etiquette == [], ou


def test_deux_adresses_n_ont_jamais_le_meme_titre(monde):
    titres: dict[str, set[str]] = {}
    for nom, adresse in ADRESSES.items():
        for role in ("anonyme", "transmet", "relecteur"):
            reponse = monde.demander(role, "GET", adresse.vers(adresse.objets[0], monde))
            if reponse.status_code == 200 and reponse.headers["Content-Type"].startswith("text/html"):
                titres.setdefault(Page(reponse).textes["title"], set()).add(nom)
    assert [
        noms for noms in titres.values() if len(noms - CONFIRMER) > 1 or (noms & CONFIRMER and noms - CONFIRMER)
    ] == []
    assert len(titres) > 20
