"""Les plans publics: ce qui est accepté, rien d'autre, aussitôt accepté, sous les noms d'aujourd'hui."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile

from barometre.http import FRAICHEUR
from organisations.models import ContenuDuPlan, Organisation, Strategie
from tests import fabrique as f
from tests.barometre.public import (
    INITIATIVES,
    accepte,
    accepter,
    corriger,
    paraitre,
    publier,
    rediger,
    texte,
    vider_le_cache,
)
from tests.plans import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def strategie() -> Strategie:
    return Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)


@pytest.fixture
def edition():
    return publier()


@pytest.fixture
def regie(edition) -> Organisation:
    """Une organisation publiée, du portefeuille du ministère."""
    return Organisation.objects.get(sigle="O0")


def trouves(client, **champs) -> list[str]:
    reponse = client.get(f"/plans/?{urlencode(champs)}")
    assert reponse.status_code == 200
    return re.findall(r'<th scope="row">.*?\((\w+)\)', reponse.content.decode())


# --- ce qui est public -----------------------------------------------------------------------------------------------
def test_un_plan_accepte_se_lit_sans_attendre_l_edition_suivante(client, regie):
    accepte(regie)
    page = texte(client.get("/plans/o0/"))
    for attendu in (
        "Régie numéro 0\xa0: plan de transformation",
        "1 initiative terminée sur 3. Période\xa0: janvier 2019 à décembre 2023.",
        "Accepté par le CQEN (Centre québécois d'excellence numérique) le 1er juin 2023.",
        "Moins de papier. Plus de services.",
        "Un guichet Terminée Progrès\xa0: 100\xa0%.",
        "La signature électronique En cours Progrès\xa0: 40\xa0%.",
        "L'archivage Abandonnée Progrès\xa0: 5\xa0%. Décembre 2023.",
    ):
        assert attendu in page
    assert "Régie numéro 0 (O0) MCN janvier 2019 à décembre 2023 3 1" in texte(client.get("/plans/"))


@pytest.mark.parametrize("etat", ["aucun", "brouillon", "transmis", "renvoye"])
def test_ce_qui_n_est_pas_accepte_ne_se_distingue_pas_de_rien(client, edition, regie, etat):
    sans_plan = {adresse: texte(client.get(adresse)) for adresse in ("/plans/", "/plans/o0/")}
    assert "Cette organisation n'a pas encore de plan accepté" in sans_plan["/plans/o0/"]
    if etat != "aucun":
        plan = rediger(regie, PDF)
    if etat in ("transmis", "renvoye"):
        plan.soumettre(par=plan.cree_par, le=f.instant("2023-06-01"))
    if etat == "renvoye":
        plan.renvoyer(par=f.relecteur(), le=f.instant("2023-06-02"), motif="Précisez.")
    vider_le_cache()
    assert {adresse: texte(client.get(adresse)) for adresse in sans_plan} == sans_plan
    assert client.get("/plans/o0/document.pdf").status_code == 404


def test_une_correction_ouverte_laisse_lire_la_version_acceptee(client, regie):
    plan = accepte(regie)
    avant = texte(client.get("/plans/o0/"))
    suivante = plan.corriger(par=plan.cree_par, le=f.instant("2023-06-05"), motif="Un secret de brouillon")
    contenu = ContenuDuPlan(f.DEBUT, f.FIN, "Autre chose.", INITIATIVES[:1])
    suivante.rediger(contenu, par=plan.cree_par, le=f.instant("2023-06-06"))
    vider_le_cache()
    assert texte(client.get("/plans/o0/")) == avant
    suivante.soumettre(par=plan.cree_par, le=f.instant("2023-06-07"))
    suivante.renvoyer(par=f.relecteur(), le=f.instant("2023-06-08"), motif="Un autre secret")
    assert texte(client.get("/plans/o0/")) == avant


def test_une_version_remplacee_reste_nommee_avec_la_raison_de_sa_correction(client, regie):
    corriger(accepte(regie), f.relecteur(), "2023-07-01", motif="Une date était fausse.")
    page = texte(client.get("/plans/o0/"))
    assert "le 1er juillet 2023. C'est la version 2." in page
    assert "Version 1. En vigueur du 1er juin 2023 au 1er juillet 2023." in page
    assert page.count("Raison de la correction\xa0: Une date était fausse.") == 1


def test_le_plan_de_la_strategie_la_plus_recente_l_emporte(client, regie):
    suite = Strategie.objects.create(
        code="suite", titre="Stratégie suivante", debut=f.FIN, fin=f.FIN.replace(year=2028)
    )
    accepte(regie, "2023-07-01", strategie=suite, resume="Le plan neuf.")
    accepte(regie, "2023-07-02", resume="Le plan ancien.")
    page = texte(client.get("/plans/o0/"))
    assert "Le plan neuf." in page
    assert "Stratégie 2019-2023, version 1. En vigueur depuis le 2 juillet 2023." in page
    assert trouves(client) == ["O0"]


def test_aucun_nom_de_personne_ne_parait(client, regie):
    plan = accepte(regie, document=PDF)
    for personne in (plan.cree_par, plan.soumis_par, plan.valide_par):
        personne.nom = f"Nom{personne.pk}"
        personne.save(update_fields=["nom"])
    for adresse in ("/plans/", "/plans/o0/"):
        page = client.get(adresse).content.decode()
        assert not re.search(r"exemple\.test|Nom\d", page)


def test_un_texte_hostile_ne_devient_jamais_du_html(client, regie):
    mal = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7|add:7 }}'
    plan = accepte(regie, resume=mal, initiatives=[INITIATIVES[0]._replace(titre=mal, changement=mal)])
    corriger(plan, f.relecteur(), "2023-07-01", motif=mal)
    regie.nom = mal
    regie.save(update_fields=["nom"])
    for adresse in ("/plans/", "/plans/o0/", f"/plans/?{urlencode({'q': mal, 'portefeuille': mal})}"):
        page = client.get(adresse).content.decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page
        assert "{{ 7|add:7 }}" in page or "{{" not in page


@pytest.mark.parametrize("adresse", ["/plans/inconnue/", "/plans/inconnue/document.pdf", "/plans/o0/autre.pdf"])
def test_une_adresse_inconnue_n_existe_pas(client, edition, adresse):
    assert client.get(adresse).status_code == 404


def test_une_organisation_que_rien_n_a_publiee_n_a_pas_de_page(client, edition):
    f.organisation("CACHEE", assujettie_du=f.instant("2024-01-01").date())
    rediger(Organisation.objects.get(sigle="CACHEE"))
    assert client.get("/plans/cachee/").status_code == 404


def test_sans_aucune_edition_un_plan_accepte_se_lit_deja(client):
    assert "Aucun plan n'est encore accepté." in texte(client.get("/plans/"))
    accepte(f.organisation("RAMQ"))
    assert trouves(client) == ["RAMQ"]
    assert "1 initiative terminée sur 3." in texte(client.get("/plans/ramq/"))
    assert "/organisations/ramq/" not in client.get("/plans/ramq/").content.decode()


def test_la_page_d_une_organisation_mene_a_son_plan_et_y_revient(client, regie):
    assert 'href="/plans/o0/"' not in client.get("/organisations/o0/").content.decode()
    accepte(regie, "2023-05-20")
    paraitre("2023-06-01", note="Un plan")
    assert 'href="/plans/o0/"' in client.get("/organisations/o0/").content.decode()
    assert 'href="/organisations/o0/"' in client.get("/plans/o0/").content.decode()


def test_le_plan_d_une_organisation_remplacee_mene_a_celui_de_sa_suite_sauf_si_elle_en_avait_un(client):
    neuve = f.organisation("NEUVE")
    vieille = f.organisation("VIEILLE", assujettie_au=f.instant("2022-12-31").date(), remplacee_par=neuve)
    publier()
    reponse = client.get("/plans/vieille/")
    assert (reponse.status_code, reponse.headers["Location"]) == (301, "/plans/neuve/")
    assert reponse.headers["Cache-Control"] == FRAICHEUR
    accepte(vieille)
    assert client.get("/plans/vieille/").status_code == 200


# --- chercher --------------------------------------------------------------------------------------------------------
def test_on_cherche_par_organisation_par_mot_du_plan_et_par_portefeuille(client, edition):
    accepte(Organisation.objects.get(sigle="O0"), resume="Des démarches sans papier.")
    accepte(Organisation.objects.get(sigle="O1"), initiatives=INITIATIVES[:1])
    accepte(f.organisation("HQ", nom="Hydro-Québec", categorie="ENTREPRISE"))
    assert trouves(client) == ["HQ", "O0", "O1"]
    assert trouves(client, q="hydro quebec") == trouves(client, q="hq") == ["HQ"]
    assert trouves(client, q="DEMARCHES papier") == ["O0"]
    assert trouves(client, q="signature electronique") == ["HQ", "O0"]
    assert trouves(client, portefeuille="MCN") == ["O0", "O1"]
    assert trouves(client, portefeuille="MCN", q="signature") == ["O0"]
    page = client.get("/plans/?q=sign&portefeuille=MCN").content.decode()
    assert 'name="q" value="sign"' in page
    assert '<option value="MCN" selected>' in page
    assert "1 plan sur 3." in texte(client.get("/plans/?q=sign&portefeuille=MCN"))


def test_un_portefeuille_inconnu_est_ignore_et_dit(client, regie):
    accepte(regie)
    assert trouves(client, portefeuille="ZZZ") == ["O0"]
    assert "Le portefeuille «\xa0ZZZ\xa0» n'existe pas ici" in texte(client.get("/plans/?portefeuille=ZZZ"))


@pytest.mark.parametrize("q", ["\0", "%", "'; --", "(", "\\", "a" * 10_000, "🂡", "\ud7ff", "-", "zzz"])
def test_aucune_recherche_ne_fait_echouer_la_page(client, regie, q):
    accepte(regie)
    assert client.get("/plans/", {"q": q}).status_code == 200


# --- le document -----------------------------------------------------------------------------------------------------
def test_le_document_du_plan_se_telecharge_sous_un_nom_sur(client, regie):
    plan = accepte(regie, document=PDF)
    assert "Télécharger le document du plan (PDF, 265 octets)" in texte(client.get("/plans/o0/"))
    reponse = client.get("/plans/o0/document.pdf")
    assert b"".join(reponse.streaming_content) == PDF
    assert reponse["Content-Disposition"] == 'attachment; filename="plan-o0.pdf"'
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Cache-Control"] == FRAICHEUR
    assert "Cookie" not in reponse.headers.get("Vary", "")
    assert reponse.cookies == {}
    assert client.get("/plans/o0/document.pdf", headers={"if-none-match": reponse["ETag"]}).status_code == 304
    assert client.post("/plans/o0/document.pdf").status_code == 405
    suivante = plan.corriger(par=plan.cree_par, le=f.instant("2023-06-05"), motif="Le document change.")
    joint = ContentFile(PDF + b"2", "y.pdf")
    suivante.rediger(
        ContenuDuPlan(f.DEBUT, f.FIN, "Résumé.", INITIATIVES), par=plan.cree_par, le=suivante.cree_le, document=joint
    )
    assert b"".join(client.get("/plans/o0/document.pdf").streaming_content) == PDF
    accepter(suivante, f.relecteur(), "2023-06-06")
    neuve = client.get("/plans/o0/document.pdf", headers={"if-none-match": reponse["ETag"]})
    assert b"".join(neuve.streaming_content) == PDF + b"2"


def test_un_document_absent_ou_perdu_ne_se_propose_pas(client, regie, settings):
    accepte(regie)
    assert "Télécharger" not in texte(client.get("/plans/o0/"))
    assert client.get("/plans/o0/document.pdf").status_code == 404
    perdu = accepte(Organisation.objects.get(sigle="O1"), document=PDF)
    (settings.MEDIA_ROOT / perdu.document.name).unlink()
    assert "Télécharger" not in texte(client.get("/plans/o1/"))
    assert client.get("/plans/o1/document.pdf").status_code == 404
