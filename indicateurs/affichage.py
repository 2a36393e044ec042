"""Comment un nombre exact s'écrit pour être lu, sans que l'arrondi lui fasse dire autre chose. Pur: ignore Django."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from indicateurs.langue import _, est_anglais

INSECABLE = "\N{NO-BREAK SPACE}"


def dixiemes(part: Fraction, sous: Iterable[Fraction | None] = (), sur: Iterable[Fraction | None] = ()) -> int:
    """La part en dixièmes de pour cent; un arrondi ne franchit jamais une ligne.

    Une part sous une ligne de `sous` s'écrit sous elle; au-dessus d'une ligne de `sur`, au-dessus d'elle. Seuls zéro
    et cent s'écrivent 0 % et 100 %: 99,96 % s'écrit 99,9 %, et 0,04 % s'écrit 0,1 %.
    """
    arrondi = _plus_proche(part)
    for ligne in sous:
        if ligne is not None and part < ligne:
            arrondi = min(arrondi, dixiemes(ligne) - 1)
    for ligne in sur:
        if ligne is not None and part > ligne:
            arrondi = max(arrondi, int(ligne * 1000) + 1)
    return min(max(arrondi, 1 if part.numerator > 0 else 0), 999 if part.numerator < part.denominator else 1000)


def pourcentage(part: Fraction, sous: Iterable[Fraction | None] = (), sur: Iterable[Fraction | None] = ()) -> str:
    """« 61,4 % », avec une espace insécable; « 61.4% » en anglais. Zéro et le tout s'écrivent « 0 % » et « 100 % »."""
    return _part(dixiemes(part, sous, sur), est_anglais())


def cible_en_texte(part: Fraction) -> str:
    """« 75 % » ou « 66,67 % »: une cible ou un seuil s'écrit comme il fut fixé, au centième près, sans zéro de trop."""
    virgule = "." if est_anglais() else ","
    entier, centiemes = divmod(round(part * 10_000), 100)
    return f"{entier}{virgule}{centiemes:02}".rstrip("0").rstrip(virgule) + _unite(est_anglais())


def points(distance: Fraction) -> str:
    """« 4,1 points », sans signe; un écart qui n'est pas nul ne s'écrit jamais 0,0."""
    ecart = max(_plus_proche(abs(distance)), 1 if distance else 0)
    est_pluriel = ecart != 10 if est_anglais() else ecart >= 20
    mot = _("points") if est_pluriel else _("point")
    return f"{_decimal(ecart, est_anglais())}{INSECABLE}{mot}"


def nombre(valeur: int) -> str:
    """« 12 345 », avec des espaces insécables; « 12,345 » en anglais."""
    return f"{valeur:,}".replace(",", "," if est_anglais() else INSECABLE)


def accorder(combien: int, singulier: str, pluriel: str = "") -> str:
    """« 1 organisation », « 54 organisations »: zéro est singulier en français, pluriel en anglais."""
    est_singulier = combien == 1 if est_anglais() else combien < 2
    return f"{nombre(combien)} {singulier if est_singulier else pluriel or singulier + 's'}"


def pour_cent_exact(part: Fraction | None) -> str:
    """La part en pourcentage à six décimales et un point, pour les données ouvertes; vide pour l'inconnu."""
    if part is None:
        return ""
    millioniemes = (part * 10**8 * 2 + 1) // 2
    return f"{millioniemes // 10**6}.{millioniemes % 10**6:06d}"


def _plus_proche(part: Fraction) -> int:
    """Le dixième de pour cent le plus proche, la moitié vers le haut."""
    return (2000 * part.numerator + part.denominator) // (2 * part.denominator)  # en entiers: dix fois plus vite


@lru_cache(maxsize=2048)
def _part(valeur: int, en_anglais: bool) -> str:
    """L'une des mille et une parts, dans sa langue: une liste de 320 organisations en écrit plus de mille."""
    ecrite = str(valeur // 10) if valeur in (0, 1000) else _decimal(valeur, en_anglais)
    return ecrite + _unite(en_anglais)


def _unite(en_anglais: bool) -> str:
    return "%" if en_anglais else f"{INSECABLE}%"


def _decimal(valeur: int, en_anglais: bool) -> str:
    return f"{valeur // 10}{'.' if en_anglais else ','}{valeur % 10}"
