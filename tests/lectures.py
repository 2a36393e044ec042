"""De quoi dire ce qu'une lecture a refusé."""

from indicateurs.lecture import COLONNES, Erreur, Lecture

ENTETE = ",".join(COLONNES)
BONNE = "Ministère A,MA,2023-T1,PAPIER,5,10"


def dites(lecture: Lecture) -> list[tuple[int, str]]:
    """Où sont les erreurs."""
    return [(erreur.ligne, erreur.colonne) for erreur in lecture.erreurs]


def seule_erreur(lecture: Lecture) -> Erreur:
    """La seule erreur d'une lecture dont rien n'est bon."""
    assert lecture.lignes == []
    (erreur,) = lecture.erreurs
    assert "\n" not in str(erreur)
    return erreur
