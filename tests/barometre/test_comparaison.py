"""Comparer: même échelle, mêmes points partout, et rien qui échoue."""

import datetime
import html
import re
from fractions import Fraction
from urllib.parse import urlencode

import pytest

from barometre import parcours
from barometre.chiffres import Serie
from barometre.graphiques import LARGE
from barometre.graphiques.comparaison import STYLES, aligner, superposer
from barometre.models import Edition
from barometre.pages.comparaison.comparables import comparables, exemples
from indicateurs.arithmetique import code_du_rang
from tests import fabrique as f
from tests.barometre.public import CODES, paraitre, publier, texte
from tests.barometre.test_organisation import rangees

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    """MCN, et O0 à O6 de même catégorie; O0 est silencieuse au dernier trimestre."""
    return publier(8)


def adresse(*slugs: str, indicateur: str = "sans-papier", **champs) -> str:
    return f"/comparer/?{urlencode([*(('o', s) for s in slugs), ('indicateur', indicateur), *champs.items()])}"


def lire(client, *slugs: str, **champs) -> str:
    reponse = client.get(adresse(*slugs, **champs))
    assert reponse.status_code == 200
    return reponse.content.decode()


def en_mots(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<(svg|head)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)))


# --- ce qu'elle montre -----------------------------------------------------------------------------------------------
def test_deux_organisations_se_lisent_sur_une_meme_echelle_avec_leur_tableau_et_leurs_comptes(client, edition):
    page = lire(client, "mcn", "o1")
    assert page.count('role="img"') == 2
    for graduation in ("0\xa0%", "100\xa0%"):
        assert page.count(f">{graduation}<") == 2
    assert "cible nationale 75\xa0%" in page
    dernier = rangees(client, adresse("mcn", "o1"), "Processus sans papier, par trimestre")[-1]
    assert dernier == ["1er trimestre de 2023", "51,0\xa0%", "53,0\xa0%", "60,0\xa0%"]
    comptes = rangees(client, adresse("mcn", "o1"), "Le dernier chiffre de chacune")
    assert [ligne[3:5] for ligne in comptes] == [["51,0\xa0%", "51\xa0sur\xa0100"], ["53,0\xa0%", "53\xa0sur\xa0100"]]
    assert "Au 1er trimestre de 2023, les parts vont de 51,0\xa0% à 53,0\xa0%." in html.unescape(page)


def test_le_dessin_le_tableau_et_le_registre_ont_les_memes_points(edition):
    sigles = ["MCN", "O0", "O1"]
    series = parcours.de_plusieurs(edition, sigles, "sans-papier")
    dessin = superposer(series, edition.regles["sans-papier"].pour(""), LARGE)
    for sigle, ligne in zip(sigles, dessin.lignes, strict=True):
        points = {code_du_rang(p.rang): p.part for p in ligne.trace.points}
        publics = {c.trimestre: c.case for c in parcours.parcourir(edition, sigle).series["sans-papier"].chiffres}
        attendus = {t: Fraction(c.numerateur, c.denominateur) for t, c in publics.items() if c.denominateur}
        assert points == attendus
        assert len(ligne.marques) == len(attendus)
        assert [p.y for p in ligne.trace.points] == [LARGE.y(part) for part in points.values()]


def test_un_trimestre_sans_chiffre_est_un_trou_dans_la_ligne(edition):
    series = parcours.de_plusieurs(edition, ["MCN", "O1"], "sans-papier")
    dessin = superposer(series, edition.regles["sans-papier"].pour(""), LARGE)
    assert all(len(ligne.trace.segments) == 2 for ligne in dessin.lignes)  # 2021-T1 manque à toutes


def test_des_series_de_longueurs_differentes_partagent_la_meme_abscisse(edition):
    series = parcours.de_plusieurs(edition, ["MCN", "O1"], "sans-papier")
    courte = {"MCN": series["MCN"], "O1": Serie(series["O1"].chiffres[4:])}
    alignees = aligner(courte, edition.regles["sans-papier"].pour(""))
    assert [c.trimestre for c in alignees["O1"].chiffres] == [c.trimestre for c in alignees["MCN"].chiffres]
    dessin = superposer(courte, edition.regles["sans-papier"].pour(""), LARGE)
    x = [{p.rang: p.x for p in ligne.trace.points} for ligne in dessin.lignes]
    assert all(x[0][rang] == abscisse for rang, abscisse in x[1].items() if rang in x[0])


def test_les_lignes_se_distinguent_sans_leur_couleur():
    assert len({style.couleur for style in STYLES}) == len(STYLES) == 5
    assert len({style.tirets for style in STYLES}) == 5
    assert len({style.forme for style in STYLES}) == 5


def test_deux_longs_sigles_voisins_gardent_deux_lignes_et_deux_noms(client):
    for fin in ("EST", "OUEST"):
        f.organisation(f"CISSS-DES-MONTAGNES-{fin}")
    publier()
    papier = f.Indicateur.objects.get(code="sans-papier")
    for sigle in ("CISSS-DES-MONTAGNES-EST", "CISSS-DES-MONTAGNES-OUEST"):
        organisation = f.Organisation.objects.get(sigle=sigle)
        f.reprendre({(organisation, f.trimestre(CODES[-1])): {papier: (1, 2)}}, f.instant("2023-05-25"))
    paraitre("2023-06-01", note="Elles entrent.")
    page = lire(client, "cisss-des-montagnes-est", "cisss-des-montagnes-ouest")
    assert ">CISSS…-EST<" in page
    assert ">CISSS…UEST<" in page


def test_une_part_d_organisations_montre_le_seuil_plutot_que_la_cible(client, edition):
    page = lire(client, "mcn", "o1", indicateur="donnees-ouvertes")
    assert "seuil 50\xa0%" in page
    assert "cible nationale" not in page.split("<figure")[1].split("<details")[0]


def test_une_cible_propre_se_dit_et_reste_dans_les_comptes(client):
    publier()
    o1, papier = f.Organisation.objects.get(sigle="O1"), f.Indicateur.objects.get(code="sans-papier")
    f.cible(papier, "2023-T1", "90", organisation=o1)
    paraitre("2023-06-01", note="Une cible propre.")
    page = html.unescape(lire(client, "mcn", "o1"))
    assert "O1 a sa propre cible\xa0: 90\xa0%." in page
    assert "MCN a sa propre cible" not in page
    comptes = rangees(client, adresse("mcn", "o1"), "Le dernier chiffre de chacune")
    assert [ligne[5] for ligne in comptes] == ["60,0\xa0%", "90,0\xa0%"]


def test_une_rupture_de_definition_s_explique(client, edition):
    page = lire(client, "mcn", "o1", indicateur="donnees-ouvertes")
    assert "3e trimestre de 2021\xa0: nouvelle définition. Le périmètre change." in html.unescape(page)


def test_une_organisation_renommee_se_compare_depuis_son_ancien_nom(client):
    neuve = f.organisation("NEUVE", assujettie_du=datetime.date(2022, 1, 1))
    vieille = f.organisation(
        "VIEILLE", nom="Régie vieille", assujettie_au=datetime.date(2021, 12, 31), remplacee_par=neuve
    )
    publier()
    papier = f.Indicateur.objects.get(code="sans-papier")
    reponses = {
        (vieille if c < "2022" else neuve, f.trimestre(c)): {papier: (1, 4) if c < "2022" else (3, 4)} for c in CODES
    }
    f.reprendre(reponses, f.instant("2023-05-25"))
    paraitre("2023-06-01", note="Elles entrent.")
    page = html.unescape(lire(client, "vieille", "mcn"))
    assert "Organisation remplacée\xa0: Régie vieille (VIEILLE), désormais Organisme NEUVE (NEUVE)." in page
    assert "NEUVE\xa0: Jusqu'au 31 décembre 2021, elle déclarait sous le nom «\xa0Régie vieille\xa0» (VIEILLE)." in page
    lignes = rangees(client, adresse("vieille", "mcn"), "Processus sans papier, par trimestre")
    assert [ligne[1] for ligne in lignes] == ["25,0\xa0%"] * 5 + ["75,0\xa0%"] * 5


# --- ce qu'elle propose ----------------------------------------------------------------------------------------------
def test_sans_organisation_la_page_explique_et_part_d_un_exemple(client, edition):
    page = lire(client)
    assert "Ajoutez une première organisation, ou partez d'un exemple." in en_mots(page)
    exemple = html.unescape(re.search(r'href="(/comparer/\?o=[^"]*)"', page)[1])
    assert "<figure" in client.get(exemple).content.decode()


def test_avec_une_seule_organisation_la_page_propose_les_comparables(client, edition):
    page = lire(client, "o1")
    assert "Ajoutez au moins une autre organisation." in en_mots(page)
    proposees = re.findall(r'href="/comparer/\?o=o1&amp;o=(\w+)&amp;', page.split("Organisations comparables")[1])
    assert len(proposees) == 5
    assert "mcn" not in proposees  # un ministère n'est pas de la même catégorie
    assert "o0" not in proposees  # elle n'a pas de chiffre


def test_les_comparables_sont_de_la_meme_categorie_et_du_meme_ordre_la_plus_proche_d_abord(edition):
    comptes = {"MCN": 100, "O1": 100, "O2": 300, "O3": 301, "O4": 34, "O5": 33, "O6": 90}
    assert comparables(edition, ["O1"], comptes) == ["O6", "O4", "O2"]
    assert comparables(edition, ["O0"], comptes) == ["O1", "O2", "O3", "O4", "O5"]
    assert exemples(edition, comptes) == [("O2", "O3")]
    assert exemples(edition, {}) == []


def test_un_exemple_est_de_deux_organisations_du_meme_ordre_et_non_de_deux_autres():
    natures = {"TRIBUNAL": "T", "ENTREPRISE": "E", "AUTRE": "A"}
    for categorie, lettre in natures.items():
        for n in (1, 2):
            f.organisation(f"{lettre}{n}", categorie=categorie)
    edition = publier(1)
    comptes = {"T1": 10, "T2": 31, "E1": 10, "E2": 30, "A1": 10, "A2": 10}

    assert exemples(edition, comptes) == [("E1", "E2")]
    assert exemples(edition, comptes | {"E2": 31}) == [("A1", "A2")]
    assert exemples(edition, comptes | {"E2": 31, "A2": 31}) == []


def test_une_autre_organisation_se_compare_d_abord_a_celles_de_son_portefeuille():
    sante = f.ministere("MSSS")
    for sigle, ministere in (("CLSC", sante), ("PORT", None), ("CHSLD", sante)):
        f.organisation(sigle, ministere=ministere)
    edition = publier(1)

    assert comparables(edition, ["CLSC"], {"CLSC": 10, "PORT": 10, "CHSLD": 20}) == ["CHSLD", "PORT"]


def test_des_organisations_inegales_se_comparent_avec_prudence(client):
    f.organisation("GEANTE", categorie="ENTREPRISE")
    publier()
    papier = f.Indicateur.objects.get(code="sans-papier")
    geante = f.Organisation.objects.get(sigle="GEANTE")
    f.reprendre({(geante, f.trimestre(CODES[-1])): {papier: (1_000, 4_200)}}, f.instant("2023-05-25"))
    paraitre("2023-06-01", note="Elle entre.")
    page = en_mots(lire(client, "mcn", "geante"))
    assert "Ces organisations ne sont pas toutes de la même catégorie." in page
    assert "Leurs dénominateurs vont de 100 à 4 200." in page
    assert "Comparez-les avec prudence." in page
    assert "prudence" not in en_mots(lire(client, "o1", "o1"))


def test_on_ajoute_par_sigle_par_nom_ou_parmi_les_proches(client, edition):
    assert "Retirer O1" in lire(client, "mcn", ajouter="o1")
    assert "Retirer O1" in lire(client, "mcn", ajouter="régie NUMÉRO 1")
    plusieurs = lire(client, "mcn", ajouter="regie")
    assert "Plusieurs noms contiennent «\xa0regie\xa0»." in html.unescape(plusieurs)
    assert 'href="/comparer/?o=mcn&amp;o=o3&amp;indicateur=sans-papier"' in plusieurs
    assert "Les plus proches\xa0:" in html.unescape(lire(client, "mcn", ajouter="rejie"))
    assert "Aucun nom ne contient «\xa0xylophone\xa0»." in html.unescape(lire(client, "mcn", ajouter="xylophone"))


def test_on_retire_une_organisation_par_un_lien_qui_garde_les_autres(client, edition):
    page = lire(client, "mcn", "o1", "o2", indicateur="formation")
    assert 'href="/comparer/?o=mcn&amp;o=o2&amp;indicateur=formation">Retirer O1<' in page
    assert page.count('<input type="hidden" name="o"') == 3


# --- ce qui ne va pas ------------------------------------------------------------------------------------------------
def test_ce_qui_est_inconnu_double_ou_de_trop_est_ignore_et_dit(client, edition):
    page = en_mots(lire(client, "mcn", "inconnue", "o1", "O1", "o2", "o3", "o4", "o5", indicateur="rien"))
    assert "L'organisation « inconnue » n'existe pas dans cette édition, et n'est pas appliquée." in page
    assert "L'indicateur « rien » n'existe pas dans cette édition, et n'est pas appliqué." in page
    assert "Déjà choisie : Régie numéro 1 (O1)." in page
    assert "Cinq organisations au plus. Non montrée : Régie numéro 5 (O5)." in page
    assert page.count("Retirer ") == 5


@pytest.mark.parametrize("penible", ["\0", "%", "'; --", "<script>", "\\", "a" * 50_000, "🂡", "\ud7ff", "..", " "])
def test_aucune_adresse_ne_fait_echouer_la_page(client, edition, penible):
    for champs in ({"o": penible}, {"ajouter": penible}, {"indicateur": penible}, {"o": [penible] * 50}):
        reponse = client.get("/comparer/", champs)
        assert reponse.status_code == 200
        assert b"<script" not in reponse.content


def test_une_organisation_sans_aucun_chiffre_laisse_une_phrase_et_non_un_dessin_vide(client):
    f.organisation("MUETTE")
    publier()
    page = lire(client, "mcn", "muette")
    assert "Il n'y a rien à tracer" in page
    assert "<figure" not in page
    assert "<figcaption></figcaption>" not in page


def test_une_organisation_qui_ne_devait_pas_cet_indicateur_le_dit(client):
    f.organisation("FINIE", assujettie_au=datetime.date(2019, 6, 30))
    publier()
    page = en_mots(lire(client, "mcn", "o1", "finie"))
    assert "N'avait pas à déclarer cet indicateur : Organisme FINIE (FINIE)." in page


def test_une_organisation_qui_ne_declare_pas_encore_est_ignoree_et_dite(client):
    neuve = f.organisation("NEUVE", nom="Agence neuve", assujettie_du=datetime.date(2023, 4, 1))
    f.organisation("VIEILLE", assujettie_au=datetime.date(2023, 6, 30), remplacee_par=neuve)
    publier()
    page = en_mots(lire(client, "mcn", "neuve"))
    assert "Ne déclare pas encore dans cette édition : Agence neuve (NEUVE)." in page
    assert "Retirer NEUVE" not in page


def test_tous_les_liens_d_une_ancienne_edition_y_restent(client, edition):
    page = client.get("/editions/2023-T1/comparer/?o=mcn&o=o1").content.decode()
    liens = re.findall(r'(?:href|action)="(/[^"]*)"', page.split("<main")[1].split("</main")[0])
    assert liens
    assert all(lien.startswith("/editions/2023-T1/") for lien in liens)


def test_sans_edition_la_page_le_dit(client):
    assert "Rien n'est encore publié" in texte(client.get("/comparer/"))


@pytest.mark.parametrize("organisations", [3, 30])
def test_comparer_coute_cinq_requetes_au_plus(client, organisations, django_assert_num_queries):
    publier(organisations)
    for demande in ("/comparer/", adresse("mcn"), adresse("mcn", "o0", "o1"), adresse("mcn", ajouter="regie")):
        with django_assert_num_queries(3 if demande == "/comparer/" else 5):
            client.get(demande)
