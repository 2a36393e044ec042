"""La longueur d'un texte et la forme d'un lien, les mêmes pour la base, la page et le fichier. Pur."""

import re

LONGUEURS = {"motif": 500, "note": 1000, "justification": 1000, "preuve": 500}
LONGUEURS_DE_FICHE = {"titre": 250, "realisation": 5000, "resultat": 5000, "contact": 254}
LONGUEUR_DU_MESSAGE = 5000
LIEN = re.compile(r"https?://[^\s<>\"']+\Z")
