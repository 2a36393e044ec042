"""Chaque page se lit sans effort: des phrases courtes, des mots simples, et chaque indicateur expliqué."""

import json
import re
from html import unescape

import pytest

from tests.parcours.test_navigateur import PAGES

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
VOYELLES = "aeiouyàâäéèêëîïôöùûüœæ"
SYLLABE = re.compile(f"[{VOYELLES}]+")
MUETTE = re.compile(f"(?<=[^{VOYELLES}])(?:e|es|ent)$")  # « organismes », « disent »; pas « idée »
MOT = re.compile(r"[a-zà-ÿœ]+")
HORS_TEXTE = re.compile(r"<(svg|table|select|pre|code|form)\b.*?</\1>", re.DOTALL)
BLOC = re.compile(r"<(p|li|dd|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)
FIN = re.compile(r"(?<=[.?])\s+(?=[A-ZÀ-Ý«])")


def phrases(page: str) -> list[list[str]]:
    """Les mots de chaque phrase entière du contenu; les tableaux, les titres et les listes de noms n'en sont pas."""
    contenu = HORS_TEXTE.sub(" ", re.search("<main.*?</main>", page, re.DOTALL)[0])
    blocs = (" ".join(unescape(re.sub("<[^>]+>", " ", texte)).split()) for _, texte in BLOC.findall(contenu))
    entieres = (phrase for bloc in blocs for phrase in FIN.split(bloc) if phrase.endswith((".", "?")))
    return [mots for phrase in entieres if (mots := MOT.findall(phrase.lower()))]


def syllabes(mot: str) -> int:
    """Les voyelles d'un mot, groupées, sans le e muet de la fin."""
    return max(1, len(SYLLABE.findall(MUETTE.sub("", mot))))


def facilite(lues: list[list[str]]) -> float:
    """La formule de Kandel et Moles (1958), l'indice de Flesch adapté au français: de 0, ardu, à 100, très facile.

    207 - 1,015 × (mots par phrase) - 73,6 × (syllabes par mot).
    """
    mots = [mot for phrase in lues for mot in phrase]
    return 207 - 1.015 * len(mots) / len(lues) - 73.6 * sum(map(syllabes, mots)) / len(mots)


def test_la_mesure_distingue_le_simple_de_l_ardu():
    simple = [["le", "chat", "dort", "sur", "le", "lit"]]
    ardu = [["la", "dématérialisation", "interministérielle", "des", "procédures", "organisationnelles"] * 4]
    assert [syllabes(mot) for mot in ("organismes", "idée", "chiffre", "eau", "disent")] == [3, 2, 1, 1, 1]
    assert facilite(simple) > 90 > 50 > facilite(ardu)


@pytest.mark.parametrize("adresse", PAGES)
def test_les_phrases_sont_courtes_et_faciles(page, site, adresse):
    lues = phrases(page.request.get(site + adresse).text())
    assert lues
    assert sum(map(len, lues)) / len(lues) <= 20
    assert facilite(lues) >= 50


def test_chaque_indicateur_est_explique_dans_la_methode_et_sur_sa_page(page, site):
    regles = json.loads(page.request.get(f"{site}/donnees/2023-T1/indicateurs.json").text())["indicateurs"]
    methode = unescape(page.request.get(f"{site}/methodologie/").text())
    assert len(regles) > 2
    for regle in regles:
        fiche = unescape(page.request.get(f"{site}/indicateurs/{regle['code']}/").text())
        for dit in (regle["intitule"], regle["libelle_numerateur"], regle["libelle_denominateur"]):
            assert dit, regle["code"]
            assert dit in methode, regle["code"]
        definition = regle["definitions"][-1]["texte"]
        assert definition in methode, regle["code"]
        assert definition in fiche, regle["code"]
