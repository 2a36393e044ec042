"""Deux personnes publient au même instant: une gagne, l'autre est avertie, et rien ne se fait deux fois."""

import datetime
import threading
from collections import Counter
from itertools import count

import pytest

from barometre import depot
from barometre.models import Edition, Parution
from barometre.models import edition as module
from indicateurs.models import Soumission
from organisations.models import TransitionInterdite
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.test_concurrence import EnVol, a_la_fois, en_attente

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PUBLIEE = "L'édition 2023-T2 est publiée."
DEJA = "L'édition 2023-T2 est déjà publiée\xa0: rien n'a été refait."


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, p.JOUR


@pytest.fixture
def monde():
    p.annoncer()
    return p.monde()


def issue(client, reponse) -> str:
    """Ce que la personne lit à la fin: publiée, déjà publiée, ou changée."""
    page = p.lire(reponse) if reponse.streaming else p.Page(client.get(reponse["Location"])).texte
    return next(phrase for phrase in (PUBLIEE, DEJA, "a changé entre-temps") if phrase in page)


def publieuses(combien: int) -> list:
    clients = [p.client_de(f.publieur()) for _ in range(combien)]
    return [(client, p.simuler(client, note="Ensemble").formulaires[p.PUBLIER]) for client in clients]


@pytest.mark.parametrize("tour", range(3))
def test_deux_publieuses_une_gagne_l_autre_est_avertie(monde, tour):
    gestes = [lambda c=c, q=q: issue(c, c.post(p.PUBLIER, q)) for c, q in publieuses(2)]

    assert Counter(a_la_fois(gestes)) == {PUBLIEE: 1, DEJA: 1}
    assert p.publiees() == ["2023-T1", "2023-T2"]
    assert depot.designee().code == "2023-T2"
    assert not any(f.problemes().values())


def test_sans_verrou_ni_jeton_l_epreuve_voit_bien_deux_editions(monde, monkeypatch):
    monkeypatch.setattr(Edition, "exiger_inedite", classmethod(lambda cls, jeton: None))
    monkeypatch.setattr(module.Projet, "exiger", lambda self, jeton: None)
    toutes, passees, exiger = threading.Barrier(2), set(), Edition.exiger_publiable
    preparer, secondes = Edition.preparer, count()

    def plus_tard(**faits):
        """Qui a le verrou en second arrête après l'autre: l'ordre des instants ne la sauve pas."""
        return preparer(**faits | {"le": p.JOUR + datetime.timedelta(seconds=next(secondes))})

    def ensemble(self, par):
        """Aucune ne publie avant que l'autre ait passé ce qui se refuse d'avance."""
        exiger(self, par)
        if par.pk not in passees:
            passees.add(par.pk)
            toutes.wait(20)

    gestes = [lambda c=c, q=q: issue(c, c.post(p.PUBLIER, q)) for c, q in publieuses(2)]
    monkeypatch.setattr(Edition, "exiger_publiable", ensemble)
    monkeypatch.setattr(Edition, "preparer", plus_tard)
    a_la_fois(gestes)

    assert p.publiees() == ["2023-T1", "2023-T2", "2023-T2-r1"]


def test_une_reponse_acceptee_pendant_que_l_on_confirme_fait_revenir_la_page(monde):
    [(client, formulaire)] = publieuses(1)
    soumission, relectrice = Soumission.objects.transmis().get(), f.relecteur()
    vol = EnVol(lambda: soumission.valider(par=relectrice, le=f.instant("2023-08-02")))
    issue_, attend = en_attente(lambda: issue(client, client.post(p.PUBLIER, formulaire)))

    assert attend()
    vol.poser()
    assert issue_.result(10) == "a changé entre-temps"
    assert p.publiees() == ["2023-T1"]


def test_une_acceptation_qui_arrive_pendant_la_publication_l_attend_puis_entre_dans_la_suivante(monde):
    [(client, formulaire)] = publieuses(1)
    soumission, relectrice = Soumission.objects.transmis().get(), f.relecteur()
    recit = iter(client.post(p.PUBLIER, formulaire).streaming_content)
    next(recit), next(recit)  # le cadre, puis la lecture du registre, sous verrou
    geste, attend = en_attente(lambda: soumission.valider(par=relectrice, le=f.instant("2023-08-02")))

    assert attend()
    list(recit)
    assert isinstance(geste.result(10), TransitionInterdite)
    assert not any(f.problemes().values())


def test_qui_coupe_rend_le_verrou_du_registre(monde):
    [(client, formulaire)] = publieuses(1)
    reponse = client.post(p.PUBLIER, formulaire)
    recit = iter(reponse.streaming_content)
    next(recit), next(recit)
    suivante, attend = en_attente(lambda: issue(*_encore(monde)))
    assert attend()
    reponse.close()

    assert suivante.result(20) == PUBLIEE
    assert p.publiees() == ["2023-T1", "2023-T2"]


def _encore(monde):
    client = p.client_de(f.publieur())
    return client, client.post(p.PUBLIER, p.simuler(client).formulaires[p.PUBLIER])


def test_annoncer_pendant_une_publication_ne_ramene_pas_l_edition_d_avant(monde, monkeypatch):
    """Qui désigne l'édition d'avant s'attarde; qui publie la suivante l'attend, et désigne après lui."""
    vraie, ecrites = depot.designer, []

    def designer(code, *args, **faits):
        ecrites.append(code)
        if len(ecrites) == 1:
            threading.Event().wait(0.6)
        vraie(code, *args, **faits)

    monkeypatch.setattr(depot, "designer", designer)
    suivant, par, jour = f.trimestre("2023-T3"), f.publieur(), f.instant("2023-11-16").date()
    annonce, _ = en_attente(lambda: Parution.objects.annoncer(trimestre=suivant, jour=jour, par=par, le=p.JOUR))
    while not ecrites:
        threading.Event().wait(0.01)
    Edition.publier(trimestre=monde["t2"], par=par, le=p.JOUR)

    assert isinstance(annonce.result(10), Parution)
    assert ecrites == ["2023-T1", "2023-T2"]
    assert (depot.designee().code, depot.designee().prochaine) == ("2023-T2", jour.isoformat())


def test_deux_premieres_annonces_au_meme_instant_n_en_font_qu_une():
    trimestre = f.trimestre(p.CODE)
    gens = [f.publieur() for _ in range(4)]
    jours = [f.instant(f"2023-08-{17 + n}").date() for n in range(4)]
    reponses = a_la_fois(
        [
            lambda q=q, j=j: Parution.objects.annoncer(trimestre=trimestre, jour=j, par=q, le=f.instant("2023-06-01"))
            for q, j in zip(gens, jours, strict=True)
        ]
    )

    assert Counter(map(type, reponses)) == {Parution: 1, TransitionInterdite: 3}
    assert Parution.objects.count() == 1


def test_deux_changements_au_meme_instant_vers_le_meme_jour_n_en_font_qu_un():
    p.annoncer()
    trimestre, gens, jour = f.trimestre(p.CODE), [f.publieur() for _ in range(4)], f.instant("2023-08-24").date()
    faits = {"trimestre": trimestre, "jour": jour, "le": f.instant("2023-06-02"), "motif": "Un retard"}
    reponses = a_la_fois([lambda q=q: Parution.objects.annoncer(par=q, **faits) for q in gens])

    assert Counter(map(type, reponses)) == {Parution: 1, TransitionInterdite: 3}
    assert Parution.objects.count() == 2
