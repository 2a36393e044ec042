"""Qui doit quoi: la matrice d'un trimestre dit l'état de chaque case, se compte, se filtre et se télécharge."""

import csv
import datetime
import re
from io import StringIO

import pytest
from django.urls import reverse

from indicateurs import rappels
from indicateurs.etats import RAPPELABLES
from indicateurs.models import Prolongation, Rappel, Saisie, Soumission, Trimestre
from indicateurs.pages import suivi
from organisations.models import Attribution, Organisation
from tests import fabrique as f
from tests.indicateurs.espace import CODE, Page

pytestmark = pytest.mark.django_db

LE = f.instant("2023-08-20")  # six jours après l'échéance
DEPOT = f.instant("2023-08-01")
ICI = f"/admin/indicateurs/trimestre/{CODE}/suivi/"
VOIR, RAPPELER, PROLONGER = "indicateurs.view_soumission", "indicateurs.rappeler", "indicateurs.add_prolongation"


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN, entrée, le 20 août 2023."""
    settings.MFA_EXIGEE, settings.HORLOGE = False, LE
    membre = f.personne(VOIR, RAPPELER, PROLONGER, is_staff=True)
    client.force_login(membre)
    return membre


@pytest.fixture
def monde():
    """Une organisation par état, deux indicateurs; le ministère et une organisation ont une personne attitrée."""
    quand, papier, ouvert = f.trimestre(CODE), f.indicateur("papier", ordre=1), f.indicateur("ouvert", ordre=2)
    ministere = f.ministere("MCN")
    o = {sigle: f.organisation(sigle) for sigle in ("ABSENTE", "CORRIGE", "PROLONGE", "RELIRE", "RENVOI", "VALIDE")}
    o |= {"MCN": ministere, "RATTACHE": f.organisation("RATTACHE", ministere=ministere)}
    f.organisation("FINIE", assujettie_au=datetime.date(2023, 3, 31))
    reponses = {papier: (6, 10), ouvert: (1, 2)}
    f.transmise(o["RELIRE"], quand, reponses, DEPOT)
    f.transmise(o["RENVOI"], quand, reponses, DEPOT).renvoyer(par=f.relecteur(), le=DEPOT, motif="À revoir")
    f.validee(o["VALIDE"], quand, reponses, DEPOT)
    absences = {papier: Saisie(absence="NON_DISPONIBLE", motif="=Panne, <grave>"), ouvert: Saisie(0, 0)}
    f.validee(o["ABSENTE"], quand, absences, DEPOT)
    corrigee = f.validee(o["CORRIGE"], quand, reponses, DEPOT)
    correction = corrigee.corriger(par=f.declarant(o["CORRIGE"]), le=LE, motif="Erreur")
    correction.saisir({papier: Saisie(absence="SANS_OBJET")}, par=correction.cree_par, le=LE)
    prolonger(o["PROLONGE"], quand)
    f.brouillon(o["RATTACHE"], quand, {papier: (1, 2)}, DEPOT)
    return o


def prolonger(organisation: Organisation, quand: Trimestre, jour: str = "2023-09-01") -> None:
    Prolongation.objects.accorder(
        organisation,
        quand,
        echeance_le=datetime.date.fromisoformat(jour),
        motif="Inondation",
        par=f.personne(PROLONGER, is_staff=True),
        le=DEPOT,
    )


def lire(client, suite: str = "") -> dict[str, list[str]]:
    """Par sigle, l'état du trimestre puis ceux des cases, tels que la page les montre."""
    page = client.get(f"{ICI}{suite}").content.decode()
    corps = page.partition('<table class="matrice">')[2].partition("<tbody>")[2]
    rangs = {}
    for rang in re.findall(r"<tr>(.*?)</tr>", corps, re.DOTALL):
        sigle = re.search(r"(?:> )?([A-Z]+)(?:</label>)?\s*<span class=\"nom\">", rang)[1]
        rangs[sigle] = re.findall(r'<span class="etat [a-z-]+">(.*?)</span>', rang)
    return rangs


def comptes(client, suite: str = "") -> dict[str, tuple[int, int]]:
    """Par état, combien d'organisations et de cases."""
    page = client.get(f"{ICI}{suite}").content.decode()
    lignes = re.findall(r'href="[^"]*">([^<]+)</a></th>\s*<td[^>]*>(\d+)</td>\s*<td[^>]*>(\d+)</td>', page)
    return {mot: (int(o), int(c)) for mot, o, c in lignes}


def fichier(client, suite: str = "") -> list[dict[str, str]]:
    octets = client.get(f"/admin/indicateurs/trimestre/{CODE}/suivi.csv{suite}").content
    return list(csv.DictReader(StringIO(octets.decode(), newline="")))


# --- lire ------------------------------------------------------------------------------------------------------------


def test_chaque_organisation_attendue_dit_ou_elle_en_est(client, monde):
    panne = "non disponible\xa0: =Panne, &lt;grave&gt;"
    assert lire(client) == {
        "ABSENTE": ["validée", panne, "sans objet"],
        "CORRIGE": ["validée, correction en préparation"] * 3,
        "MCN": ["en retard de 6 jours"] * 3,
        "PROLONGE": ["prolongée"] * 3,
        "RATTACHE": ["en retard de 6 jours"] * 3,
        "RELIRE": ["à relire"] * 3,
        "RENVOI": ["à corriger, en retard de 6 jours"] * 3,
        "VALIDE": ["validée"] * 3,
    }


def test_avant_l_echeance_puis_avant_l_ouverture_rien_n_est_en_retard(client, monde, settings):
    settings.HORLOGE = f.instant("2023-08-14")
    assert lire(client)["MCN"] == ["attendue"] * 3
    settings.HORLOGE = f.instant("2023-06-30")
    assert lire(client)["MCN"] == lire(client)["PROLONGE"] == ["pas encore due"] * 3


def test_une_reprise_incomplete_laisse_un_silence(client, monde):
    papier = f.Indicateur.objects.get(code="papier")
    f.reprendre({(monde["MCN"], f.trimestre(CODE)): {papier: (1, 2)}}, DEPOT)
    assert lire(client)["MCN"] == ["validée", "validée", "en retard de 6 jours"]


def test_l_echeance_d_une_prolongation_se_lit(client, monde):
    assert "échéance\xa0: 1er septembre 2023" in Page(client.get(ICI)).texte


def test_les_etats_se_comptent_par_organisation_et_par_case_et_chacun_mene_a_sa_liste(client, monde):
    tous = comptes(client)
    assert tous == {
        "prolongée": (1, 2),
        "en retard": (2, 4),
        "à relire": (1, 2),
        "à corriger": (1, 2),
        "validée": (2, 4),
        "non disponible": (1, 1),
        "sans objet": (1, 1),
    }
    for ancre in (a for a in Page(client.get(ICI)).ancres if a.startswith("?etat=")):
        assert len(lire(client, ancre)) in {o for o, _ in tous.values()}
        assert comptes(client, ancre) == tous


def test_ce_qui_se_rappelle_sur_la_page_est_ce_que_les_rappels_rappellent(monde):
    quand = f.trimestre(CODE)
    for le in (LE, DEPOT):
        rangs = suivi.matrice(quand, le).rangs
        dues = {a.organisation for a in rappels.dues(Organisation.objects.all(), quand, le)}
        assert dues == {r.organisation for r in rangs if r.dossier.etat in RAPPELABLES}


def test_lire_ne_change_rien(client, monde):
    avant = f.photo(Soumission, Prolongation, Rappel, Trimestre)
    for adresse in (ICI, f"{ICI}?cocher=oui", "/admin/indicateurs/suivi/"):
        client.get(adresse)
    fichier(client)
    assert f.photo(Soumission, Prolongation, Rappel, Trimestre) == avant


def test_un_trimestre_sans_indicateur_le_dit(client):
    f.trimestre(CODE)
    f.organisation("RAMQ")
    assert "Aucun indicateur n'est attendu ce trimestre." in Page(client.get(ICI)).texte


# --- filtrer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suite", "sigles"),
    [
        ("?portefeuille=MCN", ["MCN", "RATTACHE"]),
        ("?etat=EN_RETARD", ["MCN", "RATTACHE"]),
        ("?etat=NON_DISPONIBLE", ["ABSENTE"]),
        ("?etat=NON_DISPONIBLE&indicateur=ouvert", []),
        ("?etat=SANS_OBJET&indicateur=ouvert", ["ABSENTE"]),
        ("?portefeuille=MCN&etat=A_RELIRE", []),
    ],
)
def test_un_filtre_garde_ce_qu_il_dit(client, monde, suite, sigles):
    assert list(lire(client, suite)) == sigles
    assert sorted({ligne["sigle"] for ligne in fichier(client, suite)}) == sigles


def test_on_voit_les_organisations_d_une_personne_ou_de_personne(client, cqen, monde):
    Attribution.objects.create(portefeuille=monde["MCN"], relecteur=cqen)
    assert list(lire(client, f"?relecteur={cqen.pk}")) == ["MCN", "RATTACHE"]
    assert set(lire(client, "?relecteur=aucune")) == monde.keys() - {"MCN", "RATTACHE"}


def test_un_seul_indicateur_ne_montre_que_sa_colonne(client, monde):
    assert {len(etats) for etats in lire(client, "?indicateur=papier").values()} == {2}
    assert {ligne["indicateur"] for ligne in fichier(client, "?indicateur=papier")} == {"papier"}


@pytest.mark.parametrize("inconnu", ["PERDUE", "%00", "'", "x" * 2000])
@pytest.mark.parametrize("nom", ["portefeuille", "etat", "indicateur", "relecteur"])
def test_un_choix_qui_n_existe_pas_se_dit_et_ne_s_applique_pas(client, monde, nom, inconnu):
    assert len(lire(client, f"?{nom}={inconnu}")) == len(monde)
    assert "n'existe pas ce trimestre, et n'est pas appliqué." in Page(client.get(f"{ICI}?{nom}={inconnu}")).texte


def test_l_entree_mene_au_trimestre_courant_ou_au_choisi_avec_ses_filtres(client, monde):
    f.trimestre("2023-T1")
    f.trimestre("2023-T3")
    entree = reverse("suivi_courant")
    voulus = {
        "": ICI,
        "?etat=EN_RETARD&portefeuille=": f"{ICI}?etat=EN_RETARD",
        "?trimestre=2023-T1&etat=A_RELIRE": "/admin/indicateurs/trimestre/2023-T1/suivi/?etat=A_RELIRE",
        "?trimestre=%00&autre=1": ICI,
    }
    assert {suite: client.get(entree + suite).headers["Location"] for suite in voulus} == voulus


def test_sans_trimestre_l_entree_le_dit(client):
    assert "Le catalogue n'a encore aucun trimestre." in Page(client.get(reverse("suivi_courant"), follow=True)).texte


def test_un_trimestre_inconnu_est_introuvable(client):
    for adresse in (ICI, f"/admin/indicateurs/trimestre/{CODE}/suivi.csv"):
        assert client.get(adresse).status_code == 404
    assert client.post(f"{ICI}rappeler/").status_code == 404


# --- le fichier ------------------------------------------------------------------------------------------------------


def test_le_fichier_a_une_ligne_par_case_en_donnees_ouvertes(client, monde):
    reponse = client.get(f"/admin/indicateurs/trimestre/{CODE}/suivi.csv")
    assert reponse.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="suivi-{CODE}.csv"'
    lignes = {(ligne["sigle"], ligne["indicateur"]): ligne for ligne in fichier(client)}

    assert len(lignes) == len(monde) * 2
    assert lignes["RATTACHE", "papier"] == {
        "trimestre": CODE,
        "sigle": "RATTACHE",
        "nom": "Organisme RATTACHE",
        "portefeuille": "MCN",
        "indicateur": "papier",
        "etat": "EN_RETARD",
        "echeance": "2023-08-14",
        "jours_de_retard": "6",
        "motif": "",
        "correction": "",
    }
    assert lignes["PROLONGE", "ouvert"]["echeance"] == "2023-09-01"
    assert lignes["CORRIGE", "ouvert"]["correction"] == "correction en préparation"


def test_aucun_texte_du_fichier_ne_devient_une_formule(client, monde):
    Organisation.objects.filter(sigle="MCN").update(nom='=HYPERLINK("x")')
    for ligne in fichier(client):
        assert not any(texte.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for texte in ligne.values())
    assert {ligne["motif"] for ligne in fichier(client, "?etat=NON_DISPONIBLE")} == {"'=Panne, <grave>", ""}


# --- les droits et le coût -------------------------------------------------------------------------------------------


def test_ce_que_la_personne_ne_peut_pas_faire_ne_s_offre_pas(client, monde):
    client.force_login(f.personne(VOIR, is_staff=True))
    page = client.get(ICI).content.decode()

    assert [geste for geste in ('type="checkbox"', "Rappeler", "Prolonger") if geste in page] == []
    assert client.post(f"{ICI}rappeler/", {"o": "MCN"}).status_code == 403


def test_cocher_tout_coche_ce_qui_se_rappelle_et_rien_d_autre(client, monde):
    page = client.get(f"{ICI}?cocher=oui").content.decode()
    coches = re.findall(r'name="o" value="([A-Z]+)" checked', page)
    assert coches == ["MCN", "PROLONGE", "RATTACHE", "RENVOI"]
    assert not re.search(r'name="o" value="[A-Z]+" checked', client.get(ICI).content.decode())


@pytest.mark.parametrize("permission", ["indicateurs.rappeler", "indicateurs.view_trimestre"])
def test_sans_la_permission_de_lire_rien_ne_s_ouvre(client, monde, permission):
    client.force_login(f.personne(permission, is_staff=True))
    for adresse in (ICI, reverse("suivi_courant"), reverse("suivi_csv", args=[CODE])):
        assert client.get(adresse).status_code == 403


def test_lire_ne_se_fait_que_par_get_et_rappeler_que_par_post(client, monde):
    for adresse in (ICI, reverse("suivi_courant"), reverse("suivi_csv", args=[CODE])):
        assert client.post(adresse).status_code == 405
    assert client.get(f"{ICI}rappeler/").status_code == 405


def test_la_matrice_demande_quinze_requetes_au_plus_pour_huit_organisations_ou_quarante(
    client, monde, cqen, django_assert_num_queries, django_assert_max_num_queries
):
    client.get(ICI)  # ce qui se lit une fois par processus
    with django_assert_max_num_queries(15) as huit:
        client.get(ICI)
    for n in range(32):
        organisation = f.organisation(f"O{n}", ministere=monde["MCN"])
        f.validee(organisation, f.trimestre(CODE), dict.fromkeys(f.Indicateur.objects.all(), (1, 2)), DEPOT)
    with django_assert_num_queries(len(huit)):
        client.get(ICI)
    with django_assert_num_queries(len(huit) + 1):  # la trace du téléchargement
        fichier(client)
