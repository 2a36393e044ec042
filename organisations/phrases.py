"""Ce que le CQEN lit de l'état d'un dossier. Pur: ignore Django."""


def etat_pour_le_cqen(statut: str, jours: int) -> str:
    """Un statut, du côté de qui relit: « À relire depuis 3 jours »."""
    depuis = f"depuis {jours} jour{'s' if jours > 1 else ''}" if jours > 0 else "depuis aujourd'hui"
    return {
        "BROUILLON": "En préparation dans l'organisation",
        "SOUMIS": f"À relire {depuis}",
        "A_CORRIGER": f"Renvoyé à l'organisation {depuis}",
        "VALIDE": "Accepté",
        "REMPLACE": "Remplacé",
    }[statut]


def passage(vers: str) -> str:
    """Ce qu'une ligne de journal a fait, en un mot."""
    return {
        "SOUMIS": "Transmis",
        "A_CORRIGER": "Renvoyé à l'organisation",
        "VALIDE": "Accepté",
        "REMPLACE": "Remplacé par une version plus récente",
    }[vers]
