"""Un indicateur, deux trimestres, les réponses que l'on veut; et de quoi lire sa page."""

import html
import re

from indicateurs.models import Saisie
from tests import fabrique as f
from tests.barometre.public import paraitre

ADRESSE = "/indicateurs/papier/"
SILENCE = None
MIGRATION = Saisie(absence="NON_DISPONIBLE", motif="systèmes en migration")


def monde(reponses, categories=(), **champs):
    """Un indicateur publié; `reponses` va d'un sigle à ses réponses aux deux derniers trimestres."""
    papier = f.indicateur("papier", intitule="Sans papier", **champs)
    codes = ("2022-T4", "2023-T1")
    depots = {}
    for sigle, deux in reponses.items():
        une = f.organisation(sigle, nom=f"Régie {sigle}", categorie=dict(categories).get(sigle, "TRIBUNAL"))
        for code, dite in zip(codes, deux, strict=True):
            if dite is not SILENCE:
                depots[une, f.trimestre(code)] = {papier: dite}
    f.trimestre(codes[0])
    if depots:
        f.reprendre(depots, f.instant("2023-05-02"))
    return papier


def lue(client, adresse: str = ADRESSE) -> str:
    paraitre("2023-05-18")
    return html.unescape(client.get(adresse).content.decode())


def section(page: str, nom: str) -> str:
    """La section qui porte ce nom."""
    return next(s for s in re.findall("<section.*?</section>", page, flags=re.DOTALL) if f'id="{nom}"' in s)


def lignes(html_: str) -> dict[str, list[str]]:
    """Les lignes d'un tableau: leur titre et leurs cellules."""
    trouvees = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', html_, flags=re.DOTALL)
    return {re.sub("<.*?>", "", titre): re.findall("<td[^>]*>(.*?)</td>", reste) for titre, reste in trouvees}
