"""Ce qu'une adresse peut nommer."""

# Les formes sous lesquelles une courbe s'emporte, et leur type.
FORMES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


class TelQuel:
    """Un mot de l'adresse, pris tel quel."""

    def to_python(self, value: str) -> str:
        """Tel quel."""
        return value

    def to_url(self, value: str) -> str:
        """Tel quel."""
        return value


class CodeDEdition(TelQuel):
    """Le code d'une édition: `2023-T1`, ou `2023-T1-r1` pour une corrective."""

    regex = r"[0-9]{4}-T[1-4](?:-r[0-9]{1,3})?"


class Forme(TelQuel):
    """Sous quelle forme s'emporte une courbe."""

    regex = "|".join(FORMES)
