"""Le calendrier est public: chaque date annoncée, chaque date changée avec sa raison, et la prochaine partout."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.urls import reverse
from icalendar import Calendar

from barometre import depot
from barometre.models import Edition, Parution
from organisations.models import TransitionInterdite
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import paraitre, publier, texte
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
PROCHAINE = "Prochaine\xa0: 17 août 2023."
ANNONCER = reverse("admin:barometre_parution_add")
CALENDRIER = reverse("admin:barometre_parution_changelist")


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, f.instant("2023-06-05")


@pytest.fixture
def edition():
    return publier()


@pytest.fixture
def annoncer(django_capture_on_commit_callbacks):
    """Annonce, comme après une transaction réelle."""

    def geste(*args, **champs) -> Parution:
        with django_capture_on_commit_callbacks(execute=True):
            return p.annoncer(*args, **champs)

    return geste


# --- la ligne d'édition ----------------------------------------------------------------------------------------------


def test_chaque_page_dit_le_jour_de_la_prochaine_edition_des_qu_il_est_annonce(client, edition, annoncer):
    for adresse in ("/", "/organisations/", "/donnees/", "/calendrier/"):
        avant = client.get(adresse)
        assert "Prochaine" not in texte(avant)
    annoncer()
    for adresse in ("/", "/organisations/", "/donnees/", "/calendrier/"):
        assert f"ont répondu. {PROCHAINE}" in texte(client.get(adresse))


def test_l_etag_suit_l_annonce_et_le_jour_qui_passe(client, edition, annoncer, settings):
    etags = [client.get("/")["ETag"]]
    annoncer()
    etags.append(client.get("/")["ETag"])
    annoncer(jour="2023-08-24", le="2023-06-02", motif="Un retard")
    etags.append(client.get("/")["ETag"])
    settings.HORLOGE = f.instant("2023-08-25")
    etags.append(client.get("/")["ETag"])

    assert len(set(etags[:3])) == 3
    assert etags[3] == etags[0]
    for etag in etags[1:3]:
        assert client.get("/", headers={"if-none-match": etag}).status_code == 200
    assert client.get("/", headers={"if-none-match": etags[3]}).status_code == 304


@pytest.mark.parametrize(
    ("instant", "dite"), [("2023-08-18T02:00:00+00:00", True), ("2023-08-18T04:00:00+00:00", False)]
)
def test_un_jour_passe_n_est_plus_le_prochain(client, edition, annoncer, settings, instant, dite):
    annoncer()
    settings.HORLOGE = datetime.datetime.fromisoformat(instant)

    assert (PROCHAINE in texte(client.get("/"))) == dite


def test_une_page_gardee_ne_coute_rien_de_plus_pour_dire_la_prochaine(
    client, edition, annoncer, django_assert_num_queries
):
    annoncer()
    client.get("/")
    with django_assert_num_queries(0):
        assert PROCHAINE in texte(client.get("/"))
    caches["default"].key_prefix = "vide"
    with django_assert_num_queries(2):
        client.get("/")


def test_publier_fait_avancer_la_prochaine(client, edition, annoncer, settings):
    annoncer()
    annoncer("2023-T3", "2023-11-16")
    assert PROCHAINE in texte(client.get("/"))
    settings.HORLOGE = f.instant("2023-08-17")
    Edition.publier(trimestre=f.trimestre(p.CODE), par=f.publieur(), le=f.instant("2023-08-17")).designer()

    assert "Prochaine\xa0: 16 novembre 2023." in texte(client.get("/"))


def test_une_edition_corrective_laisse_la_prochaine(client, edition, annoncer):
    annoncer()
    paraitre("2023-06-18", note="Un ajout")

    assert PROCHAINE in texte(client.get("/"))


def test_un_derniere_json_d_avant_le_calendrier_se_lit_encore(client, edition):
    (depot.racine() / "derniere.json").write_text(
        f'{{"code": "2023-T1", "empreinte": "{edition.empreinte}", "fictive": false}}'
    )

    assert depot.designee().prochaine == ""
    assert "Édition 2023-T1" in texte(client.get("/"))


# --- la page et le fichier -------------------------------------------------------------------------------------------


def test_le_calendrier_dit_ce_qui_vient_ce_qui_a_paru_et_ce_qui_a_change(client, edition, annoncer):
    annoncer(le="2023-01-10")
    annoncer(le="2023-05-30", jour="2023-08-24", motif="Deux <ministères> fusionnent.")
    annoncer("2023-T3", "2023-11-16")
    page = texte(client.get("/calendrier/"))

    assert "2e trimestre de 2023 24 août 2023 30 mai 2023 3e trimestre de 2023 16 novembre 2023 1er juin 2023" in page
    assert "Édition du 2e trimestre de 2023 Le 30 mai 2023, la date est passée du 17 août 2023 au 24 août 2023." in page
    assert "Raison\xa0: Deux <ministères> fusionnent." in page
    assert f"2023-T1 18 mai 2023 non annoncé jamais {f.HORS_CALENDRIER}" in page
    assert "<ministères>" not in client.get("/calendrier/").content.decode()


def test_une_edition_annoncee_et_parue_n_a_pas_d_ecart(client, annoncer, settings):
    annoncer("2023-T1", "2023-05-18", "2023-01-10")
    publier()

    assert "2023-T1 18 mai 2023 18 mai 2023 10 janvier 2023 aucun écart" in texte(client.get("/calendrier/"))


def test_une_edition_attendue_qui_tarde_se_dit(client, edition, annoncer, settings):
    annoncer()
    settings.HORLOGE = f.instant("2023-08-20")

    assert "17 août 2023, pas encore parue" in texte(client.get("/calendrier/"))


def test_une_corrective_se_lit_avec_sa_note(client, edition):
    paraitre("2023-06-04", note="Deux organisations ajoutées.")
    page = texte(client.get("/calendrier/"))

    assert "Édition 2023-T1-r1, publiée le 4 juin 2023. Deux organisations ajoutées." in page


def test_le_calendrier_se_lit_avant_la_premiere_edition_et_suit_les_annonces(client, annoncer):
    assert "Aucune édition n'est annoncée." in texte(client.get("/calendrier/"))
    assert client.get("/calendrier.ics").status_code == 200
    annoncer()
    assert "2e trimestre de 2023 17 août 2023" in texte(client.get("/calendrier/"))


@pytest.mark.parametrize("annonces", [1, 12])
def test_le_calendrier_coute_autant_pour_une_annonce_que_pour_douze(
    client, edition, annoncer, django_assert_num_queries, annonces
):
    for n in range(annonces):
        annoncer(jour=f"2023-08-{10 + n}", le=f"2023-06-{1 + n // 6:02}", motif="Encore" if n else "")
    with django_assert_num_queries(4):
        client.get("/calendrier/")


def test_le_fichier_ics_dit_les_memes_jours_et_remplace_une_date_changee(client, edition, annoncer):
    annoncer(le="2023-05-01")
    [avant] = Calendar.from_ical(client.get("/calendrier.ics").content).walk("VEVENT")
    annoncer(jour="2023-08-24", motif="Un retard, long.")
    reponse = client.get("/calendrier.ics")
    [apres] = Calendar.from_ical(reponse.content).walk("VEVENT")

    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    assert (avant["UID"], avant.start) == (apres["UID"], datetime.date(2023, 8, 17))
    assert (apres.start, apres.end) == (datetime.date(2023, 8, 24), datetime.date(2023, 8, 25))
    assert apres["SEQUENCE"] > avant["SEQUENCE"]
    assert "Un retard, long." in apres["DESCRIPTION"]
    assert apres["URL"] == "http://127.0.0.1:8000/calendrier/"


@pytest.mark.parametrize("adresse", ["/calendrier/", "/calendrier.ics", "/flux.atom"])
def test_ces_adresses_se_gardent_comme_les_pages_publiques(client, edition, adresse):
    reponse = client.get(adresse)

    assert reponse.cookies == {}
    assert "Cookie" not in reponse["Vary"]
    assert reponse["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate=")
    assert client.get(adresse, headers={"if-none-match": reponse["ETag"]}).status_code == 304
    assert client.post(adresse).status_code == 405


def test_le_pied_de_page_mene_au_calendrier(client, edition):
    assert 'href="/calendrier/"' in client.get("/").content.decode()


# --- annoncer --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"code": "2023-T1"}, "est déjà publiée."),
        ({"jour": "2023-06-30"}, "ne sera pas terminé ce jour-là."),
        ({"code": "2022-T4", "jour": "2023-05-31"}, "est déjà publiée."),
        ({"jour": "2023-07-01", "le": "2023-07-02"}, "Ce jour est passé"),
    ],
)
def test_une_annonce_impossible_dit_pourquoi(edition, champs, phrase):
    with pytest.raises(TransitionInterdite, match=phrase):
        p.annoncer(**champs)
    assert not Parution.objects.exists()


def test_changer_une_date_demande_une_raison_et_une_autre_date():
    p.annoncer()
    for champs, phrase in (({}, "déjà le jour annoncé"), ({"jour": "2023-08-24", "motif": " \n"}, "Dites pourquoi")):
        with pytest.raises(TransitionInterdite, match=phrase):
            p.annoncer(**champs)
    p.annoncer(jour="2023-08-24", motif="Un retard")

    assert list(Parution.objects.order_by("pk").values_list("change", "motif")) == [(False, ""), (True, "Un retard")]


@pytest.fixture
def editrice(client):
    personne = f.personne("barometre.publier_edition", "barometre.add_parution", is_staff=True)
    client.force_login(personne)
    return personne


def test_le_cqen_annonce_puis_change_une_date_et_tout_se_note(client, edition, editrice):
    f.trimestre(p.CODE)
    for jour, motif in (("2023-08-17", ""), ("2023-08-24", "Un retard")):
        page = lire(client.post(ANNONCER, {"trimestre": _cle(), "jour": jour, "motif": motif}, follow=True))
        assert "Calendrier des publications" in page

    annonces = Parution.objects.order_by("pk")
    assert [(str(a.jour), a.motif, a.annoncee_par) for a in annonces] == [
        ("2023-08-17", "", editrice),
        ("2023-08-24", "Un retard", editrice),
    ]
    assert LogEntry.objects.count() == 2
    assert "24 août 2023" in lire(client.get(CALENDRIER))


def test_un_double_clic_n_annonce_qu_une_fois_et_le_dit(client, edition, editrice):
    f.trimestre(p.CODE)
    envoi = {"trimestre": _cle(), "jour": "2023-08-17", "motif": ""}
    client.post(ANNONCER, envoi)
    reponse = client.post(ANNONCER, envoi)

    assert "C'est déjà le jour annoncé\xa0: rien ne change." in lire(reponse)
    assert Parution.objects.count() == 1


def test_un_preavis_trop_court_avertit(client, edition, editrice):
    f.trimestre(p.CODE)
    page = lire(client.post(ANNONCER, {"trimestre": _cle(), "jour": "2023-07-02", "motif": ""}, follow=True))

    assert "Ce jour vient dans moins de quatre semaines" in page


@pytest.mark.parametrize("jour", ["", "hier", "2023-02-30"])
def test_un_jour_illisible_se_dit_sur_la_page(client, edition, editrice, jour):
    f.trimestre(p.CODE)
    reponse = client.post(ANNONCER, {"trimestre": _cle(), "jour": jour, "motif": ""})

    assert reponse.status_code == 200
    assert not Parution.objects.exists()


def test_une_annonce_ne_se_change_ni_ne_se_supprime(client, edition, editrice):
    annonce = p.annoncer()
    for geste in ("change", "delete"):
        adresse = reverse(f"admin:barometre_parution_{geste}", args=[annonce.pk])
        assert client.post(adresse, {"jour": "2030-01-01", "post": "yes"}).status_code == 403
    assert Parution.objects.get().jour == annonce.jour


def test_publier_ne_donne_pas_le_droit_d_annoncer(client, edition):
    client.force_login(f.publieur())
    for adresse in (CALENDRIER, ANNONCER):
        assert client.get(adresse).status_code == 403


def _cle() -> int:
    return f.trimestre(p.CODE).pk
