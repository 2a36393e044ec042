"""Des séries de chiffres bâties à la main, sans base."""

from fractions import Fraction

from barometre.chiffres import ENSEMBLE, Chiffre, Regle, Serie
from indicateurs.arithmetique import Comptes, rang


def regle(points=(("2022-T1", 20), ("2023-T4", 60)), ruptures=(), agregation="PART_GLOBALE", minimum=0) -> Regle:
    return Regle(
        "sans-papier",
        "Sans papier",
        "Sans papier",
        "Tous",
        agregation,
        seuil=Fraction(1, 2),
        denominateur_minimal=minimum,
        definitions=tuple(
            {"applicable_du": j, "texte": "", "rupture": True, "explication": "Autre.", "langue": "fr"}
            for j in ruptures
        ),
        points=tuple((rang(t), Fraction(p) / 100) for t, p in points),
    )


def serie(parts: dict[str, int | None], panel: bool = False, silencieuses: int = 0, **champs) -> Serie:
    """Une série de parts en pour cent; `None` est un trimestre sans chiffre."""
    sa_regle = regle(**champs)
    chiffres = []
    for trimestre, part in parts.items():
        comptes = Comptes(attendues=10 + silencieuses)
        if part is not None:
            comptes = Comptes(10 + silencieuses, 10, 10, part, 100, part // 10)
        chiffres.append(Chiffre(sa_regle, trimestre, ENSEMBLE, comptes, Comptes(5, 5, 5, 1, 4, 2) if panel else None))
    return Serie(tuple(chiffres))
