"""Deux gestes vraiment simultanés sur la même soumission: un seul se fait, l'autre le dit, le journal a une ligne."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail

from indicateurs.models import Saisie, Soumission
from organisations.models import Dossier, TransitionInterdite
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.indicateurs.espace import Page, entree
from tests.indicateurs.test_relecture_ensemble import ICI
from tests.relire import LE, geste, journal, ouvrir

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOURS = 6
TARD = f.instant("2023-05-06")


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, TARD


@pytest.fixture
def papier():
    return f.indicateur("papier")


@pytest.fixture(autouse=True)
def au_plus_pres(monkeypatch):
    """Deux à deux, les gestes s'attendent juste avant le verrou: ce qui ne tiendrait que par chance y tombe."""
    arrives, rendez_vous, relire = threading.local(), threading.Barrier(2), Dossier._relire_sous_verrou

    def attendre_puis_relire(self) -> str:
        if getattr(arrives, "attend", False):
            arrives.attend = False
            try:
                rendez_vous.wait(timeout=0.5)
            except threading.BrokenBarrierError:  # l'autre attend déjà la fin de celui-ci
                rendez_vous.reset()
        return relire(self)

    monkeypatch.setattr(Dossier, "_relire_sous_verrou", attendre_puis_relire)

    def simultane(faire):
        def faire_au_rendez_vous():
            arrives.attend = True
            return faire()

        return faire_au_rendez_vous

    return simultane


def a_relire(papier, valeur=(5, 10)) -> Soumission:
    organisation = f.organisation()
    f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    return f.transmise(organisation, f.trimestre(), {papier: valeur}, LE)


def equipe(*noms: str) -> list:
    navigateurs = []
    for nom in noms:
        personne = f.relecteur()
        personne.nom = nom
        personne.save()
        navigateurs.append(entree(personne))
    return navigateurs


def ensemble(au_plus_pres, *gestes) -> list:
    """Les gestes, lâchés ensemble; aucune panne."""
    reponses = a_la_fois([au_plus_pres(g) for g in gestes])
    assert [r for r in reponses if isinstance(r, Exception) and not isinstance(r, TransitionInterdite)] == []
    return reponses


def suites(elles, reponses) -> list[str]:
    """Ce que chacune lit ensuite: la page où l'on va, ou celle d'un renvoi refusé, qui garde ce qui est tapé."""
    paires = zip(elles, reponses, strict=True)
    return [Page(r if r.status_code == 409 else elle.get(r.headers["Location"])).texte for elle, r in paires]


@pytest.mark.parametrize("second", ["valider", "renvoyer"])
def test_de_deux_relecteurs_un_gagne_et_l_autre_l_apprend(papier, au_plus_pres, second):
    for tour in range(TOURS):
        soumission = a_relire(papier)
        elles = equipe("Anne", "Béa")
        pages = [ouvrir(elle, soumission) for elle in elles]
        reponses = ensemble(
            au_plus_pres,
            lambda e=elles[0], s=soumission, p=pages[0]: geste(e, s, "valider", p),
            lambda e=elles[1], s=soumission, p=pages[1]: geste(e, s, second, p, precisions="Précisez."),
        )
        lues = suites(elles, reponses)
        soumission.refresh_from_db()

        assert journal(soumission) in (["SOUMIS", "VALIDE"], ["SOUMIS", "A_CORRIGER"])
        assert soumission.statut == journal(soumission)[-1]
        assert sum("Votre geste n'a rien changé." in lue for lue in lues) == 1
        assert LogEntry.objects.filter(object_id=soumission.pk).count() == 1
        assert len(mail.outbox) == tour + 1
        gagnante = next(nom for nom, lue in zip(("Anne", "Béa"), lues, strict=True) if "n'a rien changé" not in lue)
        perdante = next(lue for lue in lues if "n'a rien changé" in lue)
        assert f"{gagnante} a déjà" in perdante


def test_deux_lots_simultanes_ne_valident_chacune_qu_une_fois(papier, au_plus_pres):
    soumissions = [a_relire(papier) for _ in range(6)]
    elles = equipe("Anne", "Béa")
    lots = [
        [f"{ligne['soumission'].pk}:{ligne['soumission'].jeton}" for ligne in elle.get(ICI).context["lignes"]]
        for elle in elles
    ]
    ensemble(
        au_plus_pres,
        lambda: elles[0].post(ICI, {"choix": lots[0]}),
        lambda: elles[1].post(ICI, {"choix": lots[1][::-1]}),
    )
    assert [journal(s) for s in soumissions] == [["SOUMIS", "VALIDE"]] * 6
    assert LogEntry.objects.count() == len(mail.outbox) == 6


def test_ce_qui_est_accepte_est_ce_que_la_page_montrait(papier, au_plus_pres):
    """D5: pendant qu'on valide, une collègue renvoie, et l'organisation transmet autre chose."""
    acceptees = refusees = 0
    for _ in range(TOURS * 2):
        soumission = a_relire(papier, (5, 10))
        elle, collegue = equipe("Anne")[0], f.relecteur()
        page = ouvrir(elle, soumission)

        def retransmettre(pk=soumission.pk, collegue=collegue):
            sienne = Soumission.objects.get(pk=pk)
            sienne.renvoyer(par=collegue, le=TARD, motif="Précisez.")
            sienne.saisir({papier: Saisie(6, 10)}, par=sienne.cree_par, le=TARD)
            sienne.soumettre(par=sienne.cree_par, le=TARD)

        ensemble(au_plus_pres, lambda e=elle, s=soumission, p=page: geste(e, s, "valider", p), retransmettre)
        soumission.refresh_from_db()
        valeur = soumission.valeurs.get()
        if soumission.statut == "VALIDE":
            acceptees += 1
            assert (valeur.numerateur, journal(soumission)) == (5, ["SOUMIS", "VALIDE"])
        else:
            refusees += 1
            assert (soumission.statut, valeur.numerateur) == ("SOUMIS", 6)
            assert "VALIDE" not in journal(soumission)
            suite = geste(elle, soumission, "valider", page)  # la page d'avant, envoyée encore
            assert "Relisez avant de décider." in Page(elle.get(suite.headers["Location"])).texte
    assert acceptees + refusees == TOURS * 2
