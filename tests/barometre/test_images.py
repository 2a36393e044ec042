"""Ce qu'on emporte d'une courbe: SVG, PNG, CSV et vignettes, avec leur source, les mêmes points, les mêmes octets."""

import io
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from PIL import Image, ImageChops

from barometre.formats import lire_csv
from barometre.graphiques import vignette
from barometre.graphiques.dessin import Chemin, Dessin, Texte, couper
from barometre.graphiques.peinture import _en_tirets, _police, lire, peindre
from barometre.graphiques.planche import Legende, composer
from indicateurs.affichage import pour_cent_exact
from tests import fabrique as f
from tests.barometre.public import paraitre, publier
from tests.barometre.suites import serie

SVG = "{http://www.w3.org/2000/svg}"
INDICATEUR = "/indicateurs/donnees-ouvertes/"
SOURCE = "Source\xa0: Baromètre numérique, édition 2023-T1, publiée le 18 mai 2023. Licence CC BY 4.0."
FICTIF = "Données de démonstration\xa0: les chiffres sont fictifs."


def dessin(*formes, largeur: int = 100, hauteur: int = 50) -> Dessin:
    chemins, textes = ([x for x in formes if isinstance(x, genre)] for genre in (Chemin, Texte))
    return Dessin(largeur, hauteur, "Titre", "Ce qu'il dit.", chemins, [], textes)


def ouvrir(octets: bytes) -> Image.Image:
    return Image.open(io.BytesIO(octets))


def sans_blanc(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Le rectangle de ce qui est peint."""
    return ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, "white")).getbbox()


def svg_de(client, adresse: str = INDICATEUR) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(f"{adresse}courbe.svg").content)  # noqa: S314 - c'est le nôtre


def textes_de(racine: ElementTree.Element) -> str:
    return " ".join(noeud.text for noeud in racine.iter(f"{SVG}text"))


# --- les fichiers d'une courbe ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_le_svg_se_suffit_et_dit_son_titre_sa_source_son_edition_et_sa_date(client):
    publier(fictive=True)
    racine = svg_de(client)
    assert racine.find(f"{SVG}title").text == "Données diffusées"
    assert racine.find(f"{SVG}desc").text.startswith("Depuis la nouvelle définition, la part")
    ecrit = textes_de(racine)
    for attendu in (
        SOURCE,
        FICTIF,
        "Données diffusées",
        "Panel constant\xa0:",
        "Bande pâle\xa0:",
        "nouvelle définition",
    ):
        assert attendu in ecrit
    source = ElementTree.tostring(racine, encoding="unicode")
    assert not re.search(r"<style|style=|<script|href=|url\(|https?://(?!www\.w3\.org/)", source)
    nombres = re.findall(r' (?:x|y|d|cx|cy|r|width|height|viewBox|stroke-width|stroke-dasharray)="([^"]*)"', source)
    assert all(re.fullmatch(r"[MLHVZ0-9. %-]+", n) for n in nombres)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sans-papier", "donnees-ouvertes", "formation"])
def test_les_points_du_svg_sont_ceux_du_json_et_du_csv(client, code):
    publier()
    racine, faite = svg_de(client, f"/indicateurs/{code}/"), client.get(f"/indicateurs/{code}/figure.json").json()
    du_csv = lire_csv(client.get(f"/indicateurs/{code}/courbe.csv").content)
    colonnes = {"observe": "part_observee", "panel": "panel_constant", "cible": "cible"}
    noms = dict(zip(faite["layout"]["xaxis"]["categoryarray"], faite["trimestres"], strict=True))
    assert [ligne["trimestre"] for ligne in du_csv] == list(noms)
    for cle, colonne in colonnes.items():
        ecrits = [
            m.find(f"{SVG}title").text
            for m in racine.iter()
            if m.get("class") == cle and m.find(f"{SVG}title") is not None
        ]
        traces = [t for t in faite["data"] if t["meta"] == cle]
        dits = [(x, y, e) for t in traces for x, y, e in zip(t["x"], t["y"], t["text"], strict=True) if y is not None]
        assert ecrits == [f"{noms[x]}\xa0: {ecrit}" for x, _, ecrit in dits]
        assert [(x["trimestre"], float(x[colonne])) for x in du_csv if x[colonne]] == [(x, y) for x, y, _ in dits]


@pytest.mark.django_db
def test_le_csv_suit_les_conventions_des_donnees_ouvertes(client):
    edition = publier()
    octets = client.get(f"{INDICATEUR}courbe.csv").content
    lignes = {ligne["trimestre"]: ligne for ligne in lire_csv(octets)}
    assert octets.startswith(b"edition,indicateur,trimestre,part_observee,")
    assert b"\r" not in octets
    dernier = edition.series_d_un("donnees-ouvertes")[("", "")].dernier
    derniere = lignes["2023-T1"]
    assert derniere["part_observee"] == pour_cent_exact(dernier.part)
    assert [derniere["borne_basse"], derniere["borne_haute"]] == [pour_cent_exact(b) for b in dernier.bornes]
    assert (derniere["attendues"], derniere["repondantes"]) == ("3", "2")
    assert lignes["2021-T1"]["part_observee"] == lignes["2023-T4"]["attendues"] == ""
    assert {ligne["indicateur"] for ligne in lignes.values()} == {"donnees-ouvertes"}


@pytest.mark.django_db
@pytest.mark.parametrize("forme", ["csv", "svg", "png"])
def test_un_fichier_se_telecharge_sous_un_nom_qui_dit_son_edition_aussi_depuis_le_cache(client, forme):
    publier()
    for _ in range(2):
        reponse = client.get(f"/indicateurs/sans-papier/courbe.{forme}")
        assert reponse["Content-Disposition"] == f'attachment; filename="barometre-2023-T1-sans-papier.{forme}"'
        assert reponse["Access-Control-Allow-Origin"] == "*"
        assert reponse["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert reponse["Cache-Control"].startswith("public, max-age=60")
    ancree = client.get(f"/editions/2023-T1/indicateurs/sans-papier/courbe.{forme}")
    assert ancree["Content-Disposition"] == reponse["Content-Disposition"]
    assert ancree.content == reponse.content
    connue = client.get(f"/indicateurs/sans-papier/courbe.{forme}", headers={"if-none-match": reponse["ETag"]})
    assert connue.status_code == 304


@pytest.mark.django_db
def test_une_ancienne_edition_garde_son_dessin(client):
    publier()
    avant = client.get("/editions/2023-T1/indicateurs/sans-papier/courbe.svg").content
    paraitre("2023-06-18", note="Un ajout")
    ancienne = client.get("/editions/2023-T1/indicateurs/sans-papier/courbe.svg")
    assert ancienne.content == avant
    assert '"barometre-2023-T1-sans-papier.svg"' in ancienne["Content-Disposition"]
    nouvelle = client.get("/indicateurs/sans-papier/courbe.svg")
    assert "édition 2023-T1-r1, publiée le 18 juin 2023" in nouvelle.content.decode()
    assert "2023-T1-r1" in nouvelle["Content-Disposition"]


# --- le PNG ----------------------------------------------------------------------------------------------------------
def test_le_png_a_la_taille_de_la_planche_et_toujours_les_memes_octets():
    une = serie({"2022-T1": 40, "2022-T2": None, "2022-T3": 55}, panel=True, ruptures=["2022-07-01"])
    planche = composer(une, Legende("Titre", "Ce qu'elle dit.", ["Une note.", "La source."]))
    octets = peindre(planche, 2)
    image = ouvrir(octets)
    assert image.size == (planche.largeur * 2, planche.hauteur * 2)
    assert image.info["Title"] == "Titre"
    assert peindre(planche, 2) == octets
    gauche, haut, droite, bas = sans_blanc(image)
    assert gauche >= 40
    assert haut >= 40
    assert droite <= image.width - 20
    assert bas <= image.height - 20


def test_la_police_a_tous_les_accents_du_francais():
    police, absent = _police("Regular", 40), bytes(_police("Regular", 40).getmask("\uffff"))
    for lettre in "ÀÂÇÉÈÊËÎÏÔÙÛÜŸàâçéèêëîïôùûüÿœŒæ«»’…–%":
        assert bytes(police.getmask(lettre)) != absent, lettre
    assert police.getlength("1\xa0000") > police.getlength("1000")


def test_un_trace_se_relit_comme_le_svg_l_ecrit():
    assert lire("M1 2L3 4H5V6Z") == ([([(1, 2), (3, 4), (5, 4), (5, 6)], True)])
    assert lire("M1 2H3M4 5V6") == [([(1, 2), (3, 2)], False), ([(4, 5), (4, 6)], False)]


def test_les_tirets_courent_d_un_segment_a_l_autre():
    assert list(_en_tirets([(0, 0), (10, 0)], [])) == [[(0, 0), (10, 0)]]
    assert list(_en_tirets([(0, 0), (10, 0)], [4, 2])) == [[(0, 0), (4, 0)], [(6, 0), (10, 0)]]
    assert list(_en_tirets([(0, 0), (3, 0), (3, 7)], [4, 2])) == [[(0, 0), (3, 0), (3, 1)], [(3, 3), (3, 7)]]


def test_une_ligne_un_aplat_et_un_texte_sont_peints_ou_le_dessin_les_place():
    image = ouvrir(peindre(dessin(Chemin("M10 20H90", "#095797", 4)))).convert("RGB")
    assert image.getpixel((50, 20)) == (9, 87, 151)
    assert sans_blanc(image) == pytest.approx((10, 18, 90, 22), abs=1)
    aplat = ouvrir(peindre(dessin(Chemin("M10 10H90V40H10Z", fond="#dae6f0")))).convert("RGB")
    assert aplat.getpixel((50, 25)) == (218, 230, 240)
    gauche, haut, droite, bas = sans_blanc(ouvrir(peindre(dessin(Texte(50, 30, "éÉ", 20, "#000000", ancre="middle")))))
    assert haut >= 5
    assert bas <= 32
    assert abs((gauche + droite) / 2 - 50) <= 2


def test_un_texte_long_se_coupe_entre_deux_mots_et_s_abrege_a_la_fin():
    lignes = couper("Part des processus administratifs sans papier\xa0: toutes les organisations", 300, 20, 2)
    assert len(lignes) == 2
    assert lignes[-1].endswith("…")
    assert couper("61,4\xa0% atteints", 60, 10) == ["61,4\xa0%", "atteints"]


# --- les vignettes ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "adresse",
    ["/indicateurs/sans-papier/", "/indicateurs/formation/", "/organisations/mcn/", "/organisations/o0/", "/"],
)
def test_chaque_vignette_mesure_1200_par_630_et_pese_peu(client, adresse):
    publier(fictive=True)
    reponse = client.get(f"{adresse}image.png")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "image/png")
    assert ouvrir(reponse.content).size == (1200, 630)
    assert len(reponse.content) < 60_000
    assert reponse["Cross-Origin-Resource-Policy"] == client.get(f"{adresse}image.png")["Cross-Origin-Resource-Policy"]
    assert reponse["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
def test_une_vignette_dit_le_nom_la_part_la_cible_l_edition_et_que_tout_est_fictif(client, monkeypatch):
    vus: list[Dessin] = []
    monkeypatch.setattr("barometre.views.graphiques.peindre", lambda dessin: vus.append(dessin) or b"")
    publier(fictive=True)
    for adresse in ("/indicateurs/sans-papier/", "/organisations/o0/", "/"):
        client.get(f"{adresse}image.png")
    indicateur, silencieuse, site = ([texte.texte for texte in vu.textes] for vu in vus)
    for attendu in (
        "Processus sans papier",
        "cible 75\xa0% fin 2023",
        "En retard de 8,0\xa0points sur le chemin",
        FICTIF,
    ):
        assert attendu in indicateur
    assert re.fullmatch(r"\d+,\d\xa0%", next(x.texte for x in vus[0].textes if x.corps == 140))
    assert "Édition 2023-T1, publiée le 18 mai 2023." in indicateur
    assert "Régie numéro 0" in silencieuse
    assert any("en retard de 3 jours" in texte for texte in silencieuse)
    assert {"Processus sans papier", "Données diffusées"} <= set(site)


@pytest.mark.django_db
def test_une_organisation_sans_aucun_chiffre_a_quand_meme_sa_vignette(client):
    f.organisation("PASSEE", assujettie_du=f.instant("2010-01-01").date(), assujettie_au=f.instant("2015-01-01").date())
    publier()
    assert client.get("/organisations/passee/image.png").status_code == 200


def test_rien_ne_deborde_d_une_vignette_meme_avec_des_noms_tres_longs():
    rangee = vignette.Rangee("Part " * 30, "non disponible\xa0: " + "motif " * 40, "", "", "NON_JUGEABLE", None)
    for rangees in ([rangee] * 3, [rangee._replace(titre="")], []):
        faite = vignette.composer(vignette.Vignette("Site", "Ministère " * 20, "", rangees, "Édition", "Avis"))
        for texte in faite.textes:
            police = _police("Bold" if texte.est_gras else "Regular", texte.corps)
            assert police.getlength(texte.texte) <= vignette.UTILE, texte.texte
            assert 0 < texte.y < vignette.HAUTEUR


@pytest.mark.django_db
def test_une_vignette_dit_sous_le_chiffre_qu_il_compte_des_organisations(client, monkeypatch):
    vus: list[Dessin] = []
    monkeypatch.setattr("barometre.views.graphiques.peindre", lambda dessin: vus.append(dessin) or b"")
    publier(fictive=True)
    for adresse in (INDICATEUR, "/", "/indicateurs/sans-papier/"):
        client.get(f"{adresse}image.png")
    for vu in vus[:2]:
        [dite] = [texte for texte in vu.textes if texte.texte == "des organisations"]
        assert any(0 < dite.y - texte.y < 80 and "%" in texte.texte for texte in vu.textes)
        assert dite.y < vignette.BAS
    assert "des organisations" not in [texte.texte for texte in vus[2].textes]


@pytest.mark.django_db
def test_chaque_page_d_une_edition_nomme_une_image_absolue_qui_existe(client, settings):
    settings.ADRESSE_DU_SITE = "https://barometre.exemple"
    publier()
    for adresse in ("/", "/indicateurs/sans-papier/", "/organisations/mcn/", "/organisations/", "/donnees/"):
        for racine in ("", "/editions/2023-T1") if adresse != "/donnees/" else ("",):
            page = client.get(racine + adresse).content.decode()
            image = re.search(r'<meta property="og:image" content="https://barometre\.exemple(/[^"]+)">', page)[1]
            assert image.startswith(racine)
            assert client.get(image)["Content-Type"] == "image/png", image
            assert re.search(r'<meta property="og:image:alt" content="[^"]{20,}">', page)
            assert '<meta name="twitter:card" content="summary_large_image">' in page
    alt = r'og:image:alt" content="Processus sans papier\xa0: \d\d,\d\xa0% au 1er trimestre de 2023\. En retard'
    assert re.search(alt, client.get("/indicateurs/sans-papier/").content.decode())
    assert settings.ADRESSE_DU_SITE not in client.get("/rien/").content.decode()


def test_les_gabarits_des_dessins_ne_portent_ni_style_ni_script():
    for gabarit in (settings.RACINE / "templates" / "graphiques").iterdir():
        assert not re.search(r"<style|style=|<script|\son\w+=", gabarit.read_text()), gabarit.name


# --- ce que tout cela coûte ------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("organisations", [3, 30])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_organisations(
    client, django_assert_num_queries, organisations
):
    publier(organisations)
    fichiers = ("graphique/", "figure.json", "courbe.csv", "courbe.svg", "courbe.png", "image.png")
    adresses = dict.fromkeys((f"{INDICATEUR}{fichier}" for fichier in fichiers), 2)
    adresses |= {"/integrer/donnees-ouvertes/": 2, "/image.png": 2, "/organisations/o0/image.png": 3}
    for adresse, requetes in adresses.items():
        with django_assert_num_queries(requetes):
            assert client.get(adresse).status_code == 200
        with django_assert_num_queries(0):  # ensuite, du cache
            assert client.get(adresse).status_code == 200
