"""Un indicateur et ses définitions se lisent en anglais s'ils l'ont; sinon leur français est marqué."""

import copy
import json

import pytest
from django.utils import translation

from barometre import depot
from barometre.chiffres import Regle
from barometre.graphiques.dessin import couper
from barometre.models import Edition
from barometre.templatetags.cellules import citations
from indicateurs.langue import citer, lire, nu
from indicateurs.models import Definition, Indicateur
from tests import fabrique as f
from tests.barometre.prose import ISOLATS, Prose
from tests.barometre.public import accepter, fiche, paraitre, publier, texte

FICHIERS = ("indicateurs.json", "chiffres.csv", "valeurs.csv", "organisations.csv")
ANGLAIS = {
    "intitule_en": "Data released",
    "libelle_numerateur_en": "Datasets released",
    "libelle_denominateur_en": "Datasets held",
}


@pytest.fixture
def monde(db) -> Edition:
    """Une édition sans anglais; la suivante en a pour un indicateur et sa définition la plus récente."""
    premiere = publier()
    Indicateur.objects.filter(code="donnees-ouvertes").update(**ANGLAIS)
    Definition.objects.filter(rupture=True).update(texte_en="Counted differently.", explication_en="The scope changes.")
    paraitre("2023-06-18", note="L'anglais est écrit.")
    return premiere


def prose(client, adresse: str) -> Prose:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return Prose(reponse.content.decode())


# --- lire ------------------------------------------------------------------------------------------------------------
def test_la_page_anglaise_dit_l_indicateur_sa_definition_et_ses_libelles_en_anglais(client, monde):
    page = client.get("/en/indicateurs/donnees-ouvertes/").content.decode()
    assert '<h1 lang="en">Data released</h1>' in page
    assert '<p lang="en">Counted differently.</p>' in page
    for dit in ("Datasets released: ", "Datasets held: ", "new definition. The scope changes."):
        assert dit in Prose(page).autre
    for francais in ("Données diffusées", "Autrement compté", "Le périmètre change", "Numérateur"):
        assert francais not in page


def test_une_definition_sans_anglais_reste_francaise_et_marquee_a_cote_de_celle_qui_en_a(client, monde):
    lue = prose(client, "/en/indicateurs/donnees-ouvertes/")
    assert "Ce qui est compté." in lue.marquee
    assert "Ce qui est compté." not in lue.autre


@pytest.mark.parametrize(
    ("adresse", "dit"),
    [
        ("/en/", "Data released"),
        ("/en/organisations/", "Data released"),
        ("/en/organisations/o0/", "Data released"),
        ("/en/portefeuilles/mcn/", "Data released"),
        ("/en/comparer/?o=o0&o=mcn&indicateur=donnees-ouvertes", "Data released"),
        ("/en/methodologie/", "Counted differently."),
        ("/en/indicateurs/donnees-ouvertes/graphique/", "Data released"),
        ("/en/integrer/donnees-ouvertes/", "Data released"),
        ("/en/indicateurs/donnees-ouvertes/courbe.svg", "Data released"),
        ("/en/indicateurs/donnees-ouvertes/figure.json", "Data released"),
    ],
)
def test_chaque_page_anglaise_le_nomme_ainsi_et_la_francaise_non(client, monde, adresse, dit):
    anglaise, francaise = (client.get(a).content.decode() for a in (adresse, adresse.removeprefix("/en")))
    assert dit in anglaise
    assert "Données diffusées" not in anglaise
    assert dit not in francaise


def test_une_fiche_d_expertise_nomme_son_indicateur_dans_la_langue_de_la_page(client, monde):
    ouvertes = Indicateur.objects.get(code="donnees-ouvertes")
    accepter(fiche(f.Organisation.objects.get(sigle="O0"), ouvertes), f.relecteur(), "2023-06-20")
    for adresse in ("/expertise/", "/expertise/o0/guichet/"):
        assert "Indicator: Data released" in texte(client.get(f"/en{adresse}"))
        assert "Indicateur\xa0: Données diffusées" in texte(client.get(adresse))


def test_une_edition_d_avant_l_anglais_garde_son_francais_marque(client, monde):
    page = client.get("/en/editions/2023-T1/indicateurs/donnees-ouvertes/").content.decode()
    lue = Prose(page)
    assert '<h1 lang="fr">Données diffusées</h1>' in page
    for francais in ("Autrement compté.", "Le périmètre change.", "Numérateur"):
        assert francais in lue.marquee
        assert francais not in lue.autre
    assert "new definition. Le périmètre change." in texte(
        client.get("/en/editions/2023-T1/indicateurs/donnees-ouvertes/")
    ).replace("  ", " ")


# --- ce qui se fige et se publie --------------------------------------------------------------------------------------
def test_la_fiche_n_a_la_cle_anglais_que_s_il_y_en_a(monde):
    avant, apres = (Edition.objects.get(code=code).catalogue["indicateurs"] for code in ("2023-T1", "2023-T1-r1"))
    assert "anglais" not in json.dumps(avant)
    ouvertes = next(fiche for fiche in apres if fiche["code"] == "donnees-ouvertes")
    assert ouvertes["anglais"] == {cle.removesuffix("_en"): mot for cle, mot in ANGLAIS.items()}
    assert [definition.get("anglais") for definition in ouvertes["definitions"]] == [
        None,
        {"texte": "Counted differently.", "explication": "The scope changes."},
    ]
    assert [fiche["code"] for fiche in apres if "anglais" in fiche] == ["donnees-ouvertes"]
    publie = json.loads(depot.lire("2023-T1-r1", "indicateurs.json"))
    assert publie["indicateurs"] == apres


def test_ce_qui_se_publie_et_se_verifie_ne_depend_pas_de_la_langue_de_qui_le_fait(monde):
    trimestre = monde.trimestre
    with translation.override("en"):
        assert not any(f.problemes().values())
        edition = Edition.simuler(trimestre=trimestre, le=f.instant("2023-07-01"), note="Suite")
        anglais = edition.fichiers()
    assert {nom: anglais[nom] for nom in FICHIERS} == {
        nom: Edition.simuler(trimestre=trimestre, le=f.instant("2023-07-01"), note="Suite").fichiers()[nom]
        for nom in FICHIERS
    }


def mots_anglais(catalogue) -> list[dict[str, str]]:
    """Chaque petit dictionnaire anglais d'un catalogue."""
    lignes = [ligne for fiche in catalogue["indicateurs"] for ligne in (fiche, *fiche["definitions"])]
    return [ligne["anglais"] for ligne in lignes if "anglais" in ligne]


def test_la_verification_couvre_chaque_mot_anglais(monde):
    edition = Edition.objects.get(code="2023-T1-r1")
    mots = [(rang, mot) for rang, dits in enumerate(mots_anglais(edition.catalogue)) for mot in dits]
    assert len(mots) == 5
    for rang, mot in mots:
        faux = copy.deepcopy(edition.catalogue)
        mots_anglais(faux)[rang][mot] += "9"
        with f.monde_jetable():
            f.alterer("UPDATE barometre_edition SET catalogue = %s WHERE code = '2023-T1-r1'", json.dumps(faux))
            trouves = f.problemes()
            assert any("indicateurs.json" in reproche for reproche in trouves["2023-T1-r1"]), mot
            assert trouves["2023-T1"] == []


def test_une_page_ne_garde_rien_de_la_langue_de_la_precedente(client, monde):
    adresse = "/indicateurs/donnees-ouvertes/"
    for _tour in range(2):
        assert "Data released" in texte(client.get(f"/en{adresse}"))
        assert "Données diffusées" in texte(client.get(adresse))


# --- lire et citer, sans base -----------------------------------------------------------------------------------------
FICHE = {"code": "papier", "intitule": "Sans papier", "anglais": {"intitule": "Paperless"}}


def test_une_fiche_se_lit_dans_la_langue_de_la_page():
    with translation.override("en"):
        assert lire(FICHE)["intitule"] == "Paperless"
        assert lire(FICHE)["langue"] == "en"
        assert lire({"intitule": "Sans papier"}) == {"intitule": "Sans papier", "langue": "fr"}
    assert (lire(FICHE)["intitule"], lire(FICHE)["langue"]) == ("Sans papier", "fr")
    assert "langue" not in FICHE


def test_une_regle_dit_la_langue_de_ses_mots():
    fiche = {**FICHE, "libelle_numerateur": "n", "libelle_denominateur": "d", "agregation": "PART_GLOBALE"}
    fiche |= {"seuil": "50", "denominateur_minimal": 0, "definitions": [{"texte": "t"}], "cibles": []}
    fiche["anglais"] = {"intitule": "Paperless", "libelle_numerateur": "top", "libelle_denominateur": "bottom"}
    with translation.override("en"):
        regle = Regle.depuis(fiche)
    assert (regle.intitule, regle.libelle_numerateur, regle.libelle_denominateur) == ("Paperless", "top", "bottom")
    assert (regle.langue, regle.definitions[0]["langue"]) == ("en", "fr")


def test_citer_n_entoure_que_le_francais_d_une_page_anglaise():
    assert citer("panne") == "panne"
    with translation.override("en"):
        assert [citer("panne"), citer("", "fr"), citer("outage", "en")] == ["\u2068panne\u2069", "", "outage"]
        assert nu(citer("panne")) == "panne"
        assert couper(f"not available: {citer('panne')}", 800, 13) == ["not available: panne"]


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("panne", "panne"),
        ("a: \u2068b\u2069, \u2068c\u2069", 'a: <span lang="fr">b</span>, <span lang="fr">c</span>'),
        ("\u2068<b>\u2069", '<span lang="fr">&lt;b&gt;</span>'),
        ("\u2068a \u2068b\u2069 \u2069c", 'a <span lang="fr">b</span> c'),
        ("\u2069x\u2068", "x"),
    ],
)
def test_une_citation_devient_un_element_ferme_quoi_qu_on_ait_ecrit(ecrit, attendu):
    assert citations(ecrit) == attendu


def test_un_isolat_tape_par_quelqu_un_ne_casse_pas_la_citation():
    with translation.override("en"):
        assert citations(citer("a\u2069b\u2068c")) == '<span lang="fr">abc</span>'
    assert not set(ISOLATS) & set(citations("\u2069x\u2068"))
