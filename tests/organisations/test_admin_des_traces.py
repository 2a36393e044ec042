"""Les traces se lisent, s'emportent si l'on en a le droit, et ne se changent jamais."""

import csv
from io import StringIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from organisations.models import Trace
from tests import fabrique as f
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:organisations_trace_changelist")
EXPORT = reverse("admin:organisations_trace_exporter")
VOIR, EMPORTER = "organisations.view_trace", "organisations.exporter_trace"


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui lit et emporte les traces, entrée."""
    settings.MFA_EXIGEE = False
    membre = f.personne(VOIR, EMPORTER, is_staff=True, nom="Ève Côté")
    client.force_login(membre)
    return membre


def exportees(client, **filtres) -> list[dict[str, str]]:
    reponse = client.get(EXPORT, filtres)
    assert reponse.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reponse.headers["Content-Disposition"].startswith('attachment; filename="traces-')
    return list(csv.DictReader(StringIO(reponse.content.decode("utf-8-sig"))))


def test_la_liste_dit_qui_quoi_quand_d_ou_les_plus_recentes_d_abord(client, cqen):
    f.trace(cqen, objet="soumission : RAMQ", geste="Validée.", le=f.instant("2023-06-01"))
    f.trace(cqen, objet="soumission : SAAQ", geste="Renvoyée.", le=f.instant("2023-06-02"))
    page = lire(client.get(LISTE))

    assert page.index("Renvoyée.") < page.index("Validée.")
    for attendu in ("Ève Côté", "soumission : RAMQ", "192.0.2.0/24", "1 juin 2023", EXPORT):
        assert attendu in page


def test_la_liste_se_filtre_par_personne_par_jour_et_par_objet(client, cqen):
    autre = f.personne(nom="Léa")
    f.trace(cqen, objet="invitation : a@exemple.test", geste="Retirée.", le=f.instant("2023-06-01"))
    f.trace(autre, objet="organisation : RAMQ", geste="Renommée.", le=f.instant("2023-07-02"))
    jour = {"le__year": 2023, "le__month": 6, "le__day": 1}
    for filtre in ({"par": cqen.pk}, {"objet": "invitation"}, jour, {"q": "retirée"}):
        assert [t["geste"] for t in exportees(client, **filtre) if t["geste"] != "Fichier\xa0: exporter"] == [
            "Retirée."
        ]
        page = lire(client.get(LISTE, filtre))
        assert ("Retirée." in page, "Renommée." in page) == (True, False), filtre


def test_une_trace_se_retrouve_par_le_numero_de_sa_demande(client, cqen):
    f.trace(cqen, geste="Celle-ci.", requete="c" * 32)
    f.trace(cqen, geste="Une autre.")
    page = lire(client.get(LISTE, {"q": "c" * 32}))

    assert ("Celle-ci." in page, "Une autre." in page) == (True, False)


def test_le_fichier_porte_les_memes_faits_et_aucune_formule(client, cqen):
    f.trace(cqen, objet='=HYPERLINK("http://x")', geste="@SUM(A1)\n-1+1", page="/admin/x/")
    [ligne] = exportees(client)

    assert ligne == {
        "le": "2023-06-01T12:00:00+00:00",
        "par": cqen.email,
        "reseau": "192.0.2.0/24",
        "demande": "a" * 32,
        "page": "/admin/x/",
        "objet": '\'=HYPERLINK("http://x")',
        "geste": "'@SUM(A1)\n-1+1",
        "reponse": "302",
    }


def test_emporter_les_traces_en_laisse_une(client, cqen):
    exportees(client)
    [trace] = Trace.objects.all()

    assert (trace.par, trace.objet, trace.geste, trace.statut) == (cqen, "trace", "Fichier\xa0: exporter", 200)


def test_lire_sans_pouvoir_emporter(client):
    client.force_login(f.personne(VOIR, is_staff=True))

    assert EXPORT not in lire(client.get(LISTE))
    assert client.get(EXPORT).status_code == 403
    assert not Trace.objects.exists()


@pytest.mark.parametrize("permissions", [(), (EMPORTER,), ("organisations.change_trace", "organisations.delete_trace")])
def test_sans_pouvoir_lire_rien_ne_s_ouvre(client, cqen, permissions):
    trace = f.trace(cqen)
    client.force_login(f.personne(*permissions, is_staff=True))
    une = [reverse(f"admin:organisations_trace_{geste}", args=[trace.pk]) for geste in ("change", "history", "delete")]

    assert [client.get(adresse).status_code for adresse in (LISTE, EXPORT, *une)] == [403] * 5
    assert LISTE not in lire(client.get("/admin/"))


def test_une_trace_ne_se_change_pas_meme_par_qui_peut_tout(client, cqen):
    trace = f.trace(cqen)
    avant = f.photo(Trace)["Trace"]
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    for geste in ("change", "delete"):
        adresse = reverse(f"admin:organisations_trace_{geste}", args=[trace.pk])
        assert client.post(adresse, {"post": "yes", "geste": "x"}).status_code == 403
    assert client.post(reverse("admin:organisations_trace_add"), {"geste": "x"}).status_code == 403
    client.post(LISTE, {"action": "delete_selected", "_selected_action": [trace.pk], "post": "yes"})

    assert f.photo(Trace)["Trace"][:1] == avant


def test_une_trace_ne_se_change_pas_meme_par_le_code(cqen):
    trace = f.trace(cqen)
    toutes = Trace.objects.all()
    gestes = [
        lambda: toutes.update(geste="x"),
        toutes.delete,
        trace.delete,
        lambda: Trace.objects.filter(pk=trace.pk).update(par=f.personne()),
        trace.save,
    ]
    for geste in gestes:
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()
    assert Trace.objects.count() == 1


def test_la_liste_tient_en_quinze_requetes(client, cqen, django_assert_max_num_queries):
    for rang in range(60):
        f.trace(f.personne() if rang % 10 == 0 else cqen)
    with django_assert_max_num_queries(15):
        assert client.get(LISTE).status_code == 200
    with django_assert_max_num_queries(15):
        exportees(client)


def test_emporter_avec_une_date_impossible_ramene_a_la_liste(client):
    reponse = client.get(EXPORT, {"le__year": "x"})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, LISTE)
