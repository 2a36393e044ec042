"""Quatre organisations: l'une ne dit rien, l'autre n'a pas de portefeuille; et la liste qui les montre."""

import re
from urllib.parse import urlencode

from tests import fabrique as f


def publier_quatre() -> None:
    """Deux indicateurs, un trimestre, une édition."""
    papier, ouvertes = f.indicateur("papier", ordre=1), f.indicateur("ouvertes", ordre=2)
    tete = f.ministere("MSSS", nom="Ministère de la Santé")
    organisations = {
        tete: (50, 30),
        f.organisation("RAMQ", nom="Régie de l’assurance maladie", ministere=tete, categorie="TRIBUNAL"): (90, 10),
        f.organisation("HQ", nom="Hydro-Québec", categorie="ENTREPRISE"): (51, 99),
        f.organisation("BANQ", nom="Bibliothèque et Archives", ministere=tete): None,
    }
    trimestre = f.trimestre("2023-T1")
    f.reprendre(
        {(o, trimestre): {papier: (v[0], 100), ouvertes: (v[1], 100)} for o, v in organisations.items() if v},
        f.instant("2023-05-01"),
    )
    f.edition(trimestre, f.instant("2023-05-18"))


def sigles(client, **champs) -> list[str]:
    """Les sigles que la page montre, dans son ordre."""
    reponse = client.get(f"/organisations/?{urlencode(champs)}")
    assert reponse.status_code == 200
    return re.findall(r'<th scope="row">.*?\((\w+)\)', reponse.content.decode())
