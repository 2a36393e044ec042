"""Où une page anglaise montre du français: dans un élément qui le dit, ou hors de lui."""

from html.parser import HTMLParser

VIDES = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ISOLATS = ("\u2068", "\u2069")


class Prose(HTMLParser):
    """Le texte du corps d'une page: `marquee`, sous le plus proche `lang="fr"`, et `autre`, le reste."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.langues: list[str] = ["en"]
        self.marquee = self.autre = ""
        self.feed(page.partition("<body")[2].partition(">")[2])
        assert self.langues == ["en"], "une balise n'est pas fermée"

    def handle_starttag(self, tag, attrs):
        langue = dict(attrs).get("lang") or self.langues[-1]
        if tag not in VIDES:
            self.langues.append(langue)
        self.handle_data(" ")

    def handle_startendtag(self, tag, attrs):
        """Une balise d'un dessin, qui se ferme d'elle-même."""

    def handle_endtag(self, tag):
        if tag not in VIDES and tag not in ("body", "html"):
            self.langues.pop()

    def handle_data(self, data):
        dit = " ".join(data.replace("\xa0", " ").split())
        if self.langues[-1] == "fr":
            self.marquee += f" {dit}"
        else:
            self.autre += f" {dit}"
