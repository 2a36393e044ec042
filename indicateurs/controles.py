"""Ce qui étonne dans deux comptes, au regard des trimestres d'avant, et se justifie. Pur: ignore Django."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from indicateurs import mots
from indicateurs.affichage import nombre, points, pourcentage

ECART = Fraction(20, 100)  # de part
VARIATION = Fraction(30, 100)  # du dénominateur
REPETITIONS = 3


class Compte(NamedTuple):
    """Les deux comptes d'un trimestre."""

    trimestre: str
    numerateur: int
    denominateur: int

    @property
    def part(self) -> Fraction | None:
        """La part exacte; rien si le dénominateur est nul."""
        return Fraction(self.numerateur, self.denominateur) if self.denominateur else None


class Signalement(NamedTuple):
    """Ce que la relecture voit d'abord; `indicateur` est vide si cela vaut pour toute la soumission."""

    genre: str  # ETONNEMENT, RETARD, PREMIERE ou PETIT_DENOMINATEUR
    phrase: str
    indicateur: str = ""


def etonnements(compte: Compte, precedents: Sequence[Compte]) -> Iterator[str]:
    """Ce qui étonne; `precedents` va du plus récent au plus ancien.

    Une part qui change de plus de 20 points, un dénominateur de plus de 30 %, les mêmes comptes trois fois de suite.
    """
    if not precedents:
        return
    avant = precedents[0]
    depuis = f"depuis le {mots.trimestre(avant.trimestre)}"
    if compte.part is not None and avant.part is not None and abs(compte.part - avant.part) > ECART:
        ecart = points(compte.part - avant.part)
        yield f"La part passe de {pourcentage(avant.part)} à {pourcentage(compte.part)} {depuis}, soit {ecart} d'écart."
    if abs(compte.denominateur - avant.denominateur) > VARIATION * avant.denominateur:
        yield f"Le dénominateur passe de {nombre(avant.denominateur)} à {nombre(compte.denominateur)} {depuis}."
    memes = [p[1:] == compte[1:] for p in precedents[: REPETITIONS - 1]]
    if compte.denominateur and len(memes) == REPETITIONS - 1 and all(memes):
        yield "Ces deux nombres sont les mêmes pour la troisième fois de suite."
