"""La figure plotly d'une série: les relevés de la courbe et les textes de son tableau, en JSON. Pur: ignore Django.

Aucun nombre ne s'y calcule ni ne s'y écrit: la part vient du relevé, son texte du tableau.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from barometre.chiffres import Serie
from barometre.graphiques import couleurs
from barometre.graphiques.courbe import ecarter
from barometre.graphiques.releves import Releve, en_bandes, relever
from indicateurs.affichage import cible_en_texte, pour_cent_exact
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import trimestre, typographier

ECART_DES_NOMS = 6  # points de pourcentage entre deux noms de lignes
LIGNES: dict[
    str, tuple[str, dict[str, Any], dict[str, Any]]
] = {  # dans l'ordre où elles se superposent, comme sur la courbe
    "cible": (gettext_noop("cible"), {"width": 2, "dash": "dot"}, {"symbol": "circle", "size": 2}),
    "observe": (gettext_noop("part observée"), {"width": 3}, {"symbol": "circle", "size": 8}),
    "panel": (gettext_noop("panel constant"), {"width": 2, "dash": "6px,3px"}, {"symbol": "square", "size": 7}),
}
BANDE = "bornes"
Colonnes = Mapping[str, Sequence[str]]
INERTE = {"itemclick": False, "itemdoubleclick": False}  # des cases à cocher font ce travail
CONFIG = {  # nos commandes remplacent les siennes; ses conseils sont en anglais
    "displayModeBar": False,
    "displaylogo": False,
    "doubleClick": "reset",
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "showTips": False,
}
ETROIT = {"font.size": 12, "margin.l": 46, "margin.r": 84, "hovermode": False}  # ce qui change sur un téléphone
NOMS_ETROITS = {"observe": gettext_noop("observée"), "panel": gettext_noop("panel")}
POLICE = {"family": '"Open Sans", system-ui, sans-serif', "size": 14, "color": couleurs.TEXTE}


class Ecrits(NamedTuple):
    """Les textes d'une figure, déjà écrits: ceux du tableau, par ligne et dans l'ordre des relevés, et sa légende."""

    colonnes: Colonnes
    titre: str
    pied: Sequence[str]


def figurer(serie: Serie, ecrits: Ecrits) -> dict[str, Any]:
    """La figure: ses données, sa mise en page, et ce que chaque trimestre dit quand on le parcourt."""
    releves = relever(serie)
    coupures = [r for r in serie.regle.coupures if releves[0].rang < r <= releves[0].dernier]
    traces = [*_bande(releves, coupures), *_lignes(releves, coupures, ecrits.colonnes)]
    return {
        "data": traces,
        "layout": _mise_en_page(releves, coupures),
        "config": CONFIG,
        "etroit": {"mise": ETROIT, "noms": {cle: _(nom) for cle, nom in NOMS_ETROITS.items()}},
        "image": _pour_l_image(ecrits),
        "trimestres": [trimestre(r.trimestre) for r in releves],
        "lectures": [_lecture(rang, r, ecrits.colonnes) for rang, r in enumerate(releves)],
        "dernier": releves[0].dernier - releves[0].rang,
    }


def _lignes(releves: Sequence[Releve], coupures: Sequence[int], colonnes: Colonnes) -> Iterator[dict]:
    """Les lignes présentes; une rupture en fait plusieurs morceaux, un trou y reste un trou."""
    for cle, (nom, trait, marque) in LIGNES.items():
        parts = [getattr(r, cle) for r in releves]
        if all(part is None for part in parts):
            continue
        bornes = [0, *([] if cle == "cible" else [r - releves[0].rang for r in coupures]), len(releves)]
        for debut, fin in pairwise(bornes):
            morceau = slice(debut, fin)
            textes = colonnes[cle][morceau]
            yield {
                "type": "scatter",
                "mode": "lines+markers",
                "meta": cle,
                "name": _(nom),
                "x": [r.trimestre for r in releves[morceau]],
                "y": [_pour_cent(part) for part in parts[morceau]],
                "text": list(textes),
                "hovertext": [_etiquette(r, nom, texte) for r, texte in zip(releves[morceau], textes, strict=True)],
                "hoverinfo": "text",
                "showlegend": debut == 0,
                "connectgaps": False,
                "line": trait | {"color": couleurs.LIGNES[cle]},
                "marker": marque | {"color": couleurs.LIGNES[cle]},
            }


def _etiquette(releve: Releve, nom: str, texte: str) -> str:
    """Ce qu'un point dit sous la souris; plotly y lit du HTML."""
    dite = typographier(_("%(nom)s : %(part)s") % {"nom": escape(_(nom)), "part": escape(texte)})
    return f"{escape(trimestre(releve.trimestre))}<br>{dite}"


def _pour_cent(part: Fraction | None) -> float | None:
    """La part telle que le CSV l'écrit; rien pour l'inconnu."""
    return None if part is None else float(pour_cent_exact(part))


def _bande(releves: Sequence[Releve], coupures: Sequence[int]) -> Iterator[dict]:
    """Le contour de chaque suite de bornes, comme sur la courbe: un trou ou une rupture en commence une autre."""
    x: list[str | None] = []
    y: list[float | None] = []
    for suite in en_bandes(releves, coupures):
        contour = [(r, 1) for r in suite] + [(r, 0) for r in reversed(suite)] + [(suite[0], 1)]
        x += [*(r.trimestre for r, __ in contour), None]
        y += [*(_pour_cent(r.bornes[cote]) for r, cote in contour if r.bornes), None]
    if x:
        commun = {
            "type": "scatter",
            "mode": "lines",
            "meta": BANDE,
            "name": _("bornes"),
            "hoverinfo": "skip",
            "showlegend": True,
        }
        trait = {"line": {"color": couleurs.BANDE, "width": 1}, "fill": "toself", "fillcolor": couleurs.PALE}
        yield commun | trait | {"x": x, "y": y}


def _mise_en_page(releves: Sequence[Releve], coupures: Sequence[int]) -> dict[str, Any]:
    """L'axe de 0 à 100 %, un trait par rupture, les lignes nommées à leur droite."""
    codes = [r.trimestre for r in releves]
    debuts = [code for code in codes if code.endswith("T1")] or codes[:1]
    traits = [r - releves[0].rang - 0.5 for r in coupures]
    axe = {"color": couleurs.AXE, "gridcolor": couleurs.GRILLE, "zeroline": False, "tickangle": 0}
    paliers = [0, 25, 50, 75, 100]
    return {
        "font": POLICE,
        "paper_bgcolor": couleurs.FOND,
        "plot_bgcolor": couleurs.FOND,
        "margin": {"l": 56, "r": 130, "t": 16, "b": 36},
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"} | INERTE,
        "hovermode": "closest",
        "dragmode": "zoom",
        "xaxis": axe
        | {"type": "category", "categoryorder": "array", "categoryarray": codes, "showgrid": False}
        | {"range": [-0.5, len(codes) - 0.5], "tickvals": debuts, "ticktext": [code[:4] for code in debuts]},
        "yaxis": axe
        | {"range": [0, 100], "fixedrange": True}
        | {"tickvals": paliers, "ticktext": [cible_en_texte(Fraction(p, 100)) for p in paliers]},
        "shapes": [_trait_de_rupture(x) for x in traits],
        "annotations": [*_noms(releves), *(_nom_de_rupture(x, rang) for rang, x in enumerate(traits))],
    }


def _noms(releves: Sequence[Releve]) -> Iterator[dict]:
    """Le nom de chaque ligne au bord droit, écarté de ses voisins."""
    bouts = {cle: [p for r in releves if (p := getattr(r, cle)) is not None] for cle in LIGNES}
    presentes = {cle: parts[-1] for cle, parts in bouts.items() if parts}
    hauteurs = ecarter([100 - float(part * 100) for part in presentes.values()], 2, 98, ECART_DES_NOMS)
    for (cle, part), hauteur in zip(presentes.items(), hauteurs, strict=True):
        texte = _("cible %s") % cible_en_texte(part) if cle == "cible" else _(LIGNES[cle][0])
        ou = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 4, "yref": "y", "y": round(100 - hauteur, 1)}
        yield {"name": cle, "text": texte, "showarrow": False, "font": {"color": couleurs.LIGNES[cle]}, **ou}


def _trait_de_rupture(x: float) -> dict[str, Any]:
    ou = {"xref": "x", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", **ou, "line": {"color": couleurs.AXE, "width": 1.5, "dash": "dot"}}


def _nom_de_rupture(x: float, rang: int) -> dict[str, Any]:
    ou = {"xref": "x", "x": x, "yref": "paper", "y": 1, "yanchor": "top", "yshift": -14 * rang}
    return {"name": "rupture", "text": _("nouvelle définition"), "showarrow": False, "xanchor": "left", **ou}


def _pour_l_image(ecrits: Ecrits) -> dict[str, Any]:
    """Ce qui s'ajoute à l'image qu'on enregistre: le titre, la source et l'édition."""
    ou = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -40}
    pied = "<br>".join(map(escape, ecrits.pied))
    return {
        "title": {"text": escape(ecrits.titre), "x": 0.02, "font": {"size": 20}},
        "margin": {"l": 56, "r": 130, "t": 64, "b": 92},
        "source": {"name": "source", "text": pied, "showarrow": False, "align": "left", **ou},
    }


def _lecture(rang: int, releve: Releve, colonnes: Colonnes) -> str:
    """Un trimestre en une phrase, pour qui le parcourt au clavier ou à l'oreille."""
    noms = {cle: _(ligne[0]) for cle, ligne in LIGNES.items()} | {BANDE: _("bornes")}
    ordre = [cle for cle in ("observe", "panel", "cible", BANDE) if cle in colonnes]
    dits = ", ".join(f"{noms[cle]} {colonnes[cle][rang]}" for cle in ordre)
    return typographier(_("%(trimestre)s : %(parts)s.") % {"trimestre": trimestre(releve.trimestre), "parts": dits})
