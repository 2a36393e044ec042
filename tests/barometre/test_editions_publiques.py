"""Les éditions: leur liste, et le journal de ce que chacune révise."""

import pytest

from barometre import depot, entre_editions, formats, pages
from barometre.models import Edition
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import texte, vider_le_cache

pytestmark = pytest.mark.django_db
JOURNAL = "/editions/2023-T1...2023-T1-r1/"


@pytest.fixture
def monde():
    """Une édition, puis une corrective: une réponse corrigée, une arrivée en retard."""
    monde = p.monde()
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un <oubli> réparé.").designer()
    return monde


def derniere() -> Edition:
    derniere = Edition.objects.derniere()
    assert derniere
    return derniere


# --- la liste --------------------------------------------------------------------------------------------------------
def test_la_liste_dit_de_chaque_edition_sa_date_sa_note_et_qui_a_repondu(client, monde):
    page = texte(client.get("/editions/"))

    assert page.index("Édition 2023-T1-r1 La plus récente.") < page.index("Édition 2023-T1 Publiée")
    assert "Publiée le 15 juin 2023. 2 organisations sur 3 ont répondu. Un <oubli> réparé." in page
    assert "Publiée le 18 mai 2023. Une organisation sur 3 a répondu." in page
    assert "Parue hors du calendrier annoncé\xa0: Un essai ne s'annonce pas." in page


def test_la_liste_mene_a_chaque_edition_a_ses_fichiers_et_a_ce_qu_elle_revise(client, monde):
    page = client.get("/editions/").content.decode()

    for adresse in ("/editions/2023-T1/", "/editions/2023-T1-r1/", "/donnees/2023-T1-r1/", JOURNAL):
        assert f'href="{adresse}"' in page
        assert client.get(adresse).status_code == 200


@pytest.mark.parametrize("editions", [1, 6])
def test_la_liste_coute_autant_pour_une_edition_que_pour_six(client, django_assert_num_queries, editions):
    monde = p.monde()
    for jour in range(1, editions):
        f.edition(monde["t1"], f.instant(f"2023-06-{10 + jour}"), note="Encore").designer()
    vider_le_cache()
    with django_assert_num_queries(2):
        assert client.get("/editions/").content.count(b"<h2>") == editions


def test_une_edition_qui_n_a_pas_fige_son_compte_le_dit(client, monde, monkeypatch):
    monkeypatch.setattr(pages.editions, "_toutes", lambda: Edition.objects.order_by("-rang"))
    for edition in (toutes := list(Edition.objects.order_by("-rang"))):
        edition.ont_repondu = edition.devaient = None
    monkeypatch.setattr(pages.editions, "_toutes", lambda: toutes)

    assert "Qui a répondu se lit dans ses fichiers." in texte(client.get("/editions/"))


# --- le journal des révisions ----------------------------------------------------------------------------------------
def test_le_journal_dit_l_ancienne_valeur_la_nouvelle_le_genre_la_date_et_la_raison(client, monde):
    page = texte(client.get(JOURNAL))

    assert "2 valeurs révisées." in page
    correction = "Correction 6\xa0sur\xa010 7\xa0sur\xa010\xa0r 1er\xa0juin\xa02023 Un processus était oublié."
    revision = "Révision sans réponse 1\xa0sur\xa010\xa0r 2\xa0juin\xa02023 Réponse arrivée après l'échéance."
    assert f"Organisme RAMQ Démarches sans papier {correction}" in page
    assert f"Organisme SAAQ Démarches sans papier {revision}" in page
    assert "La lettre «\xa0r\xa0» marque chaque valeur révisée." in page


def test_le_journal_mene_aux_deux_fichiers_et_a_la_page_de_chaque_organisation(client, monde):
    page = client.get(JOURNAL).content.decode()

    for adresse in (
        "/donnees/2023-T1/valeurs.csv",
        "/donnees/2023-T1-r1/valeurs.csv",
        "/editions/2023-T1-r1/organisations/ramq/",
        f"{JOURNAL}revisions.csv",
    ):
        assert f'href="{adresse}"' in page
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        assert b"".join(reponse)


def test_le_meme_journal_se_telecharge(client, monde):
    reponse = client.get(f"{JOURNAL}revisions.csv")
    correction, revision = formats.lire_csv(reponse.content)

    assert reponse["Content-Type"] == "text/csv; charset=utf-8"
    assert reponse["Content-Disposition"] == 'attachment; filename="barometre-revisions-2023-T1...2023-T1-r1.csv"'
    assert reponse["ETag"]
    attendus = {"edition": "2023-T1-r1", "marque": "r", "genre": "correction", "sigle": "RAMQ", "trimestre": "2023-T1"}
    attendus |= {"ancien_numerateur": "6", "ancien_denominateur": "10", "nouveau_numerateur": "7", "version": "2"}
    attendus |= {"raison": "Un processus était oublié.", "edition_revisee": "2023-T1"}
    attendus |= {"ancien_fichier": "http://127.0.0.1:8000/donnees/2023-T1/valeurs.csv"}
    assert correction.items() >= attendus.items()
    assert correction["acceptee_le"].startswith("2023-06-01T")
    assert (revision["genre"], revision["ancien_etat"], revision["ancien_numerateur"]) == ("révision", "EN_RETARD", "")


def test_chaque_revision_est_dite_pareille_par_la_page_le_fichier_et_le_flux(client, monde):
    neuve = f.indicateur("neuf", intitule="Un autre")
    autres = [f.organisation(f"X{n}", nom=f"Organisme X{n}") for n in range(6)]
    reponses = [{monde["papier"]: (n, 9), neuve: (n, 8)} for n in range(6)]
    jour = f.instant("2023-06-16")
    premieres = [f.validee(o, monde["t1"], dite, jour) for o, dite in zip(autres, reponses, strict=True)]
    f.edition(monde["t1"], f.instant("2023-06-20"), note="Des organisations de plus").designer()
    for n, soumission in enumerate(premieres):
        corrige = {monde["papier"]: (n + 1, 9), neuve: (n, 8) if n % 2 else (n + 2, 8)}
        f.corrigee(soumission, corrige, f.instant("2023-06-25"), motif=f"Raison numéro {n}.")
    f.edition(monde["t1"], f.instant("2023-06-30"), note="Des corrections").designer()
    apres, avant = Edition.objects.order_by("-rang").select_related("trimestre")[:2]
    toutes = entre_editions.revisions(entre_editions.Jalon.de(avant), entre_editions.Jalon.de(apres)) or []
    page = texte(client.get(f"/editions/{avant.code}...{apres.code}/"))
    lignes = formats.lire_csv(client.get(f"/editions/{avant.code}...{apres.code}/revisions.csv").content)
    flux = client.get("/flux.atom").content.decode()

    assert len(toutes) == len(lignes) == 9
    for revision, ligne in zip(toutes, lignes, strict=True):
        dite = f"Correction {revision.avant} {revision.apres}\xa0r 25\xa0juin\xa02023 {revision.raison}"
        assert (
            f"{apres.organisations[revision.sigle]['nom']} {apres.regles[revision.indicateur].intitule} {dite}" in page
        )
        assert ligne["raison"] == revision.raison != ""
        assert f"{revision.avant} devient {revision.apres}, le 25 juin 2023. {revision.raison}" in flux


def test_dans_l_ordre_inverse_le_journal_redirige_dans_le_bon(client, monde):
    reponse = client.get("/editions/2023-T1-r1...2023-T1/")

    assert (reponse.status_code, reponse["Location"]) == (301, JOURNAL)
    assert client.get("/editions/2023-T1-r1...2023-T1/revisions.csv")["Location"] == f"{JOURNAL}revisions.csv"


def test_deux_fois_la_meme_edition_le_journal_le_dit(client, monde):
    page = texte(client.get("/editions/2023-T1...2023-T1/"))

    assert "C'est deux fois la même édition\xa0: rien ne peut y différer." in page
    assert "Choisissez" not in page


def test_deux_editions_qui_disent_la_meme_chose_le_journal_le_dit(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-16"), note="Encore").designer()

    assert "Rien de déjà publié n'est révisé." in texte(client.get("/editions/2023-T1-r1...2023-T1-r2/"))


def test_entre_deux_editions_eloignees_chaque_valeur_ne_parait_qu_une_fois(client, monde):
    f.edition(monde["t2"], p.JOUR).designer()

    assert "2 valeurs révisées." in texte(client.get("/editions/2023-T1...2023-T2/"))
    assert "2e trimestre" not in texte(client.get("/editions/2023-T1...2023-T2/"))


def test_un_long_journal_se_filtre_et_dit_ce_qu_il_ignore(client, monde, monkeypatch):
    monkeypatch.setattr(pages.revisions, "A_FILTRER", 1)
    monkeypatch.setattr(pages.revisions, "MONTREES", 1)

    tout = texte(client.get(JOURNAL))
    assert "Les 1 premières sont montrées. Choisissez un trimestre" in tout
    assert "1 révision sur 2." in texte(client.get(f"{JOURNAL}?q=saaq"))
    assert "Organisme RAMQ" not in texte(client.get(f"{JOURNAL}?q=saaq"))
    assert "Aucune révision ne correspond." in texte(client.get(f"{JOURNAL}?q=zzz"))
    assert "Le trimestre «\xa0hier\xa0» n'existe pas" in texte(client.get(f"{JOURNAL}?trimestre=hier"))


@pytest.mark.parametrize("abime", [None, b"", b"edition\n1\n"])
def test_sans_fichier_lisible_le_journal_ne_suppose_rien_et_ne_s_en_souvient_pas(client, monde, abime):
    chemin = depot.dossier("2023-T1") / "valeurs.csv"
    entier = chemin.read_bytes()
    chemin.unlink() if abime is None else chemin.write_bytes(abime)

    reponse = client.get(JOURNAL)
    assert reponse.status_code == 503
    assert "Ce journal ne peut pas être lu en ce moment." in texte(reponse)
    assert client.get(f"{JOURNAL}revisions.csv").status_code == 404
    assert pages.revisions.en_bref(derniere()) == ([], None)
    chemin.write_bytes(entier)
    assert client.get(JOURNAL).status_code == 200


def test_ce_que_le_cache_garde_s_ecrit_dans_la_langue_de_la_page(client, monde, settings):
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    vider_le_cache()
    f.validee(f.organisation("X"), monde["t1"], {monde["papier"]: (1234, 5678)}, f.instant("2023-06-16"))
    f.edition(monde["t1"], f.instant("2023-06-20"), note="Une de plus").designer()
    adresse = "/editions/2023-T1-r1...2023-T1-r2/"

    assert "1\xa0234\xa0sur\xa05\xa0678" in texte(client.get(adresse))
    assert "1,234" in texte(client.get(f"/en{adresse}"))
    assert "1,234" not in texte(client.get(adresse))


# --- en bref, pour l'accueil -----------------------------------------------------------------------------------------
def test_en_bref_une_edition_dit_ce_qu_elle_revise_et_ou_tout_lire(monde):
    dites, lien = pages.revisions.en_bref(derniere())

    assert dites == [
        "Révision\xa0: 1 réponse de plus aux trimestres déjà publiés.",
        "Correction, RAMQ, 1er trimestre de 2023\xa0: Un processus était oublié.",
    ]
    assert lien == ("Voir tout ce qui est révisé", JOURNAL)


def test_en_bref_la_premiere_edition_et_celle_qui_ne_revise_rien_le_disent(monde):
    premiere = Edition.objects.get(rang=1)
    f.edition(monde["t1"], f.instant("2023-06-16"), note="Encore")

    assert pages.revisions.en_bref(premiere) == (["Rien de déjà publié n'est révisé."], None)
    assert pages.revisions.en_bref(derniere()) == (["Rien de déjà publié n'est révisé."], None)


def test_en_bref_se_garde_et_ne_demande_plus_rien(monde, django_assert_num_queries):
    edition = derniere()
    with django_assert_num_queries(1):
        dite = pages.revisions.en_bref(edition)
    with django_assert_num_queries(0):
        assert pages.revisions.en_bref(edition) == dite


def test_beaucoup_de_corrections_se_resument(monde, monkeypatch):
    monkeypatch.setattr(pages.revisions, "EN_BREF", 1)

    assert pages.revisions.en_bref(derniere())[0][1:] == ["Et 1 autre correction."]


def test_une_publication_rechauffe_ce_que_l_accueil_lira(monde, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edition = f.edition(monde["t2"], p.JOUR)
    (depot.dossier("2023-T2") / "valeurs.csv").unlink()

    assert pages.revisions.en_bref(edition)[0] == ["Rien de déjà publié n'est révisé."]


def test_un_rechauffement_en_panne_n_empeche_pas_de_publier(monde, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(entre_editions, "parues", lambda _: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        f.edition(monde["t2"], p.JOUR)

    assert derniere().code == "2023-T2"


def test_un_redis_en_panne_n_empeche_ni_le_journal_ni_le_resume(client, monde, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert client.get(JOURNAL).status_code == 200
    assert len(pages.revisions.en_bref(derniere())[0]) == 2
