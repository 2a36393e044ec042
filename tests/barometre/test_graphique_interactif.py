"""Le graphique interactif: les mêmes points que la courbe et son tableau, une page à lui, rien d'un autre hôte."""

import base64
import html
import itertools
import json
import re
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import plotly.graph_objects as go
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from barometre import statique, tableaux
from barometre.graphiques import LARGE, couleurs, dessiner, relever
from barometre.graphiques.figure import BANDE, Ecrits, figurer
from barometre.pages.graphique import _colonnes
from barometre.views.graphiques import FEUILLE_DES_CARTES, FEUILLE_VIDE
from indicateurs.arithmetique import rang
from indicateurs.mots import trimestre
from tests import fabrique as f
from tests.barometre.public import paraitre, publier, texte
from tests.barometre.suites import serie
from tests.barometre.test_trois_sorties import lignes_du_tableau, points

TITRES = {"observe": "Part observée", "panel": "Panel constant", "cible": "Cible", BANDE: "Bornes"}
ADRESSES = ("graphique/", "figure.json", "courbe.csv", "courbe.svg", "courbe.png", "image.png")


def figure(une, titre: str = "Titre") -> dict:
    """La figure d'une série, telle que la page la compose, relue de son JSON."""
    colonnes = _colonnes(tableaux.des_releves(relever(une), ""))
    return json.loads(json.dumps(figurer(une, Ecrits(colonnes, titre, ["Source"]))))


def traces(faite: dict, cle: str) -> list[dict]:
    return [trace for trace in faite["data"] if trace["meta"] == cle]


def dits(faite: dict, cle: str) -> dict[str, tuple[float | None, str]]:
    """Par trimestre, la part et le texte d'une ligne, tous morceaux réunis."""
    return {
        x: (y, ecrit)
        for trace in traces(faite, cle)
        for x, y, ecrit in zip(trace["x"], trace["y"], trace["text"], strict=True)
    }


# --- la figure -------------------------------------------------------------------------------------------------------
def test_plotly_reconnait_chaque_propriete_de_la_figure():
    une = serie({"2022-T1": 40, "2022-T2": None, "2022-T3": 42}, True, 2, agregation="PART_ORGANISATIONS")
    faite = figure(une)
    go.Figure(data=faite["data"], layout=faite["layout"])
    image = faite["image"]
    go.Layout(title=image["title"], margin=image["margin"], annotations=[image["source"]])


def test_l_axe_va_de_zero_a_cent_et_ne_s_etire_pas():
    axe = figure(serie({"2022-T1": 40}))["layout"]["yaxis"]
    assert (axe["range"], axe["fixedrange"]) == ([0, 100], True)


def test_un_trou_reste_un_trou_et_jamais_un_zero():
    faite = figure(serie({"2022-T1": 0, "2022-T2": None, "2022-T4": 42}))
    assert dits(faite, "observe") | {"2022-T4": None} == {
        "2022-T1": (0, "0\xa0%"),
        "2022-T2": (None, "non disponible"),
        "2022-T3": (None, "non publiée"),
        "2022-T4": None,
        **{f"2023-T{q}": (None, "à venir") for q in (1, 2, 3, 4)},
    }
    assert {trace["connectgaps"] for trace in traces(faite, "observe")} == {False}


def test_une_rupture_coupe_la_ligne_mais_pas_la_cible():
    faite = figure(serie({"2022-T1": 40, "2022-T2": 41, "2022-T3": 20}, ruptures=["2022-07-15"]))
    assert [trace["x"][0] for trace in traces(faite, "observe")] == ["2022-T1", "2022-T3"]
    assert len(traces(faite, "cible")) == 1
    assert [trait["x0"] for trait in faite["layout"]["shapes"]] == [1.5]
    assert "nouvelle définition" in [nom["text"] for nom in faite["layout"]["annotations"]]


def test_sans_cible_ni_panel_il_n_y_a_qu_une_ligne_et_qu_un_nom():
    faite = figure(serie({"2022-T1": 40, "2022-T2": 41}, points=()))
    assert [trace["meta"] for trace in faite["data"]] == ["observe"]
    assert [nom["name"] for nom in faite["layout"]["annotations"]] == ["observe"]


def test_la_bande_suit_les_bornes_et_ne_franchit_aucun_trou():
    une = serie({"2022-T1": 40, "2022-T2": None, "2022-T3": 50}, silencieuses=2, agregation="PART_ORGANISATIONS")
    (bande,) = traces(figure(une), BANDE)
    assert bande["x"].count(None) == 2  # une suite de chaque côté du trou, et la figure se ferme
    places = {(x, y) for x, y in zip(bande["x"], bande["y"], strict=True) if x}
    attendus = {(r.trimestre, round(float(b) * 100, 6)) for r in relever(une) if r.bornes for b in r.bornes}
    assert places == attendus
    assert not traces(figure(serie({"2022-T1": 40})), BANDE)


@pytest.mark.parametrize("champs", [{}, {"panel": True}, {"ruptures": ["2021-07-01"]}, {"points": ()}])
def test_la_figure_la_courbe_et_le_tableau_se_correspondent_point_par_point(champs):
    parts = {"2021-T1": 30, "2021-T2": None, "2021-T3": 33, "2022-T2": 61, "2022-T3": 100}
    une = serie(parts, silencieuses=1, **champs)
    faite, courbe, tableau = figure(une), dessiner(une, LARGE), tableaux.des_releves(relever(une), "")
    du_tableau = {ligne.titre: {c.titre: t for c, t in ligne.cellules} for ligne in tableau.lignes}
    for cle in ("observe", "panel", "cible"):
        dites = dits(faite, cle)
        dessinees = {p.rang: p.part for t in courbe.traces if t.cle == cle for p in t.points}
        connues = {rang(x): y for x, (y, _) in dites.items() if y is not None}
        assert connues == pytest.approx({r: float(part * 100) for r, part in dessinees.items()}, abs=1e-6)
        if dites:
            assert {trimestre(x): ecrit for x, (_, ecrit) in dites.items()} == {
                quand: textes[TITRES[cle]] for quand, textes in du_tableau.items()
            }


def test_un_nom_qui_ressemble_a_du_html_reste_un_nom():
    faite = figure(serie({"2022-T1": 40}), "<b>A</b> & <img src=x>")
    assert faite["image"]["title"]["text"] == "&lt;b&gt;A&lt;/b&gt; &amp; &lt;img src=x&gt;"
    assert "<img" not in json.dumps(faite)


def test_chaque_trimestre_se_dit_en_une_phrase():
    faite = figure(serie({"2022-T1": 40, "2022-T2": None}, panel=True))
    assert faite["lectures"][0] == (
        "1er trimestre de 2022\xa0: part observée 40,0\xa0%, panel constant 25,0\xa0%, cible 20,0\xa0%."
    )
    assert faite["lectures"][1].startswith("2e trimestre de 2022\xa0: part observée non disponible,")
    assert (len(faite["lectures"]), faite["dernier"]) == (8, 1)


def test_les_noms_des_lignes_ne_se_touchent_pas():
    faite = figure(serie({"2022-T1": 20, "2022-T2": 60}, panel=True, points=(("2022-T1", 59), ("2022-T2", 60))))
    hauteurs = sorted(nom["y"] for nom in faite["layout"]["annotations"])
    assert all(b - a >= 6 for a, b in itertools.pairwise(hauteurs))


def test_les_couleurs_sont_celles_de_la_feuille_de_style():
    css = (settings.RACINE / "static" / "barometre.css").read_text()
    for nom in ("texte", "lien", "panel", "bande", "pale", "axe", "bord", "calme"):
        assert re.search(rf"--{nom}: (#[0-9a-f]+)", css)[1] == getattr(couleurs, nom.upper()), nom
    assert couleurs.GRILLE in css
    ecrites = {"ATTEINTE": "atteint", "EN_RETARD": "retard"}
    for verdict, nom in ecrites.items():
        attendues = tuple(re.search(rf"--{n}: (#[0-9a-f]+)", css)[1] for n in (nom, f"{nom}-fond"))
        assert couleurs.VERDICTS[verdict] == attendues


# --- le fichier de plotly --------------------------------------------------------------------------------------------
def test_un_seul_fichier_du_paquet_est_servi():
    trouve = Path(finders.find("plotly.min.js"))
    assert trouve == statique.dossier() / "plotly.min.js"
    assert finders.find("widgetbundle.js") is None
    assert finders.find("datasets/gapminder.csv.gz") is None
    assert [nom for nom, _ in statique.DePlotly().list([])] == ["plotly.min.js"]


def test_rien_ne_se_comprime_deux_fois_ni_pour_personne(tmp_path):
    rangement = statique.Rangement(location=tmp_path, base_url="/static/")
    noms = ["plotly.min.js", "plotly.min.0123456789ab.js", "site.css", "site.abcdef012345.css"]
    for nom in noms:
        (tmp_path / nom).write_text("x" * 2000)
    premiers = {source for source, _ in rangement.compress_files(noms)}
    assert premiers == set(noms) - {"plotly.min.js"}
    assert {source for source, _ in rangement.compress_files(noms)} == {"site.css"}  # son contenu a pu changer


def test_les_deux_feuilles_de_style_de_plotly_sont_celles_que_la_page_permet():
    source = (statique.dossier() / "plotly.min.js").read_text()
    posees = re.findall(r"""textContent='((?:[^'\\]|\\.)*)'""", source)
    assert source.count('createElement("style")') == len(posees) + 1  # l'autre reste vide
    empreintes = [base64.b64encode(sha256(texte.encode()).digest()).decode() for texte in (*posees, "")]
    assert [f"'sha256-{empreinte}'" for empreinte in empreintes] == [FEUILLE_DES_CARTES, FEUILLE_VIDE]


def test_le_bouton_dit_le_poids_du_fichier_tel_qu_il_est_servi(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    statique._octets.cache_clear()
    assert statique.poids().endswith("\xa0Mo")
    assert float(statique.poids().split("\xa0")[0].replace(",", ".")) > 4  # tel quel, faute de fichier comprimé
    (tmp_path / "plotly.min.js.br").write_bytes(b"x" * 1_150_000)
    statique._octets.cache_clear()
    assert statique.poids() == "1,1\xa0Mo"
    statique._octets.cache_clear()


# --- la page ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sans-papier", "donnees-ouvertes", "formation"])
def test_le_json_le_dessin_et_le_tableau_de_la_page_disent_les_memes_points(client, code):
    publier()
    page = client.get(f"/indicateurs/{code}/graphique/").content.decode()
    faite = client.get(f"/indicateurs/{code}/figure.json").json()
    tableau = lignes_du_tableau(page)
    codes = {trimestre(x): x for x in faite["layout"]["xaxis"]["categoryarray"]}
    assert list(codes) == list(tableau)
    abscisse = LARGE.abscisses(0, len(codes) - 1)
    for cle in ("observe", "panel", "cible"):
        dites = dits(faite, cle)
        places = [(abscisse(i), dites[x][0]) for i, x in enumerate(codes.values()) if x in dites]
        attendus = [(x, y) for x, y in places if y is not None]
        dessines = points(page, LARGE.largeur, cle)
        assert [x for x, _ in dessines] == [x for x, _ in attendus]
        assert [y for _, y in dessines] == [LARGE.y(Fraction(y) / 100) for _, y in attendus]
        for quand, x in codes.items():
            if dites:
                assert dites[x][1] == tableau[quand][TITRES[cle]]
    if "Bornes" in next(iter(tableau.values())):
        lectures = dict(zip(codes, faite["lectures"], strict=True))
        assert all(f"bornes {ligne['Bornes']}." in lectures[quand] for quand, ligne in tableau.items())


@pytest.mark.django_db
def test_la_politique_de_plotly_ne_vaut_que_sur_sa_page_et_survit_au_cache(client):
    publier()
    for _ in range(2):  # la seconde vient du cache
        politique = client.get("/indicateurs/sans-papier/graphique/")["Content-Security-Policy"]
        assert f"style-src 'self' {FEUILLE_VIDE} {FEUILLE_DES_CARTES};" in f"{politique};"
        assert "img-src 'self' data: blob:" in politique
        assert "script-src 'self';" in politique + ";"
        assert "unsafe" not in politique
    for adresse in ("/", "/indicateurs/sans-papier/", "/indicateurs/sans-papier/figure.json"):
        politique = client.get(adresse)["Content-Security-Policy"]
        assert "sha256" not in politique
        assert "data:" not in politique


@pytest.mark.django_db
def test_sans_script_la_page_montre_la_courbe_le_tableau_et_les_fichiers(client):
    publier(fictive=True)
    reponse = client.get("/indicateurs/sans-papier/graphique/")
    page = texte(reponse)
    assert "Sans JavaScript, la courbe et le tableau disent la même chose." in page
    assert "Voir les données en tableau" in page
    assert re.findall(r'<script src="([^"]+)" defer>', reponse.content.decode()) == [
        "/static/plotly.min.js",
        "/static/graphique.js",
    ]
    for fichier in ("courbe.csv", "courbe.svg", "courbe.png"):
        assert f'href="/indicateurs/sans-papier/{fichier}"' in reponse.content.decode()


@pytest.mark.django_db
def test_la_page_d_un_indicateur_mene_au_graphique_et_a_ses_fichiers_dans_son_edition(client):
    publier()
    page = client.get("/editions/2023-T1/indicateurs/sans-papier/").content.decode()
    for suite in ADRESSES[:-1]:
        if suite != "figure.json":
            assert f'href="/editions/2023-T1/indicateurs/sans-papier/{suite}"' in page
    assert (
        'data-figure="/editions/2023-T1/'
        in client.get("/editions/2023-T1/indicateurs/sans-papier/graphique/").content.decode()
    )


@pytest.mark.django_db
def test_sans_aucune_part_une_phrase_tient_lieu_de_graphique(client):
    vide, trimestre_un = f.indicateur("vide"), f.trimestre("2023-T1")
    f.reprendre({(f.organisation("A"), trimestre_un): {vide: (0, 0)}}, f.instant("2023-05-02"))
    paraitre("2023-05-18")
    for adresse in ("/indicateurs/vide/graphique/", "/indicateurs/vide/", "/integrer/vide/"):
        page = client.get(adresse)
        assert page.status_code == 200
        assert "Aucun chiffre n'est encore connu." in html.unescape(texte(page)), adresse
        assert 'aria-label="Courbe' not in page.content.decode()
        assert "<script" not in page.content.decode()
        assert "Télécharger cette courbe" not in texte(page)
    for suite in ADRESSES[1:-1]:
        assert client.get(f"/indicateurs/vide/{suite}").status_code == 404
    assert client.get("/indicateurs/vide/image.png").status_code == 200


@pytest.mark.django_db
def test_un_indicateur_ou_une_organisation_inconnus_donnent_404(client):
    inconnues = [f"/indicateurs/inconnu/{suite}" for suite in ADRESSES]
    inconnues += ["/integrer/inconnu/", "/organisations/inconnue/image.png"]
    for adresse in (*inconnues, "/image.png"):
        assert client.get(adresse).status_code == 404, adresse  # rien n'est encore publié
    publier()
    for adresse in inconnues:
        assert client.get(adresse).status_code == 404, adresse
        assert client.get(f"/editions/2023-T1{adresse}").status_code == 404, adresse
