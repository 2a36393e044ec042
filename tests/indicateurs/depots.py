"""De quoi remplir un classeur, déposer un fichier, et lire ce que la page en dit."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from indicateurs.gabarit import LARGEURS
from tests.indicateurs.espace import Page, adresse, etat

ENTETE = "organisation,sigle,trimestre,indicateur,numerateur,denominateur,absence,motif,note"
NOTE = "À l'été, «\xa0peut-être\xa0»\nici"


def telecharger(moi, ici) -> Workbook:
    reponse = moi.get(adresse("classeur", ici))
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="barometre-ramq-2023-T2.xlsx"'
    return load_workbook(BytesIO(reponse.content))


def remplir(document: Workbook, *rangees: dict[str, object]) -> bytes:
    """Le classeur, ses rangées remplies par titre de colonne."""
    for ligne, rangee in enumerate(rangees, 2):
        for titre, valeur in rangee.items():
            document["Valeurs"].cell(ligne, list(LARGEURS).index(titre) + 1).value = valeur
    octets = BytesIO()
    document.save(octets)
    return octets.getvalue()


REMPLI = (
    {"Numérateur": 1234, "Dénominateur": 2000, "Note": NOTE},
    {"Absence": "Non disponible", "Motif": "panne"},
)


def deposer(moi, ici, contenu: bytes | str, nom: str = "valeurs.xlsx"):
    octets = contenu if isinstance(contenu, bytes) else contenu.encode()
    return moi.post(adresse("tableur", ici), {"fichier": SimpleUploadedFile(nom, octets)})


def accepter(moi, ici, reponse) -> None:
    """Envoie le formulaire de l'aperçu."""
    page = Page(reponse)
    assert page.statut == 200
    assert "Le fichier est bon. Voici ce qui changerait." in page.texte
    retour = moi.post(adresse("saisie", ici), page.saisie | {"geste": "enregistrer"})
    assert (retour.status_code, retour.headers["Location"]) == (303, adresse("saisie", ici))


def refuse(moi, ici, contenu: bytes | str, *phrases: str, nom: str = "valeurs.csv", statut: int = 400) -> Page:
    """Le fichier est refusé, avec ces phrases, et rien n'est écrit."""
    avant = etat()
    page = Page(deposer(moi, ici, contenu, nom))
    assert (page.statut, etat()) == (statut, avant)
    assert "Rien n'est enregistré" in page.texte
    for phrase in phrases:
        assert phrase in page.texte
    return page


def csv(*lignes: str, entete: str = ENTETE) -> str:
    return "\n".join([entete, *lignes])
