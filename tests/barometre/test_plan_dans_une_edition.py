"""Le plan d'une organisation dans une édition: celui d'alors, et sa stratégie telle qu'elle se nommait."""

import datetime
import html
import json

import pytest

from barometre import depot
from barometre.pages import organisation as page_d_organisation
from organisations.figes import FIGES
from organisations.models import Organisation, Strategie
from tests import fabrique as f
from tests.barometre.public import INITIATIVES, accepter, paraitre, publier, rediger, vider_le_cache
from tests.barometre.test_organisation import page

pytestmark = pytest.mark.django_db


def test_son_plan_est_celui_de_l_edition_avec_toutes_ses_initiatives(client):
    publier()
    Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    organisation, relecteur = Organisation.objects.get(sigle="O0"), f.relecteur()
    accepter(rediger(organisation), relecteur, "2023-05-20")
    assert "aucun plan de cette organisation n'était accepté" in page(client, "o0", "2023-T1")
    paraitre("2023-06-01", note="Un plan")
    dite = page(client, "o0")
    assert "le 20 mai 2023. 1 initiative terminée sur 3." in dite
    assert all(initiative.titre in dite for initiative in INITIATIVES)
    assert "aucun plan de cette organisation n'était accepté" in page(client, "o0", "2023-T1")


def test_de_deux_strategies_le_plan_de_la_plus_recente_est_montre_seul(client):
    publier()
    organisation, relecteur = Organisation.objects.get(sigle="O0"), f.relecteur()
    for code, debut, titre in (("neuve", f.FIN, "Stratégie neuve"), ("vieille", f.DEBUT, "Stratégie vieille")):
        strategie = Strategie.objects.create(code=code, titre=titre, debut=debut, fin=datetime.date(2030, 1, 1))
        dite = [INITIATIVES[0]._replace(titre=f"Projet de la {titre}")]
        accepter(rediger(organisation, strategie=strategie, initiatives=dite), relecteur, "2023-05-20")
    paraitre("2023-06-01", note="Deux plans")
    dite = page(client, "o0")
    assert "Projet de la Stratégie neuve" in dite
    assert "vieille" not in dite
    assert "1 initiative terminée sur 1." in dite


def test_un_plan_corrige_apres_l_edition_ne_change_pas_sa_page(client):
    publier()
    Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    organisation, relecteur = Organisation.objects.get(sigle="O0"), f.relecteur()
    plan = rediger(organisation)
    accepter(plan, relecteur, "2023-05-20")
    paraitre("2023-06-01", note="Un plan")
    avant = client.get("/editions/2023-T1-r1/organisations/o0/").content
    suivante = plan.corriger(par=plan.cree_par, le=f.instant("2023-06-10", 8), motif="Une date était fausse.")
    accepter(suivante, relecteur, "2023-06-10")
    vider_le_cache()
    assert client.get("/editions/2023-T1-r1/organisations/o0/").content == avant


@pytest.mark.parametrize("change", [{"titre": "Un autre titre"}, {"debut": datetime.date(1990, 1, 1)}])
def test_une_strategie_changee_apres_l_edition_ne_change_pas_sa_page(client, change):
    publier()
    relecteur = f.relecteur()
    for code, debut in (("vieille", f.DEBUT), ("neuve", datetime.date(2020, 1, 1))):
        strategie = Strategie.objects.create(code=code, titre=f"Stratégie {code}", debut=debut, fin=f.FIN)
        accepter(rediger(Organisation.objects.get(sigle="O0"), strategie=strategie), relecteur, "2023-05-20")
    edition = paraitre("2023-06-01", note="Deux plans")
    avant = client.get("/organisations/o0/").content
    Strategie.objects.filter(code="neuve").update(**change)
    vider_le_cache()

    assert "Stratégie neuve." in html.unescape(avant.decode())
    assert client.get("/organisations/o0/").content == avant
    publiees = json.loads(depot.lire(edition.code, "indicateurs.json"))["strategies"]
    assert [(s["code"], s["titre"], s["debut"]) for s in publiees] == [
        ("neuve", "Stratégie neuve", "2020-01-01"),
        ("vieille", "Stratégie vieille", "2019-01-01"),
    ]


@pytest.mark.parametrize("champ", ["code", "titre", "debut"])
def test_ce_qu_une_edition_fige_d_une_strategie_est_couvert_par_la_verification(champ):
    publier()
    strategie = Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    accepter(rediger(Organisation.objects.get(sigle="O0"), strategie=strategie), f.relecteur(), "2023-05-20")
    edition = paraitre("2023-06-01", note="Un plan")
    assert not any(f.problemes().values())
    edition.catalogue["strategies"][0][champ] += "9"
    f.alterer(
        "UPDATE barometre_edition SET catalogue = %s WHERE code = %s", json.dumps(edition.catalogue), edition.code
    )

    assert any("indicateurs.json" in reproche for reproche in f.problemes()[edition.code])


def test_une_edition_d_avant_ces_titres_dit_ceux_d_aujourd_hui(client):
    publier()
    strategie = Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    accepter(rediger(Organisation.objects.get(sigle="O0"), strategie=strategie), f.relecteur(), "2023-05-20")
    edition = paraitre("2023-06-01", note="Un plan")
    del edition.catalogue["strategies"]
    contexte = page_d_organisation.contexte(edition, edition.organisations["O0"])

    assert contexte["plan"].strategie == "Stratégie 2019-2023."


def test_le_code_d_une_strategie_ne_change_plus_des_qu_une_edition_en_publie_un_plan():
    publier()
    strategie = Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)
    accepter(rediger(Organisation.objects.get(sigle="O0"), strategie=strategie), f.relecteur(), "2023-05-20")
    avant = FIGES.de(strategie)
    paraitre("2023-06-01", note="Un plan")

    assert (avant, FIGES.de(strategie).champs) == (None, ("code",))
