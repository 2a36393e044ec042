"""Un fichier emporté, une réponse qui s'écrit en partant: la trace y est aussi, et à temps."""

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse

from organisations.models import Trace
from tests import fabrique as f
from tests.organisations.test_traces import NUMERO, demander, noter, traces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def meme_connexion():
    """Une réponse qui se ferme rend sa connexion à la base; celle du test lui reste."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture
def cqen():
    """Une personne du CQEN."""
    return f.personne(is_staff=True)


@pytest.mark.parametrize(
    "entetes",
    [
        {"Content-Type": "text/csv"},
        {"Content-Type": "application/pdf"},
        {"Content-Type": "text/html", "Content-Disposition": "attachment"},
    ],
)
@pytest.mark.parametrize("sorte", [HttpResponse, StreamingHttpResponse])
def test_un_fichier_emporte_laisse_une_trace_avant_de_partir(cqen, entetes, sorte):
    reponse = demander(lambda _: sorte([b"a,b"], headers=entetes), cqen, methode="get")

    assert traces() == [("", "Fichier : adresse inconnue", 200)]
    assert b"".join(reponse) == b"a,b"
    assert len(traces()) == 1


def test_une_lecture_n_en_laisse_aucune(cqen):
    for forme in ("text/html; charset=utf-8", "application/json", "text/javascript"):
        demander(lambda _, forme=forme: HttpResponse(content_type=forme), cqen, methode="get")

    assert traces() == []


def flux(par, *, geste: bool, panne: bool = False):
    """Une vue dont le travail se fait pendant que la réponse part."""

    def vue(requete):
        def morceaux():
            yield b"un"
            if geste:
                noter(par, par)
            if panne:
                raise OSError("Le disque est plein.")
            yield b"deux"

        return StreamingHttpResponse(morceaux())

    return vue


def test_un_geste_fait_pendant_un_flux_laisse_sa_trace_et_son_numero(cqen):
    reponse = demander(flux(cqen, geste=True), cqen)
    assert traces() == []
    assert b"".join(reponse) == b"undeux"
    reponse.close()

    assert [geste for _, geste, _ in traces()] == ["Fait."]
    assert Trace.objects.get().requete == NUMERO


@pytest.mark.parametrize("lus", [0, 1, 2])
def test_un_flux_sans_geste_laisse_une_trace_meme_si_l_on_part_avant_la_fin(cqen, lus):
    reponse = demander(flux(cqen, geste=False), cqen)
    morceaux = iter(reponse)
    for _ in range(lus):
        next(morceaux)
    reponse.close()

    assert traces() == [("", "Demande : adresse inconnue", 200)]


def test_un_flux_qui_tombe_laisse_la_trace_de_la_panne(cqen):
    reponse = demander(flux(cqen, geste=True, panne=True), cqen)
    with pytest.raises(OSError, match="plein"):
        b"".join(reponse)
    reponse.close()

    assert [(geste, statut) for _, geste, statut in traces()] == [
        ("Fait.", 200),
        ("Demande : adresse inconnue", 500),
    ]
