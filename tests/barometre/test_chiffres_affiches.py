"""Chaque nombre de chaque page du monde d'exemple se retrouve dans les fichiers de son édition, et eux seuls."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.test import Client

from barometre.models import Edition
from tests.barometre.nombres import Fichiers, Texte, etrangers

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exemple")]

# Ce qui ne lit pas les chiffres d'une édition: des textes, des plans et des fiches, des fichiers, des dates.
SANS_CHIFFRE = ("/plans/", "/expertise/", "/donnees/", "/calendrier/", "/a-propos/", "/accessibilite/")
SANS_CHIFFRE += ("/confidentialite/", "/editions/", "/comparer/", "/en/")
ANCIENNES = ("/", "/indicateurs/sans-papier/", "/organisations/", "/organisations/ramq/", "/portefeuilles/msss/")


class Etendue(NamedTuple):
    """Ce dont une page parle; `None`: de tout."""

    indicateurs: set[str] | None = None
    sigles: set[str] | None = None
    perimetres: set[tuple[str, str]] | None = None
    depuis: str = ""  # des valeurs d'organisations, le premier trimestre

    def chiffres(self, fichiers: Fichiers) -> Iterator[dict]:
        for ligne in fichiers.chiffres:
            perimetre = ligne["portefeuille"], ligne["categorie"]
            if dans(ligne["indicateur"], self.indicateurs) and dans(perimetre, self.perimetres):
                yield ligne

    def valeurs(self, fichiers: Fichiers) -> Iterator[dict]:
        for ligne in fichiers.valeurs:
            retenue = dans(ligne["indicateur"], self.indicateurs) and dans(ligne["sigle"], self.sigles)
            if retenue and ligne["trimestre"] >= self.depuis:
                yield ligne


def dans(valeur, permises) -> bool:
    return permises is None or valeur in permises


# --- les pages -------------------------------------------------------------------------------------------------------
def etendue(adresse: str, f: Fichiers) -> Etendue:
    """Ce dont parle la page de cette adresse, dans cette édition."""
    _, *morceaux, _ = adresse.partition("?")[0].split("/")
    match morceaux:
        case []:
            return Etendue(perimetres={("", "")}, sigles=set())
        case ["indicateurs", code, *_] | ["integrer", code]:
            return Etendue({code}, depuis=f.trimestres[-2])
        case ["organisations", slug]:
            fiche = next(o for o in f.organisations.values() if o["slug"] == slug)
            siennes = {fiche["sigle"], *(s for s, o in f.organisations.items() if o["remplacee_par"] == fiche["sigle"])}
            return Etendue(sigles=siennes, perimetres={(fiche["portefeuille"], ""), ("", fiche["categorie"])})
        case ["portefeuilles", slug]:
            (tete,) = (o["sigle"] for o in f.organisations.values() if o["slug"] == slug)
            membres = {s for s, o in f.organisations.items() if o["portefeuille"] == tete}
            return Etendue(perimetres={(tete, "")}, sigles=membres, depuis=f.dernier)
        case ["organisations"]:
            return Etendue(perimetres=set(), depuis=f.dernier)
        case ["comparer"]:
            choisies = set(re.findall("o=([a-z]+)", adresse))
            return Etendue({"sans-papier"}, {s for s, o in f.organisations.items() if o["slug"] in choisies}, set())
        case _:
            return Etendue(depuis=f.dernier)


def pages(client: Client) -> list[str]:
    """Celles que nomme le plan du site et qui lisent une édition, et une comparaison."""
    plan = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    lues = [adresse for adresse in plan if not adresse.startswith(SANS_CHIFFRE)]
    return [*lues, "/comparer/?o=saaq&o=ramq&o=cnesst&indicateur=sans-papier"]


class TestLesPages:
    @pytest.fixture(autouse=True)
    def _edition(self, exemple, lieu_propre, settings, db):
        settings.MEDIA_ROOT = exemple
        self.edition = Edition.objects.derniere()

    def etrangers(self, client: Client, adresse: str, prefixe: str, fichiers: Fichiers) -> list[list]:
        """Ce que cette page écrit et que son édition ne dit pas; `self.vus` compte ce qui fut lu."""
        reponse = client.get(f"{prefixe}{adresse}")
        assert reponse.status_code == 200, f"{prefixe}{adresse}"
        texte, lue = Texte.de(reponse.content.decode()), etendue(adresse, fichiers)
        permis = fichiers.permis(lue.chiffres(fichiers), lue.valeurs(fichiers))
        self.vus.update({forme: len(nombres) for forme, nombres in texte._asdict().items()})
        return [
            etrangers(texte.parts, permis.parts),
            etrangers(texte.ecarts, permis.ecarts),
            [compte for compte in texte.comptes if compte not in permis.comptes],
            [nombre for nombre in texte.entiers if nombre not in permis.entiers],
        ]

    def test_chaque_nombre_de_chaque_page_est_dans_les_fichiers_de_l_edition(self, client):
        self.vus, fichiers = Counter(), Fichiers(self.edition.code)
        trouves = {adresse: self.etrangers(client, adresse, "", fichiers) for adresse in pages(client)}
        assert {adresse: faux for adresse, faux in trouves.items() if any(faux)} == {}
        assert min(self.vus.values()) > 100
        assert sum(self.vus.values()) > 10_000

    def test_et_de_meme_dans_une_ancienne_edition(self, client):
        self.vus, fichiers = Counter(), Fichiers("2022-T4")
        trouves = {a: self.etrangers(client, a, "/editions/2022-T4", fichiers) for a in ANCIENNES}
        assert {adresse: faux for adresse, faux in trouves.items() if any(faux)} == {}
        assert sum(self.vus.values()) > 500
