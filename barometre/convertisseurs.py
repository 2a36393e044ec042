"""Ce qu'une adresse peut nommer."""


class CodeDEdition:
    """Le code d'une édition: `2023-T1`, ou `2023-T1-r1` pour une corrective."""

    regex = r"[0-9]{4}-T[1-4](?:-r[0-9]{1,3})?"

    def to_python(self, value: str) -> str:
        """Tel quel."""
        return value

    def to_url(self, value: str) -> str:
        """Tel quel."""
        return value
