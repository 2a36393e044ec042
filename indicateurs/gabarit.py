"""Le classeur qu'une organisation télécharge, remplit et dépose: une ligne par indicateur, un mode d'emploi. Pur.

`lecture.lire` en redonne exactement les valeurs. Il n'a ni formule, ni case fusionnée, ni mot de passe.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from textwrap import shorten
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from indicateurs.affichage import nombre
from indicateurs.bornes import LONGUEURS
from indicateurs.classeur import adresse, nom_de_colonne
from indicateurs.nombres import PLAFOND
from indicateurs.texte import desarmer, lisible

LARGEURS = {
    "Organisation": 30,
    "Sigle": 10,
    "Trimestre": 11,
    "Indicateur": 16,
    "Intitulé": 36,
    "Précédent numérateur": 14,
    "Précédent dénominateur": 14,
    "Numérateur": 14,
    "Dénominateur": 14,
    "Absence": 16,
    "Motif": 36,
    "Note": 36,
    "Preuve": 30,
    "Justification": 36,
}
PREMIERE_A_REMPLIR = list(LARGEURS).index("Numérateur")

ABSENCES = ("Non disponible", "Sans objet")
AIDES = {
    "Absence": "Choisissez une absence seulement s'il n'y a pas de nombre à donner.",
    "Motif": "Dites pourquoi le chiffre n'est pas disponible : la raison sera publique.",
    "Note": "Précisez au besoin comment lire ce chiffre : la note sera publique.",
    "Preuve": "Donnez au besoin l'adresse d'un document à l'appui. Elle commence par https://.",
    "Justification": "Expliquez au besoin un écart. Seul le CQEN lira ce texte.",
}
MODE_D_EMPLOI = (
    ("Remplir", "Remplissez seulement les cases colorées de la feuille « Valeurs ». Les autres sont protégées."),
    ("Nombres", "Écrivez des nombres entiers. Zéro est une réponse; une case vide n'en est pas une."),
    ("Sans nombre", "S'il n'y a pas de nombre, laissez les deux cases vides et choisissez une absence."),
    *AIDES.items(),
    ("Déposer", "Enregistrez le fichier en .xlsx, puis déposez-le. Rien n'est transmis avant votre accord."),
)

COLOREE = PatternFill("solid", fgColor="DAE6F0")
MULTILIGNE = Alignment(vertical="top", wrap_text=True)
AIDE_MAXIMALE = 200  # caractères; les tableurs en refusent plus de 255


class LigneDuGabarit(NamedTuple):
    """Un indicateur à déclarer: ce qu'il est, ce qui fut déclaré avant, et le brouillon s'il y en a un."""

    code: str
    intitule: str
    libelle_numerateur: str
    libelle_denominateur: str
    definition: str
    precedent: str = ""  # le trimestre, en mots
    precedent_numerateur: int | None = None
    precedent_denominateur: int | None = None
    numerateur: int | None = None
    denominateur: int | None = None
    absence: str = ""  # en clair
    motif: str = ""
    note: str = ""
    preuve: str = ""
    justification: str = ""


def classeur(organisation: str, sigle: str, trimestre: str, lignes: Sequence[LigneDuGabarit]) -> bytes:
    """Le fichier XLSX d'une organisation pour un trimestre."""
    document = Workbook()
    propres = {"organisation": organisation, "sigle": sigle, "trimestre": trimestre}
    proprietes = document.properties
    proprietes.title = lisible(f"Valeurs de {organisation}, {trimestre}")
    proprietes.creator, proprietes.language = "Baromètre numérique", "fr-CA"
    rangees = [propres | {"indicateur": ligne.code} | ligne._asdict() for ligne in lignes]
    noms = [nom_de_colonne(titre) for titre in LARGEURS]
    valeurs = document.active
    _remplir(valeurs, "Valeurs", LARGEURS, ([rangee[nom] for nom in noms] for rangee in rangees))
    if lignes:
        _ouvrir_a_la_saisie(valeurs, lignes)
    _remplir(document.create_sheet(), "Mode d'emploi", {"Sujet": 32, "Explication": 100}, _mode_d_emploi(lignes))
    octets = BytesIO()
    document.save(octets)
    return octets.getvalue()


def _remplir(feuille: Worksheet, titre: str, largeurs: dict[str, int], rangees: Iterable[Sequence]) -> None:
    """Écrit un tableau nommé, protégé sans mot de passe, sous un en-tête qui reste à l'écran."""
    feuille.title = titre
    for ligne, rangee in enumerate([list(largeurs), *rangees], 1):
        for colonne, valeur in enumerate(rangee, 1):
            _ecrire(feuille.cell(ligne, colonne), valeur)
    for case, largeur in zip(feuille[1], largeurs.values(), strict=True):
        case.font = Font(bold=True)
        feuille.column_dimensions[case.column_letter].width = largeur
    if feuille.max_row > 1:  # un tableau nommé a au moins une ligne
        tableau = Table(displayName=nom_de_colonne(titre).replace("'", "_"), ref=feuille.dimensions)
        tableau.tableStyleInfo = TableStyleInfo(name="TableStyleLight15")
        feuille.add_table(tableau)
    feuille.freeze_panes = "A2"
    feuille.protection.sheet = True
    feuille.protection.formatColumns = feuille.protection.formatRows = False  # élargir une colonne reste permis
    feuille.page_setup.orientation, feuille.page_setup.fitToHeight = "landscape", 0
    feuille.sheet_properties.pageSetUpPr.fitToPage = True


def _ecrire(case: Cell, valeur: str | int | None) -> None:
    """Un nombre est un nombre; tout le reste est du texte, même « #N/A » ou ce qui ressemble à une formule."""
    case.alignment = MULTILIGNE
    if isinstance(valeur, int):
        case.value, case.number_format = valeur, "#,##0"
    elif valeur:
        case.value = desarmer(lisible(valeur))
        case.data_type = "s"


def _ouvrir_a_la_saisie(feuille: Worksheet, lignes: Sequence[LigneDuGabarit]) -> None:
    """Déverrouille et colore les cases à remplir, chacune avec son aide et ce qu'elle accepte."""
    derniere = len(lignes) + 1
    for place, titre in list(enumerate(LARGEURS))[PREMIERE_A_REMPLIR:]:
        for ligne in range(2, derniere + 1):
            case = feuille.cell(ligne, place + 1)
            case.fill, case.protection = COLOREE, Protection(locked=False)
            case.number_format = "@" if titre in AIDES else "#,##0"
        if titre in AIDES:
            _valider(feuille, titre, f"{adresse(place, 2)}:{adresse(place, derniere)}", AIDES[titre])
            continue
        for rang, ligne_du_gabarit in enumerate(lignes, 2):
            libelle = getattr(ligne_du_gabarit, f"libelle_{nom_de_colonne(titre)}")
            _valider(feuille, titre, adresse(place, rang), libelle)


def _valider(feuille: Worksheet, titre: str, cases: str, aide: str) -> None:
    longueur = LONGUEURS.get(nom_de_colonne(titre))
    if titre == "Absence":
        regle = {"type": "list", "formula1": f'"{",".join(ABSENCES)}"'}
        attendu = f"Choisissez « {ABSENCES[0]} » ou « {ABSENCES[1]} », ou laissez la case vide."
    elif longueur:
        regle = {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(longueur)}
        attendu = f"Un texte plus court est attendu, {nombre(longueur)} caractères au plus."
    else:
        regle = {"type": "whole", "operator": "between", "formula1": "0", "formula2": str(PLAFOND)}
        attendu = "Un nombre entier est attendu, zéro ou plus. S'il n'y en a pas, choisissez une absence."
    validation = DataValidation(**regle, allow_blank=True, showErrorMessage=True, showInputMessage=True, sqref=cases)
    validation.promptTitle, validation.errorTitle = titre, titre
    validation.prompt, validation.error = shorten(lisible(aide), AIDE_MAXIMALE, placeholder="…"), attendu
    feuille.add_data_validation(validation)


def _mode_d_emploi(lignes: Sequence[LigneDuGabarit]) -> Iterator[tuple[str, str]]:
    """Comment remplir, puis ce que chaque indicateur veut dire et ce qui en fut déclaré."""
    yield from MODE_D_EMPLOI
    for ligne in lignes:
        yield ligne.code, ligne.intitule
        yield f"{ligne.code}, définition", ligne.definition
        yield f"{ligne.code}, numérateur", ligne.libelle_numerateur
        yield f"{ligne.code}, dénominateur", ligne.libelle_denominateur
        if ligne.precedent_numerateur is not None and ligne.precedent_denominateur is not None:
            comptes = f"{nombre(ligne.precedent_numerateur)} sur {nombre(ligne.precedent_denominateur)}"
            yield f"{ligne.code}, précédent", f"{ligne.precedent} : {comptes}"
