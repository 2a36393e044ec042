"""Transmettre vérifie tout d'un coup: chaque erreur mène à son champ, rien ne se perd, rien ne part à moitié."""

import pytest

from indicateurs.affichage import accorder
from indicateurs.forms import NOMBRE_MANQUANT
from indicateurs.models import Indicateur, Saisie, Soumission
from organisations.models import Role
from tests import fabrique as f
from tests.indicateurs.espace import (
    CODE,
    Page,
    a_plat,
    adresse,
    deux,
    ecrire,
    entree,
    envoyer,
    etat,
    ouvrir,
    soumission,
)

pytestmark = pytest.mark.django_db
NEGATIF = "Ce nombre est négatif\xa0: zéro ou plus est attendu."
ENTIER = "Un nombre entier est attendu, en chiffres, par exemple 1234 ou 1\xa0234."
ORDRE = "Le numérateur va de zéro au dénominateur."
PAS_LES_DEUX = "Donnez deux nombres, ou une absence\xa0: pas les deux."
MOTIF = "Dites pourquoi le chiffre n'est pas disponible\xa0: la raison sera publique."
LIEN = "Le lien vers une preuve commence par https:// et n'a pas d'espace."
JUSTIFIER = "Expliquez pourquoi ces nombres sont justes, ou corrigez-les."


@pytest.fixture
def ici(horloge):
    """Une organisation qui doit deux indicateurs au 2e trimestre de 2023, et a transmis le trimestre d'avant."""
    f.trimestre(CODE)
    organisation = f.organisation("RAMQ")
    papier, ouvert = (f.indicateur(code, ordre=rang) for rang, code in enumerate(("papier", "ouvert")))
    f.transmise(organisation, f.trimestre("2023-T1"), {papier: (50, 100), ouvert: (1, 2)})
    return organisation


# --- tout ce qui bloque ----------------------------------------------------------------------------------------------

ABSENT = {"absence": "NON_DISPONIBLE", "motif": "panne"}
CAS = {
    "texte": (deux("abc", 100), {"numerateur": ENTIER}),
    "negatif": (deux("-5", 100), {"numerateur": NEGATIF}),
    "deux negatifs": (deux("-5", "\u22121"), {"numerateur": NEGATIF, "denominateur": NEGATIF}),
    "rien": ({}, {"numerateur": NOMBRE_MANQUANT, "denominateur": NOMBRE_MANQUANT}),
    "sans denominateur": (deux(5, ""), {"denominateur": NOMBRE_MANQUANT}),
    "sans numerateur": (deux("", 5), {"numerateur": NOMBRE_MANQUANT}),
    "dans le desordre": (deux(101, 100), {"numerateur": ORDRE}),
    "sur zero": (deux(1, 0), {"numerateur": ORDRE}),
    "decimal": (deux("5,5", 100), {"numerateur": "Un nombre entier est attendu, sans décimales."}),
    "ambigu": (deux(0, "1,234"), {"denominateur": "Ce nombre se lit de deux façons"}),
    "trop grand": (deux(0, 10**15 + 1), {"denominateur": "Ce nombre est trop grand"}),
    "interminable": (deux("9" * 5000, 100), {"numerateur": "Ce texte est trop long pour un nombre"}),
    "nombre et absence": (deux(50, 100, absence="SANS_OBJET"), {"absence": PAS_LES_DEUX}),
    "illisible et absence": (deux("abc", "", **ABSENT), {"numerateur": ENTIER, "absence": PAS_LES_DEUX}),
    "absence sans raison": ({"absence": "NON_DISPONIBLE"}, {"motif": MOTIF}),
    "raison blanche": ({"absence": "NON_DISPONIBLE", "motif": " \u00a0\n"}, {"motif": MOTIF}),
    "les deux et sans raison": (
        deux(50, 100, absence="NON_DISPONIBLE"),
        {"absence": PAS_LES_DEUX, "motif": MOTIF},
    ),
    "raison trop longue": ({"absence": "NON_DISPONIBLE", "motif": "x" * 501}, {"motif": "500"}),
    "note trop longue": (deux(50, 100, note="é" * 1001), {"note": "1000"}),
    "justification trop longue": (deux(50, 100, justification="x" * 1001), {"justification": "1000"}),
    "preuve ftp": (deux(50, 100, preuve="ftp://a.b"), {"preuve": LIEN}),
    "preuve script": (deux(50, 100, preuve="javascript:alert(1)"), {"preuve": LIEN}),
    "preuve espacee": (deux(50, 100, preuve="https://a b"), {"preuve": LIEN}),
    "part etonnante": (deux(71, 100), {"justification": JUSTIFIER}),
    "denominateur etonnant": (deux(65, 131), {"justification": JUSTIFIER}),
    "justification blanche": (deux(71, 100, justification=" \n"), {"justification": JUSTIFIER}),
}


@pytest.mark.parametrize(("champs", "erreurs"), CAS.values(), ids=CAS)
def test_chaque_erreur_se_dit_en_tete_et_mene_a_son_champ_qui_garde_sa_valeur(moi, ici, champs, erreurs):
    avant = etat()
    page = Page(ecrire(moi, ici, "transmettre", papier=champs, ouvert=deux(1, 2)))

    assert (page.statut, etat()) == (400, avant)
    assert f"Rien n'est transmis\xa0: {accorder(len(erreurs), 'point')} à revoir" in (page.texte)
    ancres = [ancre[1:] for ancre in page.ancres if ancre.startswith("#id_")]
    assert ancres == [f"id_papier-{nom}" + ("_0" if nom == "absence" else "") for nom in erreurs]
    assert set(ancres) <= set(page.ids)
    for nom, phrase in erreurs.items():
        attributs = page.attributs[f"papier-{nom}"]
        assert page.texte.count(phrase) >= 2, "en tête, et près du champ"
        assert f"id_papier-{nom}_error" in page.ids
        if nom != "absence":  # un groupe de cases: c'est le groupe qui est décrit
            assert attributs["aria-invalid"] == "true"
            assert f"id_papier-{nom}_error" in attributs["aria-describedby"].split()
    garde = {f"papier-{nom}": texte.strip() for nom, texte in champs.items() if texte.strip()}
    assert {nom: page.saisie[nom].strip() for nom in garde} == garde


def test_les_erreurs_de_toutes_les_cartes_viennent_d_un_coup_dans_l_ordre_de_la_page(moi, ici):
    page = Page(ecrire(moi, ici, "transmettre", papier=deux("", "x", preuve="z"), ouvert=deux(2, 1, note="n" * 1001)))
    ancres = [ancre for ancre in page.ancres if ancre.startswith("#id_")]

    assert ancres == [
        "#id_papier-numerateur",
        "#id_papier-denominateur",
        "#id_papier-preuve",
        "#id_ouvert-numerateur",
        "#id_ouvert-note",
    ]
    assert "5 points à revoir" in page.texte
    assert "Intitulé de papier" in page.texte


def test_chaque_identifiant_de_la_page_est_unique(moi, ici):
    page = Page(ecrire(moi, ici, "transmettre", papier=deux(71, 100), ouvert={"absence": "NON_DISPONIBLE"}))

    assert len(page.ids) == len(set(page.ids))


def test_une_absence_refusee_est_decrite_par_son_erreur(moi, ici):
    reponse = ecrire(moi, ici, "transmettre", papier=deux(1, 2, absence="SANS_OBJET"), ouvert=deux(1, 2))

    assert 'aria-describedby="id_papier-absence_error"' in reponse.content.decode()
    assert Page(reponse).attributs["papier-absence"]["aria-invalid"] == "true"


# --- ce qui etonne ---------------------------------------------------------------------------------------------------


def test_ce_qui_etonne_se_justifie_puis_passe(moi, ici):
    page = Page(ecrire(moi, ici, "transmettre", papier=deux(71, 100), ouvert=deux(1, 2)))
    assert "La part passe de 50,0\xa0% à 71,0\xa0% depuis le 1er trimestre de 2023" in page.texte

    justifie = page.saisie | {"papier-justification": "Deux régions de plus."}
    reponse = envoyer(moi, ici, justifie, "transmettre")
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse("accuse", ici, 1))
    assert soumission(ici).statut == "SOUMIS"
    assert soumission(ici).contenu()["papier"]["justification"] == "Deux régions de plus."


def test_un_ecart_de_vingt_points_juste_n_a_rien_a_justifier(moi, ici):
    assert ecrire(moi, ici, "transmettre", papier=deux(70, 100), ouvert=deux(1, 2)).status_code == 303


def test_un_brouillon_qui_etonne_s_enregistre_sans_un_mot(moi, ici):
    assert ecrire(moi, ici, papier=deux(100, 100), ouvert=deux(1, 2)).status_code == 303
    assert "La part passe" not in ouvrir(moi, ici).texte


def test_une_absence_n_etonne_pas_et_ne_coupe_pas_la_comparaison(moi, ici):
    papier, ouvert = Indicateur.objects.order_by("ordre")
    absente = f.brouillon(ici, f.trimestre("2022-T4"), {papier: (None, None, "SANS_OBJET"), ouvert: (1, 2)})
    absente.soumettre(par=absente.cree_par, le=absente.cree_le)
    assert [p.split(" passe")[0] for p in etonne(ici, papier, 71, 100)] == ["La part"]
    assert soumission_neuve(ici).etonnements({papier: Saisie(absence="SANS_OBJET")}) == {}

    f.transmise(ici, f.trimestre("2022-T3"), {papier: (50, 100), ouvert: (1, 2)})
    assert len(etonne(ici, papier, 50, 100)) == 1, "les mêmes, de part et d'autre d'une absence"


def soumission_neuve(ici):
    return Soumission(organisation=ici, trimestre=f.trimestre(CODE))


def etonne(ici, indicateur, *compte: int) -> list[str]:
    return soumission_neuve(ici).etonnements({indicateur: Saisie(*compte)}).get(indicateur, [])


def test_la_troisieme_fois_de_suite_demande_une_justification(moi, ici):
    papier, ouvert = Indicateur.objects.order_by("ordre")
    f.transmise(ici, f.trimestre("2022-T4"), {papier: (50, 100), ouvert: (1, 3)})
    page = Page(ecrire(moi, ici, "transmettre", papier=deux(50, 100), ouvert=deux(1, 2)))

    assert page.statut == 400
    assert "Ces deux nombres sont les mêmes pour la troisième fois de suite." in page.texte


# --- qui, quand, quoi ------------------------------------------------------------------------------------------------

BON = {"papier": deux(50, 100), "ouvert": {"absence": "NON_DISPONIBLE", "motif": "panne"}}


def test_une_personne_qui_redige_ne_transmet_pas_et_ne_perd_rien(ici):
    redactrice = entree(f.declarant(ici, Role.REDACTION))
    assert "Transmettre au CQEN" not in ouvrir(redactrice, ici).texte
    avant = etat()
    page = Page(ecrire(redactrice, ici, "transmettre", **BON))

    assert (page.statut, etat()) == (403, avant)
    assert "Une personne qui peut transmettre doit le faire." in page.texte
    assert page.saisie.items() >= a_plat(BON).items()


@pytest.mark.parametrize("geste", ["enregistrer", "transmettre"])
def test_avant_l_ouverture_rien_ne_s_ecrit_et_rien_ne_se_perd(moi, ici, settings, geste):
    settings.HORLOGE = f.instant("2023-06-30")
    avant = etat()
    page = Page(ecrire(moi, ici, geste, **BON))

    assert (page.statut, etat()) == (409, avant)
    assert "Le 2e trimestre de 2023 ouvre le" in page.texte
    assert page.saisie.items() >= a_plat(BON).items()


def test_une_echeance_franchie_entre_la_lecture_et_l_envoi_n_empeche_rien(moi, ici, settings):
    settings.HORLOGE = f.instant("2023-08-14")
    champs = ouvrir(moi, ici).saisie | a_plat(BON)
    settings.HORLOGE = f.instant("2024-02-01")

    assert envoyer(moi, ici, champs, "transmettre").status_code == 303
    assert soumission(ici).soumis_le.year == 2024


@pytest.mark.parametrize("code", ["2018-T4", "2023-T4", "2030-T1"])
def test_un_trimestre_ou_rien_n_est_attendu_est_introuvable(moi, ici, code):
    ici.assujettie_au = f.trimestre("2023-T3").fin
    ici.save()
    f.trimestre("2018-T4")
    f.trimestre("2023-T4")
    for nom in ("saisie", "corriger", "prolongation", "tableur", "classeur"):
        assert moi.get(adresse(nom, ici, code=code)).status_code == 404
    avant = etat()
    for nom in ("saisie", "corriger", "prolongation", "tableur"):
        assert moi.post(adresse(nom, ici, code=code), {"geste": "enregistrer"}).status_code == 404
    assert etat() == avant


def test_la_page_d_une_autre_organisation_est_introuvable(ici):
    etrangere = entree(f.declarant(f.organisation("AUTRE")))
    avant = etat()

    assert etrangere.get(adresse("saisie", ici)).status_code == 404
    assert envoyer(etrangere, ici, a_plat(BON), "transmettre").status_code == 404
    assert etat() == avant
