"""Le catalogue anglais est entier, juste et compilé; aucune phrase n'y manque, aucune n'y est de trop."""

import ast
import gettext
import re
from collections.abc import Iterator

import polib
import pytest
from django.utils.translation.template import templatize

from tests.test_architecture import APPLICATIONS, RACINE, suivis

CATALOGUE = RACINE / "barometre" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MARQUES = {"_", "gettext_noop"}
TROU = re.compile(r"%(?:\(\w+\))?[sd]|%%")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def appels(arbre: ast.AST) -> Iterator[ast.Call]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Call) and getattr(noeud.func, "id", "") in MARQUES:
            yield noeud


def du_python() -> Iterator[str]:
    """Les phrases marquées des modules; une phrase calculée serait introuvable."""
    for chemin in suivis(*(f"{a}/*.py" for a in APPLICATIONS)):
        for appel in appels(ast.parse(chemin.read_text())):
            (phrase,) = appel.args
            if isinstance(phrase, ast.Constant):
                yield phrase.value


def des_gabarits() -> Iterator[str]:
    """Les phrases marquées des gabarits, telles que Django les relève."""
    for chemin in suivis("templates/*.html", "templates/*.svg"):
        for marque in re.findall(
            r"(?:gettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)", templatize(chemin.read_text())
        ):
            yield ast.literal_eval(marque.removeprefix("u"))


def test_le_catalogue_a_toutes_les_phrases_et_elles_seules(catalogue):
    ecrites = {*du_python(), *des_gabarits()}
    connues = {entree.msgid for entree in catalogue if not entree.obsolete}
    assert sorted(ecrites - connues) == []
    assert sorted(connues - ecrites) == []
    assert len(connues) > 300


def test_aucune_phrase_n_est_marquee_dans_une_f_string_ou_l_outil_ne_la_voit_pas():
    fautives = []
    for chemin in suivis(*(f"{a}/*.py" for a in APPLICATIONS)):
        for noeud in ast.walk(ast.parse(chemin.read_text())):
            if isinstance(noeud, ast.JoinedStr):
                fautives += [f"{chemin.name}:{appel.lineno}" for appel in appels(noeud)]
    assert fautives == []


def test_chaque_phrase_est_traduite_avec_les_memes_trous(catalogue):
    assert [e.msgid for e in catalogue if not e.msgstr or e.fuzzy or e.obsolete] == []
    differents = [e.msgid for e in catalogue if sorted(TROU.findall(e.msgid)) != sorted(TROU.findall(e.msgstr))]
    assert differents == []


def test_l_anglais_n_a_pas_la_typographie_du_francais(catalogue):
    fautes = re.compile(r"[«»]| [:;!?]| %(?![(sd])|&nbsp;:|\xa0:")
    assert [e.msgstr for e in catalogue if fautes.search(e.msgstr)] == []


def test_le_catalogue_compile_est_celui_qu_on_lit(catalogue):
    with CATALOGUE.with_suffix(".mo").open("rb") as compile_:
        compilees = gettext.GNUTranslations(compile_)
    assert [e.msgid for e in catalogue if compilees.gettext(e.msgid) != e.msgstr] == []
