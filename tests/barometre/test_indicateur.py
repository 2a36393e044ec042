"""La page d'un indicateur: ses catégories, ses organisations, ce qui a changé; et quand il n'y a rien à en dire."""

import html
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from barometre import depot, phrases
from barometre.formats import lire_csv
from barometre.pages.indicateur.avancees import CATEGORIES
from tests import fabrique as f
from tests.barometre.deux_trimestres import ADRESSE, MIGRATION, SILENCE, lignes, lue, monde, section
from tests.barometre.public import CODES, paraitre, publier, texte
from tests.barometre.suites import serie
from tests.barometre.test_trois_sorties import en_texte


# --- les catégories --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["sans-papier", "donnees-ouvertes", "formation"])
def test_chaque_part_et_chaque_compte_par_categorie_se_retrouvent_dans_le_fichier(client, code):
    publier(6)
    page = html.unescape(client.get(f"/indicateurs/{code}/").content.decode())
    montrees = lignes(section(page, "categories"))
    publiees = [
        x
        for x in lire_csv(depot.lire("2023-T1", "chiffres.csv"))
        if x["categorie"] and (x["indicateur"], x["trimestre"]) == (code, "2023-T1")
    ]
    assert [CATEGORIES[x["categorie"]] for x in publiees if x["categorie"] == "MINISTERE"]
    assert set(montrees) == {CATEGORIES[x["categorie"]] for x in publiees}
    for ligne in publiees:
        part, compte, reponses, _ = montrees[CATEGORIES[ligne["categorie"]]]
        haut, bas = (
            ("au_dessus_du_seuil", "calculables") if code == "donnees-ouvertes" else ("numerateur", "denominateur")
        )
        principale = "part_organisations" if code == "donnees-ouvertes" else "part_globale"
        assert part == en_texte(ligne[principale])
        assert compte == f"{ligne[haut]}\xa0sur\xa0{ligne[bas]}"
        assert reponses == f"{ligne['repondantes']}\xa0sur\xa0{ligne['attendues']}"
    assert 'href="/organisations/?categorie=MINISTERE"' in page


@pytest.mark.django_db
def test_un_portefeuille_mene_a_sa_page_et_dans_une_edition_nommee_y_reste(client):
    publier()
    assert 'href="/portefeuilles/mcn/"' in client.get("/indicateurs/sans-papier/").content.decode()
    ancree = client.get("/editions/2023-T1/indicateurs/sans-papier/").content.decode()
    assert 'href="/editions/2023-T1/portefeuilles/mcn/"' in ancree
    assert 'href="/editions/2023-T1/organisations/?categorie=' in ancree


# --- ce qui a changé -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_ce_qui_a_change_dit_les_deux_parts_la_couverture_et_les_nouvelles_reponses(client):
    monde({"A": ((4, 10), (6, 10)), "B": (SILENCE, (2, 10)), "C": ((2, 10), SILENCE), "D": (SILENCE, MIGRATION)})
    sienne = section(lue(client), "changements")
    assert "Ce qui a changé au 1er trimestre de 2023" in sienne
    assert "La part est passée de 30,0\xa0% à 40,0\xa0%, en hausse de 10,0\xa0points." in sienne
    assert "3 organisations sur 4 ont répondu." in sienne
    assert "Au trimestre précédent\xa0: 2\xa0sur\xa04." in sienne
    neuves = sienne[sienne.index("Ont répondu, mais pas au trimestre précédent") :]
    assert re.findall(r"<li><a href=\"(.*?)\">(.*?)</a>", neuves) == [
        ("/organisations/b/", "Régie B"),
        ("/organisations/d/", "Régie D"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("anciennes", [("VIEILLE",), ("VIEILLE", "AUTRE")])
def test_une_organisation_renommee_n_est_pas_une_nouvelle_reponse_et_sa_ligne_se_franchit(client, anciennes):
    reponses = dict.fromkeys(anciennes, ((1, 10), SILENCE)) | {"NEUVE": (SILENCE, (9, 10)), "B": ((1, 10),) * 2}
    papier = monde(reponses)
    f.cible(papier, "2022-T4", "50")
    neuve = f.Organisation.objects.get(sigle="NEUVE")
    f.Organisation.objects.filter(sigle="NEUVE").update(assujettie_du="2023-01-01")
    f.Organisation.objects.filter(sigle__in=anciennes).update(assujettie_au="2022-12-31", remplacee_par=neuve)
    sienne = section(lue(client), "changements")
    est_renommee = len(anciennes) == 1

    assert ("Ont répondu, mais pas au trimestre précédent" in sienne) != est_renommee
    passages = lignes(sienne)
    assert passages.get("Régie NEUVE", [])[:2] == (["10,0\xa0%", "90,0\xa0%"] if est_renommee else [])


@pytest.mark.django_db
def test_ce_qui_a_change_nomme_qui_franchit_sa_cible_son_chemin_ou_le_seuil(client):
    deux = {"MONTE": ((3, 10), (5, 10)), "TOMBE": ((6, 10), (3, 10)), "ARRIVE": ((6, 10), (9, 10))}
    papier = monde({**deux, "RESTE": ((1, 10), (2, 10)), "MUETTE": ((9, 10), SILENCE), "REPASSE": ((8, 10), (7, 10))})
    f.cible(papier, "2022-T3", "40")
    f.cible(papier, "2023-T4", "80")
    sienne = section(lue(client), "changements")
    assert "Atteint sa cible\xa0: 1 organisation." in sienne
    assert "<summary>" not in sienne
    assert lignes(sienne) == {
        "Régie ARRIVE": ["60,0\xa0%", "90,0\xa0%", "atteint sa cible"],
        "Régie REPASSE": ["80,0\xa0%", "70,0\xa0%", "repasse sous sa cible"],
        "Régie TOMBE": ["60,0\xa0%", "30,0\xa0%", "passe sous son chemin"],
    }


def test_un_passage_se_dit_dans_les_deux_sens_et_jamais_sans_chiffre():
    bas, haut, vide = (serie({"2023-T1": p}, points=()).dernier for p in (50, 51, None))
    seuil = {"majorite": Fraction(1, 2)}
    bas, haut, vide = (_change(chiffre, **seuil) for chiffre in (bas, haut, vide))
    assert phrases.passages(bas, haut) == ["passe au-dessus du seuil de 50\xa0%"]
    assert phrases.passages(haut, bas) == ["n'est plus au-dessus du seuil de 50\xa0%"]
    assert phrases.passages(haut, haut) == []
    assert phrases.passages(vide, haut) == phrases.passages(haut, vide) == []
    retard, voie, atteinte = (serie({"2023-T1": p}).dernier for p in (10, 50, 60))
    assert phrases.passages(retard, voie) == ["rejoint son chemin"]
    assert phrases.passages(atteinte, retard) == ["repasse sous sa cible", "passe sous son chemin"]
    petite = serie({"2023-T1": 50}, minimum=101).dernier
    assert phrases.passages(retard, petite) == phrases.passages(petite, voie) == []


def _change(chiffre, **champs):
    return replace(chiffre, regle=replace(chiffre.regle, **champs))


@pytest.mark.django_db
def test_quand_personne_ne_franchit_rien_la_page_le_dit(client):
    f.cible(monde({"A": ((4, 10), (4, 10))}), "2022-T3", "40")
    sienne = section(lue(client), "changements")
    assert "La part n'a pas changé\xa0: 40,0\xa0%." in sienne
    assert "Aucune organisation n'a franchi sa cible, son chemin ou le seuil." in sienne
    assert "Ont répondu, mais pas" not in sienne


@pytest.mark.django_db
def test_une_rupture_au_dernier_trimestre_se_dit_et_empeche_toute_comparaison(client):
    papier = monde({"A": ((3, 10), (9, 10))})
    f.cible(papier, "2022-T3", "40")
    f.Definition.objects.create(
        indicateur=papier,
        applicable_du="2023-01-01",
        texte="Autre.",
        rupture=True,
        explication="Oui.",
    )
    sienne = section(lue(client), "changements")
    assert "1er trimestre de 2023\xa0: nouvelle définition. Oui." in sienne
    assert "elle ne se compare pas à celle du trimestre précédent." in sienne
    assert "<table" not in sienne


@pytest.mark.django_db
def test_une_longue_suite_de_passages_se_compte_et_se_replie(client):
    f.cible(monde({f"O{n:02}": ((9, 10), (2, 10)) for n in range(11)}), "2022-T3", "40")
    sienne = section(lue(client), "changements")
    assert "Repasse sous sa cible\xa0: 11 organisations." in sienne
    assert "<summary>Voir les 11 organisations</summary>" in sienne
    assert len(lignes(sienne)) == 11


@pytest.mark.django_db
def test_une_longue_suite_de_nouvelles_reponses_s_arrete_a_dix(client):
    monde({f"O{n:02}": (SILENCE, (4, 10)) for n in range(13)})
    sienne = section(lue(client), "changements")
    assert sienne.count("<li>") == 10
    assert "Et 3 autres organisations." in sienne


@pytest.mark.django_db
def test_les_reponses_lues_pour_un_indicateur_sont_celles_de_l_edition_entiere():
    edition = publier(4)
    sans_date = [case._replace(version=None, valide_le="") for code in CODES[-2:] for case in edition.cases_du(code)]
    for indicateur in edition.regles:
        attendues = [case for case in sans_date if case.indicateur == indicateur]
        assert edition.cases_d_un(indicateur, *CODES[-2:]) == attendues
    assert {case.etat for case in sans_date} >= {"VALEUR", "NON_DISPONIBLE", "EN_RETARD"}


# --- qui n'a pas de chiffre ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_qui_n_a_pas_repondu_est_nomme_et_qui_n_a_pas_de_chiffre_dit_pourquoi(client):
    monde({"A": ((4, 10), (6, 10)), "B": ((4, 10), SILENCE), "D": ((4, 10), MIGRATION)})
    sienne = section(lue(client), "reponses")
    assert re.findall(r"<h3>(.*?)</h3>", sienne) == ["Sans réponse", "Non disponible"]
    assert re.findall(
        r'<li><a href="(.*?)" lang="fr">(.*?)</a>(?:\xa0: <span lang="fr">(.*?)</span>)?</li>', sienne
    ) == [
        ("/organisations/b/", "Régie B", ""),
        ("/organisations/d/", "Régie D", MIGRATION.motif),
    ]


@pytest.mark.django_db
def test_quand_toutes_ont_un_chiffre_personne_n_est_nomme(client):
    monde({"A": ((4, 10), (6, 10))})
    assert "<h3>" not in section(lue(client), "reponses")


@pytest.mark.django_db
def test_une_longue_liste_de_silences_se_replie(client):
    monde({f"O{n:02}": ((4, 10), SILENCE) for n in range(11)})
    sienne = section(lue(client), "reponses")
    assert "<summary>Voir les 11 organisations<" in sienne
    assert sienne.count("<li>") == 11


@pytest.mark.django_db
def test_l_explication_de_l_accueil_mene_a_celles_qui_n_ont_pas_de_chiffre(client):
    publier()
    page = client.get("/").content.decode()
    assert 'href="/indicateurs/sans-papier/#reponses"' in page
    assert 'id="reponses"' in client.get("/indicateurs/sans-papier/").content.decode()


# --- les cas vides ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_sans_reponse_d_aucune_chaque_section_dit_pourquoi_elle_est_vide(client):
    monde({"A": (SILENCE, SILENCE)})
    page = lue(client)
    assert "La part n'est connue ni à ce trimestre, ni au précédent." in page
    assert lignes(section(page, "categories"))["Tribunal administratif"][:3] == [
        "non disponible",
        "0\xa0sur\xa00",
        "0\xa0sur\xa01",
    ]


@pytest.mark.django_db
def test_un_indicateur_retire_garde_la_situation_de_son_dernier_trimestre(client):
    papier = monde({"A": ((4, 10), SILENCE)})
    papier.retire_le = f.instant("2023-01-15").date()
    papier.save(update_fields=["retire_le"])
    page = lue(client)
    assert "La situation au 4e trimestre de 2022." in page
    assert "Ce qui a changé au 4e trimestre de 2022" in page
    assert "Le trimestre précédent n'est pas publié\xa0: rien ne s'y compare." in page
    assert "La seule organisation qui a un chiffre est dans la tranche" in section(page, "repartition")


@pytest.mark.django_db
def test_un_indicateur_sans_cible_ne_parle_ni_de_chemin_ni_de_manque(client):
    monde({"A": ((4, 10), (5, 10))})
    page = texte(client.get(ADRESSE)) if paraitre("2023-05-18") else ""
    assert "il manque" not in page
    assert "n'a franchi" not in page
    assert "Aucune cible nationale n'est fixée." in page


def test_les_phrases_de_la_page_tiennent_en_vingt_mots():
    une = serie({"2022-T4": 40, "2023-T1": 45}, agregation="PART_ORGANISATIONS", silencieuses=2)
    rompue = serie({"2022-T4": None, "2023-T1": 45}, ruptures=["2023-01-01"])
    toutes = [
        *phrases.mouvements(une),
        *phrases.mouvements(rompue),
        *phrases.expliquer(une.dernier),
        *phrases.expliquer(rompue.dernier),
        phrases.LIMITES,
        phrases.sans_groupe(["Tribunal administratif"], 4),
        phrases.repartition((1, 2)),
    ]
    for phrase in (p for dite in toutes for p in re.split(r"[.;] ", dite.replace("\xa0:", ""))):
        assert len(phrase.split()) <= 20, phrase
