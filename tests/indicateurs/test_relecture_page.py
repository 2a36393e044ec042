"""La page d'une soumission: chaque réponse à côté de celles d'avant, ce qui est signalé, la série, le journal."""

import re

import pytest

from indicateurs.models import Saisie, Soumission
from organisations.models import Attribution
from tests import fabrique as f
from tests.indicateurs.espace import entree
from tests.relire import JOUR, LE, ouvrir

pytestmark = pytest.mark.django_db
ND = Saisie(absence="NON_DISPONIBLE", motif="Une panne.")


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def cqen():
    return f.relecteur()


@pytest.fixture
def moi(cqen):
    return entree(cqen)


@pytest.fixture
def papier():
    return f.indicateur("papier", intitule="Démarches sans papier", libelle_numerateur="Sans papier")


def lignes(moi, soumission: Soumission) -> dict[str, list[str]]:
    """Ce que la page dit de chaque fait du premier indicateur: ici, puis à côté."""
    html = moi.get(f"/admin/indicateurs/soumission/{soumission.pk}/change/").content.decode()
    rangees = re.findall(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', html.split("<details>")[0], re.DOTALL)
    cellules = {nom: re.findall(r"<td[^>]*>(.*?)</td>", suite, re.DOTALL) for nom, suite in rangees}
    return {
        nom: [re.sub(r"<[^>]+>", "", c).replace("\xa0", " ").strip() for c in dits] for nom, dits in cellules.items()
    }


def test_chaque_fait_est_a_cote_de_celui_du_trimestre_d_avant(moi, papier):
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: Saisie(400, 1000, note="Partiel.")})
    ici = Saisie(1460, 1500, note="Complet.", preuve="https://exemple.test/", justification="Une cohorte.")
    soumission = f.transmise(organisation, f.trimestre(), {papier: ici}, LE)

    assert lignes(moi, soumission) == {
        "Sans papier": ["1 460", "400 changé"],
        "Dénominateur": ["1 500", "1 000 changé"],
        "Part": ["97,3 %", "40,0 % changé, 57,3 points de plus depuis"],
        "Note publique": ["Complet.", "Partiel. changé"],
        "Preuve": ["https://exemple.test/", "rien changé"],
        "Justification au CQEN": ["Vérifié.", "rien changé"],
    }
    page = ouvrir(moi, soumission).texte
    assert "1er trimestre de 2023" in page
    assert "4e trimestre de 2022" in page
    assert "De 40,0\xa0% au 4e trimestre de 2022 à 97,3\xa0% au 1er trimestre de 2023 (2 trimestres connus)." in page


def test_une_correction_est_aussi_a_cote_de_la_version_qu_elle_corrige(moi, papier):
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    acceptee = f.validee(organisation, f.trimestre(), {papier: (6, 10)}, LE)
    nouvelle = acceptee.corriger(par=acceptee.cree_par, le=LE, motif="Un système est en panne.")
    nouvelle.saisir({papier: ND}, par=acceptee.cree_par, le=LE)
    nouvelle.soumettre(par=acceptee.cree_par, le=LE)

    assert lignes(moi, nouvelle) == {
        "Sans papier": ["rien", "6 changé", "5 changé"],
        "Dénominateur": ["rien", "10 changé", "10 changé"],
        "Part": ["rien", "60,0 % changé", "50,0 % changé"],
        "Absence": ["Non disponible", "rien changé", "rien changé"],
        "Raison publique": ["Une panne.", "rien changé", "rien changé"],
    }
    page = ouvrir(moi, nouvelle).texte
    assert "Corrige la version 1\xa0: «\xa0Un système est en panne.\xa0»" in page
    nouvelle.valider(par=f.relecteur(), le=LE)
    assert lignes(moi, nouvelle)["Sans papier"] == ["rien", "6 changé", "5 changé"]  # remplacée, elle se lit encore


def test_ce_qui_ne_change_pas_ne_porte_pas_la_marque(moi, papier):
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    soumission = f.transmise(organisation, f.trimestre(), {papier: (5, 10)}, LE)
    assert lignes(moi, soumission) == {
        "Sans papier": ["5", "5"],
        "Dénominateur": ["10", "10"],
        "Part": ["50,0 %", "50,0 %"],
    }


def test_un_trimestre_d_avant_vide_ou_pas_encore_accepte_se_dit(moi, papier):
    organisation = f.organisation()
    f.transmise(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    t1 = f.transmise(organisation, f.trimestre("2023-T1"), {papier: (5, 10)}, LE)
    assert "4e trimestre de 2022, pas encore accepté" in ouvrir(moi, t1).texte

    autre = f.transmise(f.organisation(), f.trimestre("2023-T1"), {papier: (5, 10)}, LE)
    assert "4e trimestre de 2022, rien de transmis" in ouvrir(moi, autre).texte
    assert lignes(moi, autre)["Part"] == ["50,0 %", "rien"]


def test_ce_qui_est_signale_vient_en_tete_avec_ce_que_l_organisation_repond(moi, papier):
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: (1, 10)})
    soumission = f.transmise(organisation, f.trimestre(), {papier: (9, 10)}, f.instant("2023-05-20"))
    page = ouvrir(moi, soumission).texte

    assert page.index("La part passe de 10,0\xa0% à 90,0\xa0%") < page.index("Les réponses")
    assert "L'organisation répond\xa0: «\xa0Vérifié.\xa0»" in page
    assert "Transmise 5 jours après l'échéance." in page
    assert "Démarches sans papier signalé" in page


def test_une_soumission_que_rien_ne_signale_le_dit(moi, papier):
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    assert "Rien n'est signalé." in ouvrir(moi, f.transmise(organisation, f.trimestre(), {papier: (5, 10)}, LE)).texte


def test_la_serie_est_en_courbe_et_en_tableau_avec_ses_trous(moi, papier):
    organisation = f.organisation()
    for code, reponse in (("2022-T1", (1, 10)), ("2022-T2", ND), ("2022-T3", (2, 10)), ("2022-T4", (3, 10))):
        f.validee(organisation, f.trimestre(code), {papier: reponse})
    f.transmise(f.organisation(), f.trimestre("2022-T4"), {papier: (9, 9)})  # d'ailleurs
    soumission = f.transmise(organisation, f.trimestre(), {papier: (4, 10)}, LE)
    html = moi.get(f"/admin/indicateurs/soumission/{soumission.pk}/change/").content.decode()
    page = ouvrir(moi, soumission).texte

    assert re.search(r'class="points" d="([^"]*)"', html)[1].count("M") == 4
    assert re.search(r'class="ligne" d="([^"]*)"', html)[1].count("M") == 1
    assert "2e trimestre de 2022 Non disponible\xa0: Une panne." in page
    assert "4e trimestre de 2022 3 sur 10, soit 30,0\xa0%" in page
    assert "90" not in page.partition("Voir la série")[0].partition("Les réponses")[2]


def test_le_journal_dit_qui_quand_et_pourquoi(moi, cqen, papier):
    soumission = f.transmise(f.organisation(), f.trimestre(), {papier: (5, 10)}, LE)
    soumission.renvoyer(par=cqen, le=JOUR, motif="Précisez la note.")
    soumission.soumettre(par=soumission.cree_par, le=JOUR)
    page = ouvrir(moi, soumission).texte

    assert f"commencé par {soumission.cree_par}." in page
    assert f"4 mai 2023, 8\xa0h\xa000\xa0: renvoyé à l'organisation, par {cqen}. «\xa0Précisez la note.\xa0»" in page
    assert page.count(f"transmis, par {soumission.cree_par}.") == 2


def test_la_page_nomme_qui_relit_d_ordinaire(moi, cqen, papier):
    tete = f.ministere()
    soumission = f.transmise(f.organisation(ministere=tete), f.trimestre(), {papier: (5, 10)}, LE)
    assert "Personne n'est attitré à ce portefeuille." in ouvrir(moi, soumission).texte
    Attribution.objects.create(portefeuille=tete, relecteur=cqen)
    assert f"Relu d'ordinaire par {cqen}." in ouvrir(moi, soumission).texte


def test_un_texte_hostile_ne_fait_que_se_lire(moi, papier):
    hostile = "<script>alert(1)</script>"
    organisation = f.organisation(nom=hostile)
    saisie = Saisie(absence="NON_DISPONIBLE", motif=hostile, note=hostile)
    soumission = f.transmise(organisation, f.trimestre(), {papier: saisie}, LE)
    html = moi.get(f"/admin/indicateurs/soumission/{soumission.pk}/change/").content.decode()
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 3


def test_la_page_fait_autant_de_requetes_pour_un_indicateur_que_pour_huit(moi, cqen, django_assert_max_num_queries):
    indicateurs = [f.indicateur()]

    def transmise() -> Soumission:
        organisation = f.organisation(ministere=f.ministere())
        for code in ("2022-T2", "2022-T3", "2022-T4")[-len(indicateurs) :]:
            f.validee(organisation, f.trimestre(code), dict.fromkeys(indicateurs, (5, 10)))
        return f.transmise(organisation, f.trimestre(), dict.fromkeys(indicateurs, (5, 10)), LE)

    premiere = transmise()
    with django_assert_max_num_queries(25) as une:
        ouvrir(moi, premiere)
    indicateurs += [f.indicateur() for _ in range(7)]
    derniere = [transmise() for _ in range(5)][-1]
    derniere.renvoyer(par=cqen, le=JOUR, motif="Précisez.")
    derniere.soumettre(par=derniere.cree_par, le=JOUR)
    with django_assert_max_num_queries(25) as huit:
        ouvrir(moi, derniere)
    assert len(une) == len(huit)
