"""Chaque courbe s'emporte d'où elle se montre: les mêmes points, sa source, son édition, un nom qui la dit."""

import csv
import datetime
import io
import re
from xml.etree import ElementTree

import pytest
from PIL import Image

from barometre import depot
from barometre.formats import au_dernier_trimestre, lire_csv
from barometre.models import Edition
from barometre.parcours import parcourir
from indicateurs.affichage import pour_cent_exact
from tests import fabrique as f
from tests import mondes
from tests.barometre.public import paraitre, publier

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
SOURCE = "Source\xa0: Baromètre numérique, édition 2023-T1, publiée le 18 mai 2023. Licence CC BY 4.0."
DEMANDE = "?o=mcn&o=o1&indicateur=sans-papier"
COURBES = {
    "/indicateurs/sans-papier/courbe.": "sans-papier",
    "/organisations/mcn/sans-papier/courbe.": "mcn-sans-papier",
    "/portefeuilles/mcn/sans-papier/courbe.": "portefeuille-mcn-sans-papier",
    "/comparer/export.": "comparaison",
}
TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


@pytest.fixture
def edition() -> Edition:
    return publier(3, fictive=True)


def vers(courbe: str, forme: str, racine: str = "") -> str:
    return f"{racine}{courbe}{forme}{DEMANDE if 'comparer' in courbe else ''}"


def lignes(client, courbe: str) -> list[dict[str, str]]:
    return lire_csv(client.get(vers(courbe, "csv")).content)


# --- les fichiers ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("forme", TYPES)
@pytest.mark.parametrize(("courbe", "nom"), COURBES.items())
def test_chaque_courbe_se_telecharge_sous_un_nom_qui_dit_son_edition(client, edition, courbe, nom, forme):
    ancrees = [vers(courbe, forme, racine) for racine in ("", "/editions/2023-T1")]
    for adresse in (*ancrees, *ancrees):  # la seconde fois, du cache
        reponse = client.get(adresse)
        assert (reponse.status_code, reponse["Content-Type"]) == (200, TYPES[forme])
        assert reponse["Content-Disposition"] == f'attachment; filename="barometre-fictif-2023-T1-{nom}.{forme}"'
        assert reponse["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("courbe", COURBES)
def test_chaque_dessin_se_suffit_et_dit_sa_source_et_que_tout_est_fictif(client, edition, courbe):
    racine = ElementTree.fromstring(client.get(vers(courbe, "svg")).content)  # noqa: S314 - c'est le nôtre
    ecrit = " ".join(noeud.text for noeud in racine.iter(f"{SVG}text"))
    assert SOURCE in ecrit
    assert "Données de démonstration" in ecrit
    assert racine.find(f"{SVG}title").text.startswith("Processus sans papier")
    assert racine.find(f"{SVG}desc").text
    image = Image.open(io.BytesIO(client.get(vers(courbe, "png")).content))
    assert image.size == (int(racine.get("width")) * 2, int(racine.get("height")) * 2)


def test_le_dessin_d_une_organisation_et_d_un_portefeuille_dit_son_nom(client, edition):
    for courbe in ("/organisations/o1/sans-papier/courbe.", "/portefeuilles/mcn/sans-papier/courbe."):
        racine = ElementTree.fromstring(client.get(vers(courbe, "svg")).content)  # noqa: S314 - c'est le nôtre
        nom = "Régie numéro 1" if "o1" in courbe else "Ministère de la Cybersécurité"
        assert racine.find(f"{SVG}title").text == f"Processus sans papier\xa0: {nom}"


def test_le_csv_d_une_organisation_dit_chaque_reponse_et_pourquoi_il_en_manque(client, edition):
    lues = {ligne["trimestre"]: ligne for ligne in lignes(client, "/organisations/o1/donnees-ouvertes/courbe.")}
    serie = parcourir(edition, "O1").series["donnees-ouvertes"]
    for chiffre in serie.chiffres:
        ligne, case = lues[chiffre.trimestre], chiffre.case
        comptes = [str(n) if n is not None else "" for n in (case.numerateur, case.denominateur)]
        assert [ligne["numerateur"], ligne["denominateur"], ligne["etat"]] == [*comptes, case.etat]
        assert ligne["part_observee"] == pour_cent_exact(chiffre.part)
    assert lues["2023-T1"]["motif"] == "systèmes en migration"
    assert {(x["edition"], x["organisation"], x["indicateur"]) for x in lues.values()} == {
        ("2023-T1", "O1", "donnees-ouvertes")
    }


def test_le_csv_d_un_portefeuille_est_celui_de_ses_chiffres_publies(client, edition):
    lues = {ligne["trimestre"]: ligne for ligne in lignes(client, "/portefeuilles/mcn/sans-papier/courbe.")}
    publies = [
        x
        for x in lire_csv(depot.lire("2023-T1", "chiffres.csv"))
        if (x["indicateur"], x["portefeuille"]) == ("sans-papier", "MCN")
    ]
    assert len(publies) == 10
    for x in publies:
        ligne = lues[x["trimestre"]]
        assert (ligne["part_observee"], ligne["attendues"]) == (x["part_globale"], x["attendues"])
        assert ligne["portefeuille"] == "MCN"


def test_le_csv_d_une_comparaison_a_les_points_de_chacune(client, edition):
    lues = lignes(client, "/comparer/export.")
    assert [ligne["organisation"] for ligne in lues] == sorted(ligne["organisation"] for ligne in lues)
    for sigle in ("MCN", "O1"):
        seule = lignes(client, f"/organisations/{sigle.lower()}/sans-papier/courbe.")
        assert [ligne for ligne in lues if ligne["organisation"] == sigle] == seule


def test_dans_le_csv_d_une_comparaison_chacune_a_sa_propre_cible(client, edition):
    o1, papier = f.Organisation.objects.get(sigle="O1"), f.Indicateur.objects.get(code="sans-papier")
    f.cible(papier, "2022-T1", "90", organisation=o1)
    paraitre("2023-06-01", note="Une cible propre.")
    cibles = {x["organisation"]: x["cible"] for x in lignes(client, "/comparer/export.") if x["trimestre"] == "2023-T1"}
    assert cibles == {"MCN": "60.000000", "O1": "90.000000"}


def test_dans_le_csv_d_une_comparaison_un_seuil_n_est_pas_une_cible(client, edition):
    lues = lire_csv(client.get("/comparer/export.csv?o=mcn&o=o1&indicateur=donnees-ouvertes").content)
    assert {ligne["organisation"] for ligne in lues} == {"MCN", "O1"}
    assert {ligne["cible"] for ligne in lues} == {""}


@pytest.mark.parametrize(
    "adresse",
    [
        "/indicateurs/donnees-ouvertes/courbe.csv",
        "/organisations/o1/donnees-ouvertes/courbe.csv",
        "/portefeuilles/mcn/donnees-ouvertes/courbe.csv",
        "/comparer/export.csv?o=mcn&o=o1&indicateur=donnees-ouvertes",
    ],
)
def test_le_csv_d_une_courbe_dit_ou_une_nouvelle_definition_la_rompt(client, edition, adresse):
    rompues = {(x["trimestre"], x["rupture"]) for x in lire_csv(client.get(adresse).content) if x["rupture"]}
    assert rompues == {("2021-T3", "2021-07-01")}
    intactes = lire_csv(client.get(adresse.replace("donnees-ouvertes", "sans-papier")).content)
    assert {ligne["rupture"] for ligne in intactes} == {""}


def test_le_dessin_d_une_comparaison_dit_les_noms_entiers_et_ses_mises_en_garde_avant_ses_notes(client):
    f.organisation("FINIE", assujettie_au=datetime.date(2019, 6, 30))
    publier()
    demande = "?o=mcn&o=o1&o=finie&indicateur=donnees-ouvertes"
    racine = ElementTree.fromstring(client.get(f"/comparer/export.svg{demande}").content)  # noqa: S314 - c'est le nôtre
    ecrit = " ".join(noeud.text for noeud in racine.iter(f"{SVG}text"))
    dites = [
        "Ces organisations ne sont pas toutes de la même catégorie.",
        "Comparez-les avec prudence.",
        "N'avait pas à déclarer cet indicateur\xa0: Organisme FINIE (FINIE).",
        "MCN\xa0: Ministère de la Cybersécurité",
        "O1\xa0: Régie numéro 1",
        "3e trimestre de 2021\xa0: nouvelle définition.",
    ]
    assert [dite for dite in dites if dite not in ecrit] == []
    assert sorted(dites, key=ecrit.index) == dites


def test_le_dessin_d_une_comparaison_nomme_chacune_et_le_chemin(client, edition):
    racine = ElementTree.fromstring(client.get(vers("/comparer/export.", "svg")).content)  # noqa: S314 - c'est le nôtre
    textes = [noeud.text for noeud in racine.iter(f"{SVG}text")]
    assert {"MCN", "O1", "cible nationale 75\xa0%"} <= set(textes)
    assert len([trace for trace in racine.iter(f"{SVG}path") if trace.get("class") == "organisation"]) == 2


@pytest.mark.parametrize(
    "adresse",
    [
        "/organisations/mcn/inconnu/courbe.csv",
        "/organisations/inconnue/sans-papier/courbe.svg",
        "/organisations/mcn/sans-papier/courbe.pdf",
        "/organisations/mcn/formation/courbe.png",  # 0 sur 0 partout: rien à tracer
        "/portefeuilles/o0/sans-papier/courbe.csv",
        "/portefeuilles/mcn/inconnu/courbe.csv",
        "/comparer/export.csv",
        "/comparer/export.svg?o=mcn&indicateur=sans-papier",
        "/indicateurs/inconnu/valeurs.csv",
    ],
)
def test_ce_qui_ne_se_trace_pas_n_a_pas_de_fichier(client, edition, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 404
    assert "Content-Disposition" not in reponse.headers


# --- les pages -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "montree",
    ["/", "/indicateurs/sans-papier/", "/organisations/mcn/", "/portefeuilles/mcn/", f"/comparer/{DEMANDE}"],
)
@pytest.mark.parametrize("racine", ["", "/editions/2023-T1"])
def test_sous_chaque_courbe_ses_fichiers_et_sa_source(client, edition, racine, montree):
    figures = re.findall(
        r'<figure class="courbe">.*?</figure>', client.get(racine + montree).content.decode(), re.DOTALL
    )
    courbes = [figure for figure in figures if 'aria-label="Courbe' in figure]
    assert courbes
    for figure in courbes:
        assert SOURCE in figure
        liens = dict(re.findall(r'<a href="([^"]+)">(CSV|SVG|PNG)</a>', figure))
        assert sorted(liens.values()) == ["CSV", "PNG", "SVG"]
        for lien, forme in liens.items():
            assert lien.startswith(racine)
            assert client.get(lien.replace("&amp;", "&"))["Content-Type"] == TYPES[forme.lower()]


def test_une_organisation_renommee_mene_au_fichier_de_celle_qui_la_continue(client):
    papier, trimestres = f.indicateur("papier"), [f.trimestre(code) for code in ("2022-T4", "2023-T1")]
    neuve = f.organisation("NEUF", assujettie_du=trimestres[1].debut)
    vieille = f.organisation("VIEUX", assujettie_au=trimestres[0].fin, remplacee_par=neuve)
    for organisation, trimestre in zip((vieille, neuve), trimestres, strict=True):
        f.reprendre({(organisation, trimestre): {papier: (4, 10)}}, f.instant("2023-05-02"))
    paraitre("2023-05-18")
    assert client.get("/organisations/vieux/papier/courbe.csv").headers["Location"] == (
        "/organisations/neuf/papier/courbe.csv"
    )
    lues = lignes(client, "/organisations/neuf/papier/courbe.")
    assert [(ligne["organisation"], ligne["sigle"]) for ligne in lues] == [("NEUF", "VIEUX"), ("NEUF", "NEUF")]
    assert "VIEUX" in client.get("/organisations/neuf/papier/courbe.svg").content.decode()


# --- les réponses d'un indicateur ------------------------------------------------------------------------------------
def test_les_reponses_d_un_indicateur_sont_les_octets_publies_du_dernier_trimestre():
    mondes.petit_monde()
    f.edition(f.trimestre("2023-T1"), mondes.ARRET)
    publies = depot.lire("2023-T1", "valeurs.csv")
    dernier = {"ancien": "2022-T2"}
    for code in ("papier", "ouverture", "ancien", "tardif"):
        extrait = au_dernier_trimestre(publies, code)
        attendues = [
            x for x in lire_csv(publies) if (x["indicateur"], x["trimestre"]) == (code, dernier.get(code, "2023-T1"))
        ]
        assert lire_csv(extrait) == attendues
        entete, *siennes = _enregistrements(extrait)
        tous = _enregistrements(publies)
        assert entete == tous[0]
        assert siennes == [octets for octets in tous if octets in siennes]
    assert lire_csv(au_dernier_trimestre(publies, "inconnu")) == []


def _enregistrements(octets: bytes) -> list[str]:
    """Les enregistrements d'un CSV, tels qu'écrits: un saut de ligne entre guillemets n'en finit pas un."""
    tenus, finis = "", []
    for ligne in octets.decode().splitlines(keepends=True):
        tenus += ligne
        if tenus.count('"') % 2 == 0:
            finis.append(tenus)
            tenus = ""
    assert len(finis) == len(list(csv.reader(io.StringIO(octets.decode(), newline=""))))
    return finis


def test_sans_son_fichier_une_edition_n_a_pas_de_reponses_a_donner(client, edition):
    fichier = depot.dossier("2023-T1") / "valeurs.csv"
    for octets in (b"", b"\xff\xfe", b"edition,autre\n"):
        fichier.write_bytes(octets)
        reponse = client.get("/indicateurs/sans-papier/valeurs.csv")
        assert (reponse.status_code, reponse["Cache-Control"]) == (503, "no-store"), octets
    fichier.unlink()
    assert "Ce fichier ne se lit pas" in client.get("/indicateurs/sans-papier/valeurs.csv").content.decode()


# --- ce que cela coûte -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("organisations", [3, 30])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_organisations(
    client, django_assert_num_queries, organisations
):
    publier(organisations)
    couts = dict(zip(COURBES, (2, 3, 2, 5), strict=True))
    for courbe, requetes in couts.items():
        for forme in TYPES:
            with django_assert_num_queries(requetes):
                assert client.get(vers(courbe, forme)).status_code == 200
            with django_assert_num_queries(0):
                assert client.get(vers(courbe, forme)).status_code == 200
    with django_assert_num_queries(1):
        assert client.get("/indicateurs/sans-papier/valeurs.csv").status_code == 200
