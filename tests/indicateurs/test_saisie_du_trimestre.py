"""Le brouillon d'un trimestre ne perd rien de ce qui est tapé, et ne se plaint de rien."""

from unicodedata import normalize

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicateurs.models import Indicateur
from organisations.comptes.seances import GARDE
from organisations.models import Role
from tests import fabrique as f
from tests.indicateurs.espace import (
    CODE,
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
LONG = "à l'été, " * 4_500


@pytest.fixture
def avant(ici):
    """Ce qui fut transmis au trimestre d'avant."""
    reponses = dict(zip(ici_indicateurs(), [(12, 30), (5, 10)], strict=True))
    return f.transmise(ici, f.trimestre("2023-T1"), reponses)


def ici_indicateurs():
    return list(Indicateur.objects.order_by("ordre"))


# --- enregistrer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "champs",
    [
        {"numerateur": "abc"},
        {"numerateur": "12"},
        {"denominateur": "-5"},
        {"note": "À suivre.\nDemain."},
        {"note": LONG.strip()},
        {"numerateur": "9" * 5_000, "denominateur": "1"},
        {"numerateur": "<b>7</b>", "motif": "\"'&amp;"},
        {"absence": "NON_DISPONIBLE"},
        {"numerateur": "3", "denominateur": "2", "absence": "SANS_OBJET"},
        {"preuve": "ftp://exemple", "justification": "e\u0301tat"},
        {"numerateur": "12", "denominateur": "30", "absence": "NON_DISPONIBLE", "motif": "panne", "note": "n"},
    ],
    ids=",".join,
)
def test_un_brouillon_garde_ce_qui_est_tape_sans_se_plaindre(moi, ici, champs):
    reponse = ecrire(moi, ici, papier=champs)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse("saisie", ici))

    page = ouvrir(moi, ici)
    relus = {nom: page.saisie.get(f"papier-{nom}", "") for nom in champs}
    assert relus == {nom: normalize("NFC", texte) for nom, texte in champs.items()}
    assert "Le brouillon est enregistré. Rien n'est encore transmis." in page.texte
    assert "à revoir" not in page.texte


def test_une_reponse_qui_tient_devient_une_valeur_et_l_autre_reste_une_ebauche(moi, ici):
    ecrire(moi, ici, papier=deux("1 234", "2 000,0"), ouvert=deux("12", ""))

    assert soumission(ici).contenu() == {
        "papier": {"numerateur": 1234, "denominateur": 2000},
        "ouvert": {"ebauche": {"numerateur": "12"}},
    }


def test_vider_une_carte_vide_la_reponse(moi, ici):
    ecrire(moi, ici, papier=deux(1, 2), ouvert=deux("x", "y"))
    ecrire(moi, ici, papier=deux("", " "), ouvert=deux("", ""))

    assert soumission(ici).contenu() == {}
    assert f.rejouer(soumission(ici)) == {}


def test_une_personne_qui_redige_enregistre_aussi(ici):
    assert ecrire(entree(f.declarant(ici, Role.REDACTION)), ici, papier=deux(1, 2)).status_code == 303
    assert soumission(ici).contenu() == {"papier": {"numerateur": 1, "denominateur": 2}}


@pytest.mark.parametrize("geste", ["enregistrer", "transmettre"])
def test_des_champs_de_trop_n_ont_aucun_effet(moi, ici, geste):
    etranger = f.organisation("AUTRE")
    de_trop = {
        "statut": "VALIDE",
        "organisation": str(etranger.pk),
        "valide_par": "1",
        "version": "7",
        "papier-statut": "VALIDE",
        "papier-soumission": "1",
        "inconnu-numerateur": "5",
        "is_staff": "1",
    }
    champs = ouvrir(moi, ici).saisie | a_plat({"papier": deux(1, 2), "ouvert": deux(3, 4)}) | de_trop
    assert envoyer(moi, ici, champs, geste).status_code == 303

    ecrite = soumission(ici)
    assert (ecrite.organisation, ecrite.version, ecrite.valide_par) == (ici, 1, None)
    assert ecrite.statut == ("SOUMIS" if geste == "transmettre" else "BROUILLON")
    assert ecrite.contenu().keys() == {"papier", "ouvert"}
    assert soumission(etranger) is None


# --- reprendre le trimestre d'avant ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("avant")
def test_rien_n_est_repris_sans_qu_on_le_demande(moi, ici):
    page = ouvrir(moi, ici)

    assert not any(texte for champ, texte in page.saisie.items() if "-" in champ)
    assert "?reprendre" in page.ancres
    assert "Au 1er trimestre de 2023\xa0: 12 sur 30, soit 40,0\xa0%." in page.texte


@pytest.mark.usefixtures("avant")
def test_ce_qui_est_repris_le_dit_et_n_est_pas_enregistre(moi, ici):
    fige = etat()
    page = ouvrir(moi, ici, "?reprendre")

    assert [page.saisie[f"papier-{nom}"] for nom in ("numerateur", "denominateur")] == ["12", "30"]
    assert page.texte.count("Repris du 1er trimestre de 2023\xa0: à vérifier avant d'enregistrer.") == 2
    assert etat() == fige


@pytest.mark.usefixtures("avant")
def test_ce_qui_est_deja_ecrit_n_est_jamais_remplace_par_une_reprise(moi, ici):
    ecrire(moi, ici, papier=deux("x", ""))
    page = ouvrir(moi, ici, "?reprendre")

    assert [page.saisie[f"papier-{nom}"] for nom in ("numerateur", "denominateur")] == ["x", ""]
    assert page.saisie["ouvert-numerateur"] == "5"
    assert page.texte.count("Repris du") == 1


def test_sans_trimestre_d_avant_la_reprise_ne_se_propose_pas(moi, ici):
    assert "?reprendre" not in ouvrir(moi, ici).ancres
    assert ouvrir(moi, ici, "?reprendre").statut == 200


# --- lire sans rien changer ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("avant")
def test_lire_l_espace_ne_change_rien(moi, ici):
    f.validee(ici, f.trimestre("2022-T4"), dict.fromkeys(ici_indicateurs(), (1, 2)))
    ecrire(moi, ici, papier=deux("x", 3))
    fige = etat()
    pages = [reverse("espace"), reverse("echeances"), reverse("tableau", args=[ici.slug])]
    for code in ("2022-T4", "2023-T1", CODE):
        pages += [adresse(nom, ici, code=code) for nom in ("saisie", "corriger", "prolongation", "tableur", "classeur")]
        pages += [adresse(nom, ici, 1, code=code) for nom in ("version", "accuse", "accuse_en_texte")]
    pages.append(adresse("saisie", ici) + "?reprendre&geste=transmettre")
    statuts = {moi.generic(methode, page).status_code for page in pages for methode in ("GET", "HEAD", "OPTIONS")}

    assert statuts == {200, 302, 303, 404, 405}
    assert etat() == fige


@pytest.mark.parametrize("combien", [2, 12])
def test_le_formulaire_fait_le_meme_nombre_de_requetes_quel_que_soit_le_nombre_d_indicateurs(moi, ici, combien):
    for rang in range(3, combien + 1):
        f.indicateur(f"i{rang}", ordre=rang)
    f.transmise(ici, f.trimestre("2023-T1"), dict.fromkeys(ici_indicateurs(), (1, 2)))
    ecrire(moi, ici, **{i.code: deux(1, 2) for i in ici_indicateurs()})
    ouvrir(moi, ici)
    with CaptureQueriesContext(connection) as requetes:
        ouvrir(moi, ici)

    assert len(requetes) == 11


# --- la séance -------------------------------------------------------------------------------------------------------


@pytest.fixture
def garder(moi, personne, ici):
    """Une séance s'est fermée pendant cet envoi."""

    def faire(contenu: str, pour=personne) -> None:
        seance = moi.session
        seance[GARDE] = {"personne": pour.pk, "adresse": adresse("saisie", ici), "contenu": contenu}
        seance.save()

    return faire


def test_ce_que_la_seance_a_garde_s_affiche_une_fois_et_n_est_pas_ecrit(moi, ici, garder):
    ecrire(moi, ici, papier=deux(1, 2))
    fige = etat()
    garder("papier-numerateur=abc&papier-denominateur=2&ouvert-note=%C3%A9tat&geste=transmettre")

    page = ouvrir(moi, ici)
    assert "Votre séance s'était fermée." in page.texte
    assert (page.saisie["papier-numerateur"], page.saisie["ouvert-note"]) == ("abc", "état")
    assert etat() == fige
    assert ouvrir(moi, ici).saisie["papier-numerateur"] == "1"


def test_ce_que_la_seance_a_garde_ne_se_montre_qu_a_la_meme_personne(moi, ici, garder):
    garder("papier-numerateur=abc", pour=f.declarant(ici))

    assert ouvrir(moi, ici).saisie["papier-numerateur"] == ""


def test_un_caractere_nul_garde_par_la_seance_ne_fait_pas_tomber_la_page(moi, ici, garder):
    garder("papier-numerateur=%00")

    assert ouvrir(moi, ici).statut == 200


def test_avant_l_ouverture_la_page_le_dit_et_n_offre_aucun_geste(moi, ici, settings):
    settings.HORLOGE = f.instant("2023-06-20")
    page = ouvrir(moi, ici)

    assert "Ce trimestre ouvre le 1er juillet 2023." in page.texte
    assert "Enregistrer le brouillon" not in page.texte


def test_un_brouillon_vide_ne_commence_aucun_dossier(moi, ici):
    assert ecrire(moi, ici).status_code == 303
    assert soumission(ici) is None


def test_un_texte_demesure_est_refuse_avec_le_nom_de_son_champ(moi, ici):
    reponse = ecrire(moi, ici, papier=deux(1, 2, note="n" * 50_001))

    assert reponse.status_code == 400
    assert "Note publique\xa0: ce texte dépasse 50\xa0000 caractères" in reponse.content.decode()
    assert soumission(ici) is None


def test_deux_autres_personnes_presentes_se_disent_au_pluriel(moi, ici):
    noms = []
    for _ in range(2):
        autre = f.declarant(ici)
        noms.append(str(autre))
        ouvrir(entree(autre), ici)

    assert f"{noms[0]} et {noms[1]} écrivent peut-être aussi dans cette page." in ouvrir(moi, ici).texte
