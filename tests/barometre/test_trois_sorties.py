"""Un chiffre, un chemin: la page, son dessin, son tableau et le fichier ne peuvent se contredire."""

import html
import re
from fractions import Fraction
from operator import itemgetter

import pytest

from barometre import depot
from barometre.formats import lire_csv
from barometre.graphiques import ETROIT, LARGE, MOYEN
from indicateurs.mots import trimestre
from tests.barometre.public import publier

pytestmark = pytest.mark.django_db

PRINCIPALES = {"sans-papier": "part_globale", "donnees-ouvertes": "part_organisations"}
PAGES = [("/", "sans-papier", MOYEN), ("/", "donnees-ouvertes", MOYEN)]
PAGES += [(f"/indicateurs/{code}/", code, LARGE) for code in PRINCIPALES]


def fichier(code: str) -> dict[str, dict[str, str]]:
    """Les lignes d'ensemble de `chiffres.csv` pour un indicateur, par trimestre en mots."""
    lignes, ensemble = lire_csv(depot.lire("2023-T1", "chiffres.csv")), (code, "", "")
    cle = itemgetter("indicateur", "portefeuille", "categorie")
    return {trimestre(x["trimestre"]): x for x in lignes if cle(x) == ensemble}


def section(page: str, adresse: str, code: str) -> str:
    """La carte d'un indicateur sur l'accueil, ou toute la page de l'indicateur."""
    if adresse != "/":
        return page
    return next(a for a in re.findall("<article.*?</article>", page, flags=re.DOTALL) if f"/indicateurs/{code}/" in a)


def lignes_du_tableau(texte: str) -> dict[str, dict[str, str]]:
    tableau = re.search("Voir les données en tableau.*?</table>", texte, flags=re.DOTALL)[0]
    lignes = re.findall(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', tableau, flags=re.DOTALL)
    return {
        titre: {html.unescape(t): html.unescape(v) for t, v in re.findall(r'data-t="(.*?)">(.*?)</td>', cellules)}
        for titre, cellules in lignes
    }


def en_texte(exact: str) -> str:
    """La part du fichier, à une décimale, telle qu'un lecteur l'attend; rien et le tout n'en ont pas."""
    if not exact:
        return "non disponible"
    ecrite = f"{float(exact):.1f}\xa0%".replace(".", ",")
    return {"0,0\xa0%": "0\xa0%", "100,0\xa0%": "100\xa0%"}.get(ecrite, ecrite)


def points(texte: str, largeur: int, cle: str) -> list[tuple[float, float]]:
    """Les points d'une ligne, relus du SVG."""
    dessin = re.search(rf'<svg class="\w+ l{largeur}".*?</svg>', texte, flags=re.DOTALL)[0]
    trace = re.search(rf'class="marques {cle}" d="(.*?)"', dessin)
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", trace[1])] if trace else []


@pytest.mark.parametrize(("adresse", "code", "cadre"), PAGES)
def test_la_page_son_tableau_et_son_dessin_disent_ce_que_dit_le_fichier(client, adresse, code, cadre):
    publier()
    texte = section(client.get(adresse).content.decode(), adresse, code)
    publies, tableau = fichier(code), lignes_du_tableau(texte)
    grand = html.unescape(re.search(r'<p class="part[^"]*">(.*?)</p>', texte)[1])
    assert grand == en_texte(publies["1er trimestre de 2023"][PRINCIPALES[code]])
    for quand, ligne in publies.items():
        part, panel = ligne[PRINCIPALES[code]], ligne[f"panel_{PRINCIPALES[code]}"]
        assert tableau[quand]["Part observée"] == en_texte(part)
        assert tableau[quand]["Panel constant"] == (en_texte(panel) if panel else "non calculé")
        assert tableau[quand]["Réponses"] == f"{ligne['repondantes']}\xa0sur\xa0{ligne['attendues']}"
        assert tableau[quand]["Cible"] == (en_texte(ligne["cible"]) if ligne["cible"] else "aucune")
    futurs = [quand for quand in tableau if quand not in publies]
    assert {tableau[quand]["Part observée"] for quand in futurs} == {"à venir"}
    colonnes = {"observe": PRINCIPALES[code], "panel": f"panel_{PRINCIPALES[code]}", "cible": "cible"}
    for un in (cadre, ETROIT):
        x, places = un.abscisses(0, len(tableau) - 1), {quand: rang for rang, quand in enumerate(tableau)}
        for cle, colonne in colonnes.items():
            attendus = [(x(places[q]), Fraction(v[colonne]) / 100) for q, v in publies.items() if v[colonne]]
            dessines = points(texte, un.largeur, cle)
            assert len(dessines) == len(attendus) + (len(futurs) if cle == "cible" else 0)
            for (abscisse, ordonnee), (attendue, part) in zip(dessines, attendus, strict=False):
                assert abscisse == attendue
                assert un.y(part) == pytest.approx(ordonnee, abs=0.051)


def test_les_portefeuilles_de_la_page_sont_ceux_du_fichier(client):
    publier(6)
    lignes = lire_csv(depot.lire("2023-T1", "chiffres.csv"))
    ligne = next(
        x for x in lignes if (x["indicateur"], x["portefeuille"], x["trimestre"]) == ("sans-papier", "MCN", "2023-T1")
    )
    page = html.unescape(client.get("/indicateurs/sans-papier/").content.decode())
    tableau = page[page.index("Les portefeuilles au") : page.index("Les catégories au")]
    assert re.findall(r'data-t="(?:Part|Compte|Réponses)">(.*?)</td>', tableau) == [
        en_texte(ligne["part_globale"]),
        f"{ligne['numerateur']}\xa0sur\xa0{ligne['denominateur']}",
        f"{ligne['repondantes']}\xa0sur\xa0{ligne['attendues']}",
    ]


def test_la_liste_et_la_page_d_une_organisation_disent_sa_valeur_publiee(client):
    publier()
    valeurs = lire_csv(depot.lire("2023-T1", "valeurs.csv"))
    sienne = next(
        v for v in valeurs if (v["sigle"], v["trimestre"], v["indicateur"]) == ("MCN", "2023-T1", "sans-papier")
    )
    part = en_texte(str(100 * int(sienne["numerateur"]) / int(sienne["denominateur"])))
    liste = html.unescape(client.get("/organisations/").content.decode())
    page = html.unescape(client.get("/organisations/mcn/").content.decode())
    assert f'data-t="Processus sans papier">{part}</td>' in liste
    assert f'<p class="part">{part}</p>' in page
    assert f"{sienne['numerateur']}\xa0sur\xa0{sienne['denominateur']}." in page
