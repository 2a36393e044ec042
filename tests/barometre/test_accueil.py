"""L'accueil: ce qu'un enfant de douze ans y comprend, ce qui fait chaque chiffre, ce qui a changé."""

import html
import re

import pytest

from barometre import depot, phrases
from barometre.formats import lire_csv
from indicateurs.models import Indicateur
from tests import fabrique as f
from tests.barometre.public import CODES, paraitre, publier, texte, vider_le_cache
from tests.barometre.suites import serie
from tests.barometre.test_trois_sorties import en_texte

CIBLES = ("sans-papier", "donnees-ouvertes")


def carte(page: str, code: str) -> str:
    return next(a for a in re.findall("<article.*?</article>", page, flags=re.DOTALL) if f"/indicateurs/{code}/" in a)


def explication(page: str, code: str) -> dict[str, str]:
    """Les comptes qu'ouvre « Expliquer ce chiffre »."""
    tableau = re.search("Expliquer ce chiffre.*?</details>", carte(page, code), flags=re.DOTALL)[0]
    return dict(re.findall(r'<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>', tableau))


def publie(code: str, quand: str, edition: str = "2023-T1") -> dict[str, str]:
    """La ligne d'ensemble d'un indicateur dans `chiffres.csv`."""
    lignes = lire_csv(depot.lire(edition, "chiffres.csv"))
    cle = (code, quand, "", "")
    return next(x for x in lignes if (x["indicateur"], x["trimestre"], x["portefeuille"], x["categorie"]) == cle)


# --- la phrase -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "attendu"),
    [
        (30, "En mars 2023, la part est de 30,0 % au lieu de 42,9 % : il manque 12,9 points."),
        (
            50,
            "En mars 2023, la part est de 50,0 %, le chemin demandait 42,9 % : il reste 10,0 points jusqu'à la cible.",
        ),
        (60, "En mars 2023, la part est de 60,0 % : la cible de 60 % est atteinte, il ne manque rien."),
        (None, "En mars 2023, aucun chiffre n'est connu : on ne peut pas dire ce qui manque."),
    ],
)
def test_une_phrase_dit_ou_l_on_est_ou_l_on_devrait_etre_et_ce_qui_manque(part, attendu):
    dite = phrases.situation(serie({"2022-T4": 20, "2023-T1": part}).dernier)
    assert dite.replace("\xa0", " ") == attendu
    assert len(re.sub("\xa0[%:]", "", dite).split()) <= 20


def test_la_phrase_ne_juge_ni_avant_le_chemin_ni_sur_trop_peu_de_cas_ni_sans_cible():
    avant = serie({"2023-T1": 40}, points=(("2024-T1", 50),)).dernier
    assert phrases.situation(avant).endswith("le chemin vers la cible commence au 1er trimestre de 2024.")
    petite = serie({"2023-T1": 40}, minimum=101).dernier
    assert (
        phrases.situation(petite) == "En mars 2023, la part est de 40,0\xa0%, mais sur trop peu de cas pour la juger."
    )
    assert phrases.situation(serie({"2023-T1": 40}, points=()).dernier) == ""


def test_un_manque_infime_n_est_jamais_de_zero_point():
    juste_dessous = serie({"2023-T1": 40}, points=(("2023-T1", "40.004"), ("2023-T4", 60))).dernier
    assert phrases.situation(juste_dessous).endswith("il manque 0,1\xa0point.")


# --- la page ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_chaque_cible_dit_sa_phrase_sa_couverture_puis_sa_courbe(client):
    publier()
    page = client.get("/").content.decode()
    for code, phrase in zip(CIBLES, ("il manque 8,0\xa0points.", "il ne manque rien."), strict=True):
        dite = html.unescape(carte(page, code))
        places = [dite.index(t) for t in ('class="verdict', phrase, "ont répondu.", "Expliquer ce chiffre", "<figure")]
        assert places == sorted(places)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "premier", "second"),
    [("sans-papier", "numerateur", "denominateur"), ("donnees-ouvertes", "au_dessus_du_seuil", "calculables")],
)
def test_expliquer_ce_chiffre_donne_les_comptes_du_fichier_et_mene_aux_lignes(client, code, premier, second):
    publier()
    page = html.unescape(client.get("/").content.decode())
    comptes, ligne = explication(page, code), publie(code, "2023-T1")
    silencieuses = int(ligne["attendues"]) - int(ligne["repondantes"])
    assert list(comptes.values()) == [
        *(f"{int(ligne[nom]):,}".replace(",", "\xa0") for nom in (premier, second)),
        *(ligne[nom] for nom in ("attendues", "repondantes", "calculables", "sans_objet", "non_disponibles")),
        str(silencieuses),
    ]
    assert [nom for nom in comptes if nom.startswith(("Premier total\xa0:", "Second total\xa0:"))] == list(comptes)[:2]
    lignes = client.get(re.search(r'href="([^"]+valeurs.csv)"', carte(page, code))[1]).content
    publiees = depot.lire("2023-T1", "valeurs.csv").splitlines(keepends=True)
    attendues = [ligne for ligne in publiees[1:] if f",2023-T1,{code},".encode() in ligne]
    assert lignes == b"".join([publiees[0], *attendues])
    assert len(attendues) == int(ligne["attendues"])
    assert f'href="/indicateurs/{code}/"' in carte(page, code).split("</h2>")[1]


@pytest.mark.django_db
def test_expliquer_dit_qui_n_est_pas_compte_et_la_regle(client):
    publier()
    page = texte(client.get("/"))
    assert "Une seule organisation est comptée\xa0: elle a donné un nombre." in page
    non_comptees = "celles sans réponse (1), sans objet (0) ou sans chiffre disponible (1)."
    assert f"Ne sont pas comptées\xa0: {non_comptees}" in page
    assert "divisé par le nombre d'organisations comptées." in page
    assert "Ce n'est jamais une moyenne de parts." in page


def test_tout_le_monde_compte_ou_personne_se_dit_aussi():
    assert phrases.expliquer(serie({"2023-T1": 40}).dernier)[1].endswith("n'est laissée de côté.")
    assert phrases.expliquer(serie({"2023-T1": None}).dernier)[0].startswith("Aucune organisation n'est comptée")


@pytest.mark.django_db
def test_ce_qui_a_change_dit_la_part_et_la_couverture_avant_et_maintenant(client):
    publier()
    page = html.unescape(client.get("/").content.decode())
    tableau = page[page.index("Ce qui a changé ce trimestre") : page.index("Trouver une organisation")]
    assert "Du 4e trimestre de 2022 au 1er trimestre de 2023" in tableau
    for code, part in zip(CIBLES, ("part_globale", "part_organisations"), strict=True):
        avant, apres = publie(code, "2022-T4"), publie(code, "2023-T1")
        cellules = re.search(rf'/indicateurs/{code}/">.*?</tr>', tableau, flags=re.DOTALL)[0]
        dites = dict(re.findall(r'data-t="(.*?)">(.*?)</td>', cellules))
        unite = " des organisations" if part == "part_organisations" else ""
        assert dites["Part avant"] == en_texte(avant[part]) + unite
        assert dites["Part maintenant"] == en_texte(apres[part]) + unite
        ecart = float(apres[part]) - float(avant[part])
        sens = f"en {'hausse' if ecart > 0 else 'baisse'} de {abs(ecart):.1f}\xa0point".replace(".", ",")
        assert dites["Écart"].startswith(sens if ecart else "sans changement")
        assert dites["Réponses avant"] == f"{avant['repondantes']}\xa0sur\xa0{avant['attendues']}"
        assert dites["Réponses maintenant"] == f"{apres['repondantes']}\xa0sur\xa0{apres['attendues']}"


@pytest.mark.django_db
def test_au_premier_trimestre_publie_rien_ne_se_compare_et_la_page_le_dit(client):
    papier = f.indicateur("sans-papier")
    f.cible(papier, "2023-T1", "50")
    f.validee(f.organisation("A"), f.trimestre("2023-T1"), {papier: (4, 10)}, f.instant("2023-05-02"))
    paraitre("2023-05-18")
    assert "Aucune cible n'a de trimestre précédent publié\xa0: rien ne s'y compare." in texte(client.get("/"))


@pytest.mark.django_db
def test_une_nouvelle_definition_au_dernier_trimestre_empeche_l_ecart(client):
    papier = f.indicateur("sans-papier")
    f.cible(papier, "2022-T4", "50")
    f.Definition.objects.create(
        indicateur=papier,
        applicable_du="2023-01-01",
        texte="Autre.",
        rupture=True,
        explication="Oui.",
    )
    une = f.organisation("A")
    for code, jour in (("2022-T4", "2023-02-01"), ("2023-T1", "2023-05-02")):
        f.validee(une, f.trimestre(code), {papier: (4, 10)}, f.instant(jour))
    paraitre("2023-05-18")
    page = texte(client.get("/"))
    assert "40,0\xa0% 40,0\xa0% non comparable" in page


@pytest.mark.django_db
def test_l_accueil_dit_ce_que_l_edition_revise_et_ou_le_lire(client):
    publier()
    papier = Indicateur.objects.get(code="sans-papier")
    avant = f.Soumission.objects.get(organisation__sigle="MCN", trimestre__code=CODES[-1])
    f.corrigee(avant, {papier: (60, 100)}, f.instant("2023-06-01"), motif="Un formulaire était compté deux fois.")
    paraitre("2023-06-18", note="Une correction")
    page = client.get("/").content.decode()
    assert "Un formulaire était compté deux fois." in html.unescape(page)
    assert "/editions/2023-T1...2023-T1-r1/" in page
    ancienne = client.get("/editions/2023-T1/").content.decode()
    assert "compté deux fois" not in html.unescape(ancienne)
    assert 'href="/editions/2023-T1/indicateurs/sans-papier/valeurs.csv"' in ancienne


@pytest.mark.django_db
@pytest.mark.parametrize("organisations", [3, 30])
def test_l_accueil_d_une_edition_qui_revise_tient_en_5_requetes(client, django_assert_max_num_queries, organisations):
    publier(organisations)
    paraitre("2023-06-18", note="Un ajout")
    vider_le_cache()
    with django_assert_max_num_queries(5):
        assert client.get("/").status_code == 200
