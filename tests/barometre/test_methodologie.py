"""La méthode: chaque règle a son adresse, et un exemple que les fichiers de l'édition redonnent."""

import re

import pytest

from barometre import depot, formats
from barometre.pages.methodologie.regles import GLOSSAIRE, REGLES
from indicateurs import langue
from indicateurs.affichage import nombre
from indicateurs.mots import replier
from tests import fabrique as f
from tests.barometre.public import paraitre, publier, texte

pytestmark = pytest.mark.django_db
ANCRES = [ancre for ancre, _, _ in REGLES]


def sections(client, adresse: str = "/methodologie/") -> dict[str, str]:
    """Le texte de chaque section, par ancre."""
    page = client.get(adresse).content.decode()
    trouvees = re.findall(r'<section aria-labelledby="([\w-]+)">(.*?)</section>', page, re.DOTALL)

    class Lue:
        def __init__(self, corps: str) -> None:
            self.content = corps.encode()

    return {ancre: texte(Lue(corps)).strip() for ancre, corps in trouvees}


def chiffres(code: str, indicateur: str) -> dict[str, str]:
    """La ligne d'ensemble du dernier trimestre, dans le fichier publié."""
    lignes = formats.lire_csv(depot.lire(code, "chiffres.csv"))
    [ligne] = [
        x
        for x in lignes
        if (x["indicateur"], x["trimestre"], x["portefeuille"], x["categorie"]) == (indicateur, "2023-T1", "", "")
    ]
    return ligne


def test_chaque_regle_a_son_ancre_et_le_sommaire_y_mene(client):
    publier()
    page = client.get("/methodologie/").content.decode()

    for ancre in (*ANCRES, "indicateurs", "glossaire"):
        assert f'<a href="#{ancre}">' in page
        assert page.count(f'id="{ancre}"') == 1


def test_chaque_regle_a_un_exemple_de_l_edition(client):
    publier()

    for ancre, dite in sections(client).items():
        assert "Cette édition n'en a pas d'exemple." not in dite, ancre


def test_les_comptes_des_exemples_sont_ceux_du_fichier_publie(client):
    publier(8)
    lues = sections(client)
    papier, ouvertes = chiffres("2023-T1", "sans-papier"), chiffres("2023-T1", "donnees-ouvertes")

    assert f"{papier['attendues']} organisations étaient attendues" in lues["attendues"]
    assert f"{papier['repondantes']} organisations sur {papier['attendues']} ont répondu" in lues["repondantes"]
    assert f"{papier['calculables']} organisations ont de quoi calculer" in lues["calculables"]
    compte = f"{nombre(int(papier['numerateur']))}\xa0sur\xa0{nombre(int(papier['denominateur']))}"
    assert f"Toutes ensemble\xa0: {compte}, donc" in lues["part-globale"]
    assert f"sur {ouvertes['calculables']} dépassent 50\xa0%" in lues["part-des-organisations"]
    exacte = papier["part_globale"].replace(".", ",")
    assert f"La part exacte, {exacte}\xa0%, s'écrit" in lues["affichage"]
    assert f"Non disponible\xa0: {ouvertes['non_disponibles']}." in lues["absences"]
    for ancre in ("repondantes", "calculables", "part-propre", "affichage"):
        assert "Indicateur\xa0: Processus sans papier." in lues[ancre], ancre


def test_les_exemples_nomment_de_vraies_organisations(client):
    publier()
    lues = sections(client)

    assert "Ministère de la Cybersécurité\xa0: 51\xa0sur\xa0100, donc 51,0\xa0%." in lues["part-propre"]
    assert "numéro 1, non disponible\xa0: systèmes en migration." in lues["absences"]


def test_l_exemple_du_chemin_refait_la_ligne_droite(client):
    publier()
    chemin = sections(client)["chemin"]

    assert "Le chemin part de 20\xa0% au 1er trimestre de 2021." in chemin
    assert "Il mène à 75\xa0% au 4e trimestre de 2023." in chemin
    assert "8 trimestres sur 11 sont passés." in chemin
    assert "Au 1er trimestre de 2023, le chemin passe à 60,0\xa0%." in chemin  # 20 + 55 × 8/11


def test_l_exemple_du_rythme_compte_ses_pentes(client):
    publier()

    assert "8 trimestres connus donnent 28 pentes." in sections(client)["projection"]


def test_une_organisation_qui_egale_le_seuil_est_nommee_et_n_est_pas_comptee(client):
    ouvertes = f.indicateur("ouvertes", agregation="PART_ORGANISATIONS")
    t = f.trimestre("2023-T1")
    for sigle, reponse in (("MOITIE", (5, 10)), ("PLUS", (6, 10))):
        f.validee(f.organisation(sigle, nom=f"Organisme {sigle}"), t, {ouvertes: reponse})
    f.edition(t).designer()
    part = sections(client)["part-des-organisations"]

    assert "1 organisation sur 2 dépasse 50\xa0%." in part
    assert "Exactement à 50\xa0%, donc non comptée\xa0: Organisme MOITIE." in part


def test_une_edition_sans_indicateur_ni_reponse_le_dit(client):
    f.organisation("SEULE")
    f.edition(f.trimestre("2023-T1")).designer()
    lues = sections(client)

    assert "Cette édition n'en a pas d'exemple." in lues["attendues"]
    assert "Aucun indicateur n'est défini dans cette édition." in lues["indicateurs"]


def test_une_edition_sans_une_seule_reponse_ne_casse_rien(client):
    f.indicateur("muet")
    f.organisation("SEULE")
    f.edition(f.trimestre("2023-T1")).designer()

    assert "La seule organisation attendue n'a pas répondu." in sections(client)["repondantes"]
    assert "Aucune organisation n'a de quoi calculer une part." in sections(client)["calculables"]


def test_chaque_edition_a_les_exemples_qui_etaient_les_siens(client):
    publier()
    avant = sections(client)
    paraitre("2023-06-18", note="Un ajout")

    anciennes = sections(client, "/editions/2023-T1/methodologie/")
    assert {a: anciennes[a] for a in ANCRES} == {a: avant[a] for a in ANCRES}
    assert "Édition 2023-T1-r1" in sections(client)["editions"]


def test_chaque_indicateur_est_defini_et_mene_a_sa_page(client):
    publier()
    page = client.get("/methodologie/").content.decode()

    assert '<a href="/indicateurs/donnees-ouvertes/">Données diffusées</a>' in page
    assert "Autrement compté. Son chiffre principal est la part des organisations." in texte(
        client.get("/methodologie/")
    )


def test_chaque_regle_et_chaque_mot_passent_par_le_catalogue(client, monkeypatch):
    publier()
    monkeypatch.setattr(langue._Langue, "traduire", staticmethod(lambda phrase: f"¤{phrase}"))
    page = texte(client.get("/methodologie/"))

    dites = [dite for _, titre, dites in REGLES for dite in (titre, *dites)]
    for phrase in (*dites, *(mot for entree in GLOSSAIRE for mot in entree)):
        assert f"¤{phrase}" in page
    assert "¤Son chiffre principal est la part des organisations." in page


def test_le_glossaire_est_range_et_dit_les_sigles():
    termes = [terme for terme, _ in GLOSSAIRE]

    assert termes == sorted(termes, key=replier)
    assert "CQEN" in termes


def test_sans_indicateur_de_somme_la_part_globale_reste_une_somme(client):
    ouvertes = f.indicateur("ouvertes", agregation="PART_ORGANISATIONS")
    t = f.trimestre("2023-T1")
    for sigle, reponse in (("A", (9, 10)), ("B", (0, 30))):
        f.validee(f.organisation(sigle), t, {ouvertes: reponse})
    f.edition(t).designer()

    assert "Toutes ensemble\xa0: 9\xa0sur\xa040, donc 22,5\xa0%." in sections(client)["part-globale"]
    assert "La part est donc de 50,0\xa0%." in sections(client)["part-des-organisations"]
