"""La liste des organisations: chercher, filtrer, trier, sans jamais échouer."""

import re
import time
from urllib.parse import urlencode

import pytest

from barometre.pages.liste.proches import proches
from indicateurs.models import Saisie
from organisations.models import Organisation
from tests import fabrique as f
from tests.barometre.public import texte
from tests.barometre.quatre import publier_quatre, sigles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    """Quatre organisations, une édition."""
    publier_quatre()


def test_la_liste_montre_toutes_les_attendues_meme_silencieuses(client):
    assert sigles(client) == ["BANQ", "HQ", "MSSS", "RAMQ"]
    assert "en retard de 3 jours" in texte(client.get("/organisations/"))


@pytest.mark.parametrize("q", ["regie", "RÉGIE", "l'assurance", "assurance régie", "ramq", "  Ramq ", "mala"])
def test_la_recherche_pardonne_accents_casse_apostrophes_et_ordre(client, q):
    assert sigles(client, q=q) == ["RAMQ"]


def test_la_recherche_trouve_un_nom_a_trait_d_union(client):
    assert sigles(client, q="hydro quebec") == sigles(client, q="Hydro-Québec") == ["HQ"]


def test_les_filtres_se_combinent(client):
    assert sigles(client, portefeuille="MSSS") == ["BANQ", "MSSS", "RAMQ"]
    assert sigles(client, categorie="ENTREPRISE") == ["HQ"]
    assert sigles(client, portefeuille="MSSS", categorie="TRIBUNAL", q="regie") == ["RAMQ"]


def test_le_tri_par_part_met_les_absentes_en_dernier_dans_les_deux_sens(client):
    assert sigles(client, tri="papier") == ["MSSS", "HQ", "RAMQ", "BANQ"]
    assert sigles(client, tri="-papier") == ["RAMQ", "HQ", "MSSS", "BANQ"]
    assert sigles(client, tri="-ouvertes") == ["HQ", "MSSS", "RAMQ", "BANQ"]
    assert sigles(client, tri="-nom") == ["RAMQ", "MSSS", "HQ", "BANQ"]


def test_les_liens_de_tri_gardent_les_filtres_et_s_inversent(client):
    page = client.get("/organisations/?q=re&portefeuille=MSSS&tri=-papier").content.decode()
    liens = [lien.replace("&amp;", "&") for lien in re.findall(r'<th scope="col"[^>]*>\s*<a href="(.*?)"', page)]
    assert liens == [
        "?q=re&portefeuille=MSSS",
        "?q=re&portefeuille=MSSS&tri=papier",
        "?q=re&portefeuille=MSSS&tri=-ouvertes",
    ]
    assert page.count("aria-sort") == 1
    assert 'aria-sort="descending"' in page
    assert '<input type="hidden" name="tri" value="-papier">' in page


def test_les_choix_faits_restent_dans_le_formulaire(client):
    page = client.get("/organisations/?q=re&portefeuille=MSSS&categorie=TRIBUNAL").content.decode()
    assert 'name="q" value="re"' in page
    assert '<option value="MSSS" selected>' in page
    assert '<option value="TRIBUNAL" selected>' in page
    assert "AUTRE" in page
    assert "ORGANISME_CENTRAL" not in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"portefeuille": "ZZZ"}, "Le portefeuille «\xa0ZZZ\xa0» n'existe pas"),
        ({"categorie": "<b>"}, "La catégorie «\xa0<b>\xa0» n'existe pas"),
        ({"tri": "-rien"}, "Le tri «\xa0rien\xa0» n'existe pas"),
    ],
)
def test_une_valeur_inconnue_est_ignoree_et_dite(client, champs, phrase):
    assert sigles(client, **champs) == ["BANQ", "HQ", "MSSS", "RAMQ"]
    assert phrase in texte(client.get(f"/organisations/?{urlencode(champs)}"))


def test_une_recherche_sans_lettre_ni_chiffre_est_ignoree_et_dite(client):
    for q in ("-", "...", "_"):
        assert sigles(client, q=q) == ["BANQ", "HQ", "MSSS", "RAMQ"]
        dite = texte(client.get("/organisations/", {"q": q}))
        assert f"La recherche «\xa0{q}\xa0» n'a ni lettre ni chiffre, et n'est pas appliquée." in dite


def test_des_filtres_sans_reponse_conseillent_d_en_retirer_un(client):
    page = texte(client.get("/organisations/?portefeuille=MSSS&categorie=ENTREPRISE"))
    assert "Aucune organisation ne correspond. Retirez un filtre." in page
    assert "Essayez un seul mot" not in page


def test_un_long_motif_se_coupe_dans_la_liste_et_se_lit_en_entier_sur_la_page(client):
    papier, fin = f.Indicateur.objects.get(code="papier"), "depuis le printemps dernier"
    dit = Saisie(absence="NON_DISPONIBLE", motif=f"systèmes en migration vers une nouvelle plateforme {fin}")
    f.reprendre({(f.organisation("X"), f.trimestre("2023-T1")): {papier: dit}}, f.instant("2023-05-30"))
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un motif")
    assert fin not in texte(client.get("/organisations/?q=x"))
    tableaux = client.get("/organisations/x/").content.decode().split("<table>")[1:]
    assert fin in tableaux[0]
    assert all("nouvelle…" not in tableau for tableau in tableaux)


@pytest.mark.parametrize("q", ["\0", "%", "'; --", "(", "\\", "a" * 100_000, "🂡", "\ud7ff", "-", "..."])
def test_aucune_recherche_ne_fait_echouer_la_page(client, q):
    assert client.get("/organisations/", {"q": q}).status_code == 200


@pytest.mark.parametrize(
    ("q", "trouvee"),
    [("rejie", "RAMQ"), ("assurence maladi", "RAMQ"), ("hydroquebec", "HQ"), ("ramk", "RAMQ"), ("bibliotheqe", "BANQ")],
)
def test_une_faute_de_frappe_mene_aux_noms_les_plus_proches_et_le_dit(client, q, trouvee):
    reponse = client.get("/organisations/", {"q": q})
    assert f"Aucun nom ne contient «\xa0{q}\xa0». Les plus proches\xa0:" in texte(reponse)
    page = reponse.content.decode()
    assert f'href="/organisations/{trouvee.lower()}/"' in page
    assert "0 organisation sur 4." in texte(reponse)


def test_deux_mots_colles_se_retrouvent_et_le_plus_proche_vient_d_abord():
    noms = {"RQ": "Revenu Québec RQ", "SQ": "Santé Québec SQ", "RE": "Régie de l'énergie RE"}
    assert proches(noms, "revenuquebec") == ["RQ"]
    assert proches(noms, "santé quebek") == ["SQ"]
    assert proches(noms, "") == proches(noms, "--") == proches({}, "régie") == []


def test_un_nom_qui_ne_ressemble_a_rien_ne_propose_rien(client):
    page = texte(client.get("/organisations/?q=xylophone"))
    assert "Les plus proches" not in page
    assert "Aucune organisation ne correspond." in page


def test_un_nom_contenu_n_est_jamais_une_faute_de_frappe(client):
    assert "Les plus proches" not in texte(client.get("/organisations/?q=regi"))


def test_des_filtres_qui_ecartent_tout_le_disent_et_menent_a_la_liste_sans_eux(client):
    reponse = client.get("/organisations/?q=regie&categorie=ENTREPRISE&tri=-papier")
    assert "Ces filtres les écartent toutes." in texte(reponse)
    assert "Sans eux, 1 organisation correspond" in texte(reponse)
    assert b'href="/organisations/?q=regie&amp;tri=-papier"' in reponse.content


def test_un_nom_d_avant_mene_a_celle_qui_le_portait(client):
    ramq = Organisation.objects.get(sigle="RAMQ")
    f.organisation("RRQ", nom="Régie des rentes", assujettie_au=f.instant("2022-12-31").date(), remplacee_par=ramq)
    ramq.nom = "Santé Québec"
    ramq.save(update_fields=["nom"])
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un nom")
    for q in ("rentes", "assurance maladie"):
        reponse = client.get("/organisations/", {"q": q})
        assert f"Aucun nom d'aujourd'hui ne contient «\xa0{q}\xa0». Un nom d'avant le contient\xa0:" in texte(reponse)
        assert b'href="/organisations/ramq/">Sant\xc3\xa9 Qu\xc3\xa9bec (RAMQ)' in reponse.content


def test_chercher_les_noms_proches_reste_rapide():
    noms = {str(n): f"Organisme public numéro {n} de la région {n % 17}" for n in range(2_000)}
    debut = time.process_time()
    proches(noms, " ".join(["rejion", "orgnaisme", "x" * 90, "publique"] * 20))
    assert time.process_time() - debut < 2


def test_une_recherche_sans_reponse_dit_quoi_faire(client):
    page = texte(client.get("/organisations/?q=zzz"))
    assert "0 organisation sur 4." in page
    assert "Aucune organisation ne correspond." in page
    assert "Voir toutes les organisations" in page


def test_ce_qu_une_cellule_contient_ne_devient_jamais_du_html(client):
    papier = f.Indicateur.objects.get(code="papier")
    dit = Saisie(absence="NON_DISPONIBLE", motif='<i>panne</i> & "feu"')
    f.reprendre({(f.organisation("X"), f.trimestre("2023-T1")): {papier: dit}}, f.instant("2023-05-30"))
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un motif")
    page = client.get("/organisations/?q=x").content.decode()
    assert "non disponible\xa0: &lt;i&gt;panne&lt;/i&gt; &amp; &quot;feu&quot;" in page
    assert "<i>" not in page
