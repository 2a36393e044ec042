"""Ce que l'œil reçoit d'une page: les contrastes de la capture, et les boîtes que rien ne coupe ni ne recouvre."""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image

FINESSE = 2  # pixels par point CSS: le cœur d'un trait fin y garde sa couleur
Couleur = tuple[int, int, int]

# Chaque ligne de texte que l'on voit: où elle est, ce qu'elle exige, ce qu'elle dit.
TEXTES = """() => {
  const dites = [], marcheur = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = marcheur.nextNode(); n; n = marcheur.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim() || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    let cache = e.closest('.evitement, option');
    for (let a = e; a && !cache; a = a.parentElement) cache = getComputedStyle(a).clipPath !== 'none';
    if (cache) continue;
    const s = getComputedStyle(e), trait = document.createRange();
    trait.selectNodeContents(n);
    const corps = parseFloat(s.fontSize), grand = corps >= 24 || (corps >= 18.66 && s.fontWeight >= 700);
    for (const b of trait.getClientRects())
      if (b.width > 2 && b.height > 2 && b.right > 0)
        dites.push([b.x + scrollX, b.y + scrollY, b.width, b.height, grand ? 3 : 4.5,
          e.tagName.toLowerCase() + ' « ' + n.data.trim().slice(0, 60) + ' »']);
  }
  return dites;
}"""
# Chaque marque d'un dessin et chaque bord de commande: des points de la page où elle passe, et ce qu'elle est.
MARQUES = """() => {
  const dites = [];
  for (const p of document.querySelectorAll('main svg path')) {
    const s = getComputedStyle(p), m = p.getScreenCTM();
    if (!p.checkVisibility() || !m || s.stroke === 'none' || p.matches('%(ornements)s')) continue;
    const longueur = p.getTotalLength(), points = [];
    const debuts = [...p.getAttribute('d').matchAll(/M(-?[\\d.]+)[ ,](-?[\\d.]+)/g)].map(([, x, y]) => [+x, +y]);
    for (let i = 0; i <= 40 && longueur; i++) {
      const q = p.getPointAtLength(longueur * i / 40);
      points.push([q.x, q.y]);
    }
    const vus = [...debuts, ...points].map(([x, y]) => new DOMPoint(x, y).matrixTransform(m));
    dites.push(['trait ' + p.getAttribute('class'), vus.map(q => [q.x + scrollX, q.y + scrollY])]);
  }
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, button, textarea')) {
    const b = e.getBoundingClientRect(), y = b.y + scrollY, x = b.x + scrollX;
    if (!e.checkVisibility() || b.width < 2) continue;
    const pas = [0.2, 0.35, 0.5, 0.65, 0.8];
    if (e.type === 'range' || e.type === 'checkbox')
      dites.push(['commande ' + e.type, pas.flatMap(p => pas.map(q => [x + b.width * p, y + b.height * q]))]);
    else
      dites.push(['bord de ' + e.tagName.toLowerCase(), pas.map(p => [x + b.width * p, y])]);
  }
  return dites;
}"""
# Les boîtes qui cachent une part de ce qu'elles portent, et les lignes de texte qui se recouvrent.
COUPEES = """() => [...document.querySelectorAll('body *')].filter(e => {
  const s = getComputedStyle(e);
  if (!e.checkVisibility() || s.clipPath !== 'none' || s.overflow === 'visible' || e.closest('svg, pre')) return false;
  return e.scrollWidth - e.clientWidth > 1 || e.scrollHeight - e.clientHeight > 1;
}).map(e => e.outerHTML.slice(0, 120))"""
# Ce qui ne porte pas d'information: la grille, le fond d'une barre, le halo qui détache, le fil qui double la couleur.
ORNEMENTS = ".grille, .fond, .halo, .fil-nom"


def ouvrir(page, adresse: str) -> None:
    """La page, et son graphique interactif dessiné si elle en a un."""
    page.goto(adresse, wait_until="networkidle")
    page.wait_for_function("() => !document.querySelector('#dessin') || document.querySelector('#dessin .main-svg')")


class Capture:
    """Une capture de toute la page, relue en points CSS."""

    def __init__(self, page) -> None:
        page.evaluate("scrollTo(0, 0)")
        octets = page.screenshot(full_page=True, animations="disabled", caret="hide")
        self.image = Image.open(io.BytesIO(octets)).convert("RGB")
        self.echelle = self.image.width / page.evaluate("innerWidth")

    def zone(self, x: float, y: float, largeur: float, hauteur: float) -> Image.Image:
        """Le morceau d'image d'une boîte."""
        bornes = (x, y, x + largeur, y + hauteur)
        gauche, haut, droite, bas = (round(b * self.echelle) for b in bornes)
        dans = (max(0, gauche), max(0, haut), min(self.image.width, droite), min(self.image.height, bas))
        return self.image.crop(dans)


class Faible(NamedTuple):
    """Ce qui contraste trop peu, et de combien."""

    quoi: str
    rapport: float
    exige: float


def luminance(couleur: Couleur) -> float:
    """La luminance relative (WCAG 2.2)."""
    lineaires = [c / 12.92 if (c := v / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for v in couleur]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: Couleur, autre: Couleur) -> float:
    """Le rapport de contraste (WCAG 2.2), de 1 à 21."""
    basse, haute = sorted((luminance(une), luminance(autre)))
    return (haute + 0.05) / (basse + 0.05)


def couleurs(image: Image.Image) -> list[tuple[int, Couleur]]:
    """Les couleurs de cette image, la plus présente d'abord."""
    return sorted(image.getcolors(image.width * image.height) or [], reverse=True)


def textes_faibles(page, capture: Capture) -> list[Faible]:
    """Les textes dont aucun pixel ne se détache assez de leur fond; lève `AssertionError` si la page n'en a pas."""
    faibles, textes = [], page.evaluate(TEXTES)
    assert len(textes) > 5
    for x, y, largeur, hauteur, exige, dit in textes:
        if zone := couleurs(capture.zone(x, y, largeur, hauteur)):
            (_, fond), *encres = zone
            rapport = max((contraste(fond, encre) for _, encre in encres), default=1)
            if rapport < exige:
                faibles.append(Faible(dit, round(rapport, 2), exige))
    return faibles


def textes_recouverts(page) -> list[tuple[str, str]]:
    """Les paires de lignes de texte qui se recouvrent de plus du tiers de leur hauteur."""
    lignes = sorted(page.evaluate(TEXTES), key=lambda ligne: ligne[1])
    trouvees = []
    for rang, (x, y, largeur, hauteur, _, dit) in enumerate(lignes):
        for x2, y2, largeur2, hauteur2, _, autre in lignes[rang + 1 :]:
            if y2 >= y + hauteur:
                break
            en_travers = min(x + largeur, x2 + largeur2) - max(x, x2)
            en_haut = min(y + hauteur, y2 + hauteur2) - y2
            if en_travers > 2 and en_haut > min(hauteur, hauteur2) / 3:
                trouvees.append((dit, autre))
    return trouvees


def marques_faibles(page, capture: Capture, ornements: str = ORNEMENTS) -> list[Faible]:
    """Les traits et les bords qui, nulle part où ils passent, ne se détachent de ce qui les entoure."""
    faibles = []
    for quoi, points in page.evaluate(MARQUES % {"ornements": ornements}):
        rapport = max((autour(capture, x, y) for x, y in points), default=1)
        if rapport < 3:
            faibles.append(Faible(quoi, round(rapport, 2), 3))
    return faibles


def autour(capture: Capture, x: float, y: float) -> float:
    """Le contraste entre ce qui passe par ce point et ce qui l'entoure à six points de là."""
    pres = couleurs(capture.zone(x - 1, y - 1, 2, 2))
    loin = [teinte for combien, teinte in couleurs(capture.zone(x - 7, y - 7, 14, 14)) if combien > 8]
    return max((contraste(a, b) for _, a in pres for b in loin), default=1)


def differences(avant: Image.Image, apres: Image.Image) -> int:
    """Combien de pixels changent d'au moins 3 pour 1 d'une image à l'autre."""
    paires: Iterable[tuple[Couleur, Couleur]] = zip(pixels(avant), pixels(apres), strict=True)
    return sum(a != b and contraste(a, b) >= 3 for a, b in paires)


def pixels(image: Image.Image) -> Sequence[Couleur]:
    """Les couleurs des pixels, dans l'ordre."""
    octets = image.tobytes()
    return [tuple(octets[i : i + 3]) for i in range(0, len(octets), 3)]  # type: ignore[misc]
