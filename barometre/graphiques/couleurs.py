"""Les couleurs des dessins qui sortent du site; la feuille de style a les mêmes, sous les mêmes noms. Pur."""

TEXTE = "#223654"
LIEN = "#095797"
PANEL = "#b35900"
BANDE = "#6b87a5"
PALE = "#dae6f0"
AXE = "#4e5662"
BORD = "#c5cad2"
GRILLE = "#e3e6ea"
CALME = "#f1f1f2"
FOND = "#ffffff"

LIGNES = {"cible": TEXTE, "observe": LIEN, "panel": PANEL}
VERDICTS = {  # l'encre et le fond
    "ATTEINTE": ("#2c4024", "#d7f0bb"),
    "EN_VOIE": (TEXTE, PALE),
    "EN_RETARD": ("#692519", "#ffdbd6"),
    "NON_JUGEABLE": (AXE, CALME),
}
