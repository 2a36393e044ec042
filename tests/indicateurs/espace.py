"""De quoi agir dans l'espace comme une personne: lire une page, y remplir ses champs, les envoyer."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from indicateurs.models import EvenementSoumission, Soumission, Valeur
from tests import fabrique as f

CODE = "2023-T2"
JOUR = f.instant("2023-07-20")
Champs = Mapping[str, str]
TABLES = (Soumission, Valeur, EvenementSoumission)


class Page(HTMLParser):
    """Une page lue: ses textes, ses identifiants, ses ancres, et ses formulaires tels qu'un navigateur les envoie."""

    def __init__(self, reponse: HttpResponse) -> None:
        super().__init__()
        self.statut = reponse.status_code
        self.textes: list[str] = []
        self.ids: list[str] = []
        self.ancres: list[str] = []
        self.attributs: dict[str, dict[str, str]] = {}  # par nom de champ
        self.formulaires: dict[str, dict[str, str]] = {}  # par adresse
        self._zone = self._ici = ""
        self.feed(reponse.content.decode())

    @property
    def texte(self) -> str:
        """Tout ce qui se lit, sur une ligne, espaces insécables gardées."""
        return " ".join(" ".join(self.textes).replace("\xa0", "\x00").split()).replace("\x00", "\xa0")

    @property
    def saisie(self) -> dict[str, str]:
        """Les champs du formulaire d'un trimestre."""
        return next(champs for adresse, champs in self.formulaires.items() if adresse.endswith(f"/{CODE}/"))

    def handle_starttag(self, nom: str, attributs: list[tuple[str, str | None]]) -> None:
        """Retient ce qui compte d'une balise."""
        a = {cle: valeur or "" for cle, valeur in attributs}
        self.ids += [a["id"]] if "id" in a else []
        self.ancres += [a["href"]] if nom == "a" else []
        if nom == "form":
            self._ici = a.get("action", "")
            self.formulaires[self._ici] = {}
        if nom in ("input", "textarea") and "name" in a:
            self.attributs.setdefault(a["name"], a)
            if nom == "textarea":
                self._zone = a["name"]
                self.formulaires[self._ici][self._zone] = ""
            elif a.get("type") != "radio" or "checked" in a:
                self.formulaires[self._ici][a["name"]] = a.get("value", "")

    def handle_endtag(self, nom: str) -> None:
        """Ferme une zone de texte."""
        if nom == "textarea":
            champs = self.formulaires[self._ici]
            champs[self._zone] = champs[self._zone].removeprefix("\n")
            self._zone = ""

    def handle_data(self, texte: str) -> None:
        """Un texte de la page, ou de la zone ouverte."""
        if self._zone:
            self.formulaires[self._ici][self._zone] += texte
        else:
            self.textes.append(texte)


def entree(personne) -> Client:
    """Le navigateur d'une personne connectée."""
    navigateur = Client()
    navigateur.force_login(personne)
    return navigateur


def adresse(nom: str, organisation, *cle, code: str = CODE) -> str:
    """L'adresse d'une page du trimestre."""
    return reverse(nom, args=[organisation.slug, code, *cle])


def ouvrir(navigateur: Client, organisation, suite: str = "") -> Page:
    """Le formulaire du trimestre."""
    return Page(navigateur.get(adresse("saisie", organisation) + suite))


def envoyer(navigateur: Client, organisation, champs: Champs, geste: str = "enregistrer") -> HttpResponse:
    """Le formulaire du trimestre, envoyé."""
    return navigateur.post(adresse("saisie", organisation), {**champs, "geste": geste})


def ecrire(navigateur: Client, organisation, geste: str = "enregistrer", **reponses: Champs) -> HttpResponse:
    """Ouvre la page, y change ces réponses (par code d'indicateur), et l'envoie."""
    return envoyer(navigateur, organisation, ouvrir(navigateur, organisation).saisie | a_plat(reponses), geste)


def a_plat(reponses: Mapping[str, Champs]) -> dict[str, str]:
    """Les réponses par code d'indicateur, sous le nom de leurs champs."""
    return {f"{code}-{nom}": texte for code, champs in reponses.items() for nom, texte in champs.items()}


def deux(numerateur: object, denominateur: object, **autres: str) -> dict[str, str]:
    """Deux nombres tapés."""
    return {"numerateur": str(numerateur), "denominateur": str(denominateur), **autres}


def etat() -> dict:
    """Tout ce que l'espace écrit, et les courriels partis: pour prouver que rien n'a changé."""
    return f.photo(*TABLES) | {"courriels": len(mail.outbox)}


def soumission(organisation) -> Soumission:
    """La dernière version du trimestre."""
    return Soumission.objects.derniere_version(organisation=organisation, trimestre__code=CODE)
