"""La page d'une organisation: ses semblables, son plan, ses envois, son histoire à travers renommages et fusions."""

import datetime
import html
import re

import pytest

from barometre import depot
from barometre.formats import lire_csv
from barometre.pages import organisation as page_d_organisation
from indicateurs.models import Prolongation
from organisations.models import Organisation
from tests import fabrique as f
from tests.barometre.public import CODES, paraitre, publier, texte

pytestmark = pytest.mark.django_db
FIN_2021, DEBUT_2022 = datetime.date(2021, 12, 31), datetime.date(2022, 1, 1)


def repondre(organisation: Organisation, codes: list[str], papier: tuple[int, int] = (30, 100)) -> None:
    """Les mêmes comptes à chaque trimestre."""
    sur = f.Indicateur.objects.get(code="sans-papier")
    f.reprendre({(organisation, f.trimestre(c)): {sur: papier} for c in codes}, f.instant("2023-05-25"))


def publier_avec(*lignes: tuple[Organisation, list[str]]):
    """Le monde ordinaire, puis ces organisations et leurs trimestres, dans une édition corrective."""
    publier()
    for n, (organisation, codes) in enumerate(lignes):
        repondre(organisation, codes, (10 * n + 10, 50))
    return paraitre("2023-06-01", note="Elles entrent.")


def page(client, slug: str, edition: str = "") -> str:
    reponse = client.get(f"{f'/editions/{edition}' if edition else ''}/organisations/{slug}/")
    assert reponse.status_code == 200
    return texte(reponse)


def rangees(client, adresse: str, legende: str) -> list[list[str]]:
    """Les lignes du tableau de cette légende, leurs cellules en texte."""
    contenu = client.get(adresse).content.decode()
    tableau = next(t for t in re.findall(r"<table>.*?</table>", contenu, re.DOTALL) if legende in html.unescape(t))
    lignes = re.findall(r"<tr>(.*?)</tr>", tableau.split("<tbody>")[1], re.DOTALL)
    cellules = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", ligne, re.DOTALL) for ligne in lignes]
    return [[html.unescape(re.sub(r"<[^>]+>", "", c)).strip() for c in ligne] for ligne in cellules]


# --- ses semblables --------------------------------------------------------------------------------------------------
def test_une_organisation_se_lit_a_cote_de_son_portefeuille_et_de_sa_categorie(client):
    edition = publier(6)
    lignes = rangees(client, "/organisations/o2/", "Ses parts et celles qui l'entourent")
    assert [ligne[0] for ligne in lignes] == ["Processus sans papier", "Données diffusées", "Personnes formées"]
    publies = lire_csv(depot.lire(edition.code, "chiffres.csv"))
    for ligne, code in zip(lignes, ("sans-papier", "donnees-ouvertes", "formation"), strict=True):
        for debut, perimetre in ((2, ("MCN", "")), (4, ("", "AUTRE"))):
            publie = next(
                c
                for c in publies
                if (c["indicateur"], c["trimestre"], c["portefeuille"], c["categorie"]) == (code, CODES[-1], *perimetre)
            )
            assert f"({publie['numerateur']}\xa0sur\xa0{publie['denominateur']})" in ligne[debut]
            assert ligne[debut + 1] == f"{publie['repondantes']}\xa0sur\xa0{publie['attendues']}"


def test_une_organisation_sans_portefeuille_ne_se_compare_qu_a_sa_categorie(client):
    seule = f.organisation("SEULE", categorie="ENTREPRISE")
    publier_avec((seule, CODES[-1:]))
    contenu = client.get("/organisations/seule/").content.decode()
    assert "Réponses de la catégorie" in contenu
    assert "Son portefeuille" not in contenu
    assert "/portefeuilles/" not in contenu
    assert 'href="/organisations/?categorie=ENTREPRISE"' in contenu


def test_une_edition_d_avant_les_categories_dit_qu_elles_n_y_sont_pas(monkeypatch):
    edition = publier()
    monkeypatch.setattr(type(edition), "series", lambda *_: {})
    tableau = page_d_organisation.contexte(edition, edition.organisations["O1"])["semblables"]
    assert [texte for _, texte in tableau.lignes[0].cellules[1:]] == ["non publié"] * 4


def test_une_fiche_sans_indicateur_le_dit_et_garde_son_histoire(client):
    f.organisation("TARDIVE", assujettie_du=datetime.date(2023, 3, 31))
    f.organisation("FINIE", assujettie_au=datetime.date(2019, 6, 30))
    publier()
    dite = page(client, "finie")
    assert "Cette organisation n'avait aucun chiffre à déclarer dans cette édition." in dite
    assert "Elle doit déclarer depuis le 1er janvier 2019." in dite
    assert "en retard de 3 jours" in page(client, "tardive")


def test_ses_liens_menent_a_son_portefeuille_sa_categorie_et_la_comparaison_de_la_meme_edition(client):
    publier()
    for prefixe in ("", "/editions/2023-T1"):
        contenu = client.get(f"{prefixe}/organisations/o0/").content.decode()
        for suite in ("/portefeuilles/mcn/", "/organisations/?categorie=AUTRE", "/comparer/?o=o0"):
            assert f'href="{prefixe}{suite}"' in contenu
    assert "/editions/2023-T1/organisations/o0/" in texte(client.get("/organisations/o0/"))


# --- ses envois ------------------------------------------------------------------------------------------------------
def test_le_calendrier_dit_quand_chaque_reponse_fut_transmise_a_temps_ou_en_retard(client):
    organisation, papier = f.organisation("X"), f.indicateur("papier")
    trimestres = [f.trimestre(code) for code in ("2022-T3", "2022-T4", "2023-T1")]
    f.validee(organisation, trimestres[0], {papier: (1, 2)}, f.instant("2022-11-01"))
    Prolongation.objects.create(
        organisation=organisation,
        trimestre=trimestres[1],
        echeance_le=datetime.date(2023, 3, 1),
        motif="Une panne",
        accordee_par=f.personne(),
        accordee_le=f.instant("2023-02-01"),
    )
    v1 = f.validee(organisation, trimestres[1], {papier: (1, 2)}, f.instant("2023-02-20"))
    f.corrigee(v1, {papier: (2, 3)}, f.instant("2023-04-20"))
    f.edition(trimestres[2], f.instant("2023-05-18")).designer()
    lignes, le_premier = rangees(client, "/organisations/x/", "Ce que l'organisation a transmis"), "1er novembre 2022"
    assert lignes == [
        ["1er trimestre de 2023", "en retard de 3 jours", "15 mai 2023", "rien d'accepté", "pas encore", "aucune"],
        ["4e trimestre de 2022", "1 chiffre", "1er mars 2023", "20 février 2023, à temps", "20 avril 2023", "2"],
        ["3e trimestre de 2022", "1 chiffre", "14 novembre 2022", f"{le_premier}, à temps", le_premier, "1"],
    ]


def test_une_reponse_transmise_a_temps_et_acceptee_plus_tard_reste_a_temps(client):
    organisation, papier, trimestre = f.organisation("X"), f.indicateur("papier"), f.trimestre("2022-T4")
    transmise = f.transmise(organisation, trimestre, {papier: (1, 2)}, f.instant("2023-02-10"))
    transmise.valider(par=f.relecteur(), le=f.instant("2023-03-10"))
    f.edition(trimestre, f.instant("2023-05-18")).designer()
    assert "14 février 2023 10 février 2023, à temps 10 mars 2023 1" in page(client, "x")


def test_une_reponse_transmise_apres_l_echeance_dit_de_combien(client):
    organisation, papier, trimestre = f.organisation("X"), f.indicateur("papier"), f.trimestre("2022-T4")
    f.validee(organisation, trimestre, {papier: (1, 2)}, f.instant("2023-02-20"))
    f.edition(trimestre, f.instant("2023-05-18")).designer()
    assert "20 février 2023, en retard de 6 jours" in page(client, "x")


def test_ce_que_la_reprise_a_declare_le_dit(client):
    publier()
    assert "reprise de l'historique" in page(client, "o1")


# --- son histoire ----------------------------------------------------------------------------------------------------
def test_un_changement_de_nom_se_lit_et_chaque_edition_garde_le_sien(client):
    publier()
    organisation = Organisation.objects.get(sigle="O1")
    organisation.nom = "Agence neuve"
    organisation.save(update_fields=["nom"])
    paraitre("2023-06-01", note="Un nom")
    assert "elle se nommait «\xa0Régie numéro 1\xa0»." in page(client, "o1")
    assert "elle se nommait" not in page(client, "o1", "2023-T1")
    assert "Elle doit déclarer depuis le 1er janvier 2019." in page(client, "o1")


def test_une_edition_sans_anciens_noms_se_lit_encore(client):
    edition = publier()
    for fiche in edition.catalogue["organisations"]:
        fiche.pop("anciens_noms")
    assert page_d_organisation.contexte(edition, edition.organisations["O0"])["recit"]


@pytest.fixture
def renommee():
    """NEUVE continue VIEILLE le 1er janvier 2022."""
    neuve = f.organisation("NEUVE", nom="Agence neuve", assujettie_du=DEBUT_2022)
    vieille = f.organisation("VIEILLE", nom="Régie vieille", assujettie_au=FIN_2021, remplacee_par=neuve)
    avant = [c for c in CODES if c < "2022"]
    return publier_avec((vieille, avant), (neuve, [c for c in CODES if c not in avant]))


def test_la_serie_continue_a_travers_un_renommage_et_dit_sous_quel_nom(client, renommee):
    dite = page(client, "neuve")
    assert dite.count("Jusqu'au 31 décembre 2021, elle déclarait sous le nom «\xa0Régie vieille\xa0» (VIEILLE).") == 2
    lignes = rangees(client, "/organisations/neuve/", "Processus sans papier, depuis")
    assert [ligne[1] for ligne in lignes[:10]] == ["20,0\xa0%"] * 5 + ["40,0\xa0%"] * 5
    assert "4e trimestre de 2021 (VIEILLE)" in dite
    assert "Avant la fusion" not in dite


def test_l_adresse_d_une_organisation_remplacee_mene_pour_toujours_a_celle_qui_la_remplace(client, renommee):
    reponse = client.get("/organisations/vieille/")
    assert (reponse.status_code, reponse.headers["Location"]) == (301, "/organisations/neuve/")
    assert reponse.headers["Cache-Control"].startswith("public, max-age=60")
    reponse = client.get("/editions/2023-T1/organisations/vieille/")
    assert (reponse.status_code, reponse.headers["Location"]) == (301, "/editions/2023-T1/organisations/neuve/")
    assert client.get("/organisations/vieille/", follow=True).status_code == 200


def test_dans_une_edition_ou_elle_declarait_encore_elle_garde_sa_page(client):
    vieille = f.organisation("VIEILLE", nom="Régie vieille")
    papier = f.indicateur("papier")
    f.validee(vieille, f.trimestre("2022-T1"), {papier: (1, 2)})
    f.edition(f.trimestre("2022-T1"), f.instant("2022-06-01"))
    neuve = f.organisation("NEUVE", assujettie_du=datetime.date(2022, 4, 1))
    vieille.remplacee_par, vieille.assujettie_au = neuve, datetime.date(2022, 3, 31)
    vieille.save(update_fields=["remplacee_par", "assujettie_au"])
    f.edition(f.trimestre("2022-T2"), f.instant("2022-09-01")).designer()
    assert client.get("/organisations/vieille/").status_code == 301
    assert "50,0\xa0%" in page(client, "vieille", "2022-T1")


def test_une_organisation_bientot_remplacee_garde_sa_page_et_l_annonce(client):
    neuve = f.organisation("NEUVE", nom="Agence neuve", assujettie_du=datetime.date(2023, 7, 1))
    fin = datetime.date(2023, 6, 30)
    vieille = f.organisation("VIEILLE", assujettie_au=fin, remplacee_par=neuve)
    publier_avec((vieille, CODES))
    assert "Le 1er juillet 2023, «\xa0Agence neuve\xa0» la remplace." in page(client, "vieille")
    assert 'href="/organisations/neuve/"' not in client.get("/organisations/vieille/").content.decode()


def test_une_organisation_qui_cesse_sans_remplacante_garde_sa_page(client):
    publier_avec((f.organisation("FINIE", assujettie_au=FIN_2021), [c for c in CODES if c < "2022"]))
    dite = page(client, "finie")
    assert "Cette organisation ne déclare plus depuis le 1er janvier 2022." in dite
    assert "C'était au 4e trimestre de 2021." in dite
    assert "20,0\xa0%" in dite


@pytest.mark.parametrize(("fin", "jour"), [("2023-03-30", "31 mars 2023"), ("2023-03-31", ""), ("2023-04-01", "")])
def test_elle_declare_encore_le_dernier_jour_de_son_assujettissement_et_plus_le_lendemain(client, fin, jour):
    f.organisation("FINIE", assujettie_au=datetime.date.fromisoformat(fin))
    edition = publier()
    dite = page(client, "finie")

    assert ("FINIE" in edition.attendues) == (not jour)
    assert ("ne déclare plus" in dite) == bool(jour)
    assert f"Cette organisation ne déclare plus depuis le {jour}." in dite or not jour


def test_une_fusion_laisse_a_chacune_ses_chiffres(client):
    neuve = f.organisation("NEUVE", nom="Agence neuve", assujettie_du=DEBUT_2022)
    avant = [c for c in CODES if c < "2022"]
    anciennes = [f.organisation(s, nom=f"Régie {s}", assujettie_au=FIN_2021, remplacee_par=neuve) for s in ("A1", "B1")]
    publier_avec(*((ancienne, avant) for ancienne in anciennes), (neuve, [c for c in CODES if c not in avant]))
    dite = page(client, "neuve")
    assert "Avant la fusion" in dite
    for sigle, part in (("A1", "20,0\xa0% (10\xa0sur\xa050)"), ("B1", "40,0\xa0% (20\xa0sur\xa050)")):
        assert f"Le 1er janvier 2022, elle a intégré «\xa0Régie {sigle}\xa0» ({sigle})." in dite
        assert dite.count(f"elle a intégré «\xa0Régie {sigle}\xa0»") == 1
        lignes = rangees(client, "/organisations/neuve/", f"Les parts\xa0: Régie {sigle}")
        assert [ligne[1] for ligne in lignes if "2021" in ligne[0]] == [part] * 4
    courbe = rangees(client, "/organisations/neuve/", "Processus sans papier, depuis")
    assert courbe[0][:2] == ["1er trimestre de 2022", "60,0\xa0%"]
    assert client.get("/organisations/a1/").headers["Location"] == "/organisations/neuve/"


def test_la_serie_d_une_integree_dit_la_definition_qui_la_rompt_et_pas_celle_d_apres(client):
    neuve, fin = f.organisation("NEUVE", assujettie_du=DEBUT_2022), datetime.date(2021, 12, 31)
    vieilles = [f.organisation(sigle, assujettie_au=fin, remplacee_par=neuve) for sigle in ("A1", "B1")]
    papier = f.indicateur("papier", intitule="Papier")
    for jour, explication in (("2021-07-01", "Le périmètre change."), ("2022-07-01", "Il change encore.")):
        f.Definition.objects.create(
            indicateur=papier, applicable_du=jour, texte="Autre.", rupture=True, explication=explication
        )
    depots = {(une, f.trimestre(code)): {papier: (1, 2)} for une in vieilles for code in ("2021-T2", "2021-T3")}
    f.reprendre(depots | {(neuve, f.trimestre("2023-T1")): {papier: (1, 2)}}, f.instant("2023-05-02"))
    paraitre("2023-05-18")
    fusion = page(client, "neuve").partition("Avant la fusion")[2]

    assert fusion.count("Papier. 3e trimestre de 2021\xa0: nouvelle définition. Le périmètre change.") == 2
    assert "Il change encore." not in fusion


def test_celle_qui_se_joint_a_une_organisation_plus_ancienne_ne_touche_pas_sa_courbe(client):
    grande = f.organisation("GRANDE", nom="Grande régie")
    petite = f.organisation("PETITE", nom="Petite régie", assujettie_au=FIN_2021, remplacee_par=grande)
    publier_avec((petite, [c for c in CODES if c < "2022"]), (grande, CODES))
    lignes = rangees(client, "/organisations/grande/", "Processus sans papier, depuis")
    assert {ligne[1] for ligne in lignes[:10]} == {"40,0\xa0%"}
    assert "elle a intégré «\xa0Petite régie\xa0» (PETITE)." in page(client, "grande")


# --- ce qu'elle coûte ------------------------------------------------------------------------------------------------
def test_une_longue_histoire_ne_coute_pas_une_requete_de_plus(client, renommee, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/organisations/neuve/")
