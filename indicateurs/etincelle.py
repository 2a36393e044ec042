"""La petite courbe d'une série: sa géométrie, et la phrase qui la dit. Pur: ignore Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from indicateurs import mots
from indicateurs.affichage import pourcentage
from indicateurs.arithmetique import rang

LARGEUR, HAUTEUR, MARGE = 240, 64, 6


class Releve(NamedTuple):
    """Ce qu'un trimestre dit: sa part, s'il y en a une."""

    trimestre: str
    part: Fraction | None


@dataclass(frozen=True)
class Etincelle:
    """Une courbe de 0 à 100 %: des lignes entre trimestres qui se suivent, un point par part, le dernier plus gros."""

    ligne: str
    points: str
    dernier: str
    phrase: str
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR
    haut: int = MARGE
    bas: int = HAUTEUR - MARGE


def tracer(releves: Sequence[Releve]) -> Etincelle:
    """La courbe de ces relevés, du plus ancien au plus récent; un trimestre sans part est un trou, jamais un pont."""
    connus = [r for r in releves if r.part is not None]
    segments = list(_segments(releves))
    places = [place for segment in segments for place in segment]
    return Etincelle(
        ligne="".join("M" + "L".join(_ecrit(p) for p in segment) for segment in segments if len(segment) > 1),
        points="".join(f"M{_ecrit(p)}h0" for p in places),
        dernier=f"M{_ecrit(places[-1])}h0" if places else "",
        phrase=_phrase(connus),
    )


def _segments(releves: Sequence[Releve]) -> Iterator[list[tuple[float, float]]]:
    """Les suites de points que rien n'interrompt."""
    if not releves:
        return
    debut, fin = rang(releves[0].trimestre), rang(releves[-1].trimestre)
    pas = (LARGEUR - 2 * MARGE) / max(fin - debut, 1)
    segment: list[tuple[float, float]] = []
    attendu = debut
    for trimestre, part in releves:
        ici = rang(trimestre)
        if segment and (part is None or ici != attendu):
            yield segment
            segment = []
        if part is not None:
            y = HAUTEUR - MARGE - float(part) * (HAUTEUR - 2 * MARGE)
            segment = [*segment, (round(MARGE + (ici - debut) * pas, 2), round(y, 2))]
        attendu = ici + 1
    if segment:
        yield segment


def _ecrit(place: tuple[float, float]) -> str:
    return f"{place[0]:g} {place[1]:g}"


def _phrase(connus: Sequence[Releve]) -> str:
    """Ce que la courbe montre."""
    if not connus:
        return "Aucune part n'est connue."
    premier, dernier = connus[0], connus[-1]
    if premier is dernier:
        return f"Une seule part est connue : {_dite(dernier)}."
    return f"De {_dite(premier)} à {_dite(dernier)} ({len(connus)} trimestres connus)."


def _dite(releve: Releve) -> str:
    assert releve.part is not None  # noqa: S101 - appelé sur les relevés connus
    return f"{pourcentage(releve.part)} au {mots.trimestre(releve.trimestre)}"
