"""Publier demande un second regard: on ne publie que ce qu'on a vu, une fois, et l'on voit chaque étape."""

import pytest
from django.contrib.admin.models import ADDITION, LogEntry

from barometre import depot
from barometre.admin import progres
from barometre.models import Agregat, Edition
from indicateurs.models import Soumission
from tests import fabrique as f
from tests.barometre import publications as p

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, p.JOUR


@pytest.fixture
def monde():
    p.annoncer()
    return p.monde()


@pytest.fixture
def editrice(monde):
    return f.publieur()


@pytest.fixture
def client(editrice):
    return p.client_de(editrice)


def photo() -> tuple:
    return f.photo(Edition, Agregat), f.dossiers_publies(), sorted(depot.racine().iterdir())


def suivie(client, reponse) -> str:
    """Où mène une redirection, et ce qu'on y lit."""
    assert reponse.status_code == 303
    return reponse["Location"].partition("?")[0], p.Page(client.get(reponse["Location"])).texte


# --- publier ---------------------------------------------------------------------------------------------------------


def test_publier_dit_chaque_etape_puis_mene_a_l_edition(client, editrice):
    reponse = p.confirmer(client)
    assert p.publiees() == ["2023-T1"]  # rien n'est fait avant que la page ne se lise
    recit = p.lire(reponse)

    etapes = ("Lecture du registre…", "Calcul des chiffres…", "Écriture de l'édition et de ses fichiers…")
    etapes += ("Vérification des fichiers écrits…", "L'édition 2023-T2 est publiée.", "Vérifier l'édition")
    rangs = [recit.index(etape) for etape in etapes]
    assert rangs == sorted(rangs)
    edition = Edition.objects.derniere()
    assert (edition.code, edition.publiee_par, edition.hors_calendrier) == ("2023-T2", editrice, "")
    assert f.problemes()["2023-T2"] == []


def test_chaque_etape_part_quand_elle_commence(client):
    reponse = p.confirmer(client)
    recit = iter(reponse.streaming_content)
    lus = [next(recit).decode(), next(recit).decode()]

    assert "Publier l&#x27;édition 2023-T2" in lus[0]
    assert "Lecture du registre" in lus[1]
    assert not depot.dossier("2023-T2").exists()
    assert "Calcul des chiffres" in next(recit).decode()
    assert not depot.dossier("2023-T2").exists()
    next(recit)
    assert "Vérification" in next(recit).decode()
    assert depot.dossier("2023-T2").exists()
    p.couper(reponse)


def test_le_flux_traverse_les_mandataires_et_n_est_garde_nulle_part(client):
    reponse = p.confirmer(client)

    assert reponse["X-Accel-Buffering"] == "no"
    assert reponse["Cache-Control"] == "no-store"
    assert "default-src 'none'" in reponse["Content-Security-Policy"]
    p.lire(reponse)


def test_la_publication_se_note_au_journal_de_l_administration(client, editrice):
    p.lire(p.confirmer(client))

    [note] = LogEntry.objects.all()
    edition = Edition.objects.derniere()
    assert (note.user, note.action_flag, note.object_id) == (editrice, ADDITION, str(edition.pk))
    assert note.change_message == f"Publiée, empreinte {edition.empreinte[:12]}."


@pytest.mark.parametrize("lus", [1, 2, 3, 4, 5])
def test_qui_coupe_en_chemin_ne_publie_rien(client, lus):
    avant = photo()
    reponse = p.confirmer(client)
    recit = iter(reponse.streaming_content)
    for _ in range(lus):
        next(recit)
    p.couper(reponse)

    assert photo() == avant
    assert not LogEntry.objects.exists()
    p.lire(p.confirmer(client))
    assert p.publiees() == ["2023-T1", "2023-T2"]


def test_qui_coupe_apres_la_derniere_etape_a_publie(client):
    reponse = p.confirmer(client)
    recit = iter(reponse.streaming_content)
    while "est publiée" not in next(recit).decode():
        pass
    p.couper(reponse)

    assert p.publiees() == ["2023-T1", "2023-T2"]
    assert LogEntry.objects.count() == 1
    assert f.problemes()["2023-T2"] == []


# --- on ne publie que ce qu'on a vu ----------------------------------------------------------------------------------


CHANGEMENTS = {
    "une_reponse_acceptee": lambda monde: (
        Soumission.objects.transmis().get().valider(par=f.relecteur(), le=f.instant("2023-08-02"))
    ),
    "un_nom_change": lambda monde: type(monde["opc"]).objects.filter(pk=monde["opc"].pk).update(nom="Autre nom"),
    "une_cible_fixee": lambda monde: f.cible(monde["papier"], "2023-T4", "75"),
}


@pytest.mark.parametrize("changer", CHANGEMENTS.values(), ids=CHANGEMENTS)
def test_si_ce_qui_paraitrait_a_change_rien_n_est_publie_et_la_page_revient(client, monde, changer):
    avant = photo()
    formulaire = p.simuler(client).formulaires[p.PUBLIER]
    changer(monde)
    page = p.lire(client.post(p.PUBLIER, formulaire))

    assert photo() == avant
    assert "Ce qui paraîtrait a changé entre-temps" in page
    assert "Ce que dirait l'édition 2023-T2" in page


def test_la_page_revenue_porte_de_quoi_publier_ce_qu_elle_montre(client, monde):
    formulaire = p.simuler(client).formulaires[p.PUBLIER]
    CHANGEMENTS["une_reponse_acceptee"](monde)
    nouvelle = p.Page(p.tout(client.post(p.PUBLIER, formulaire))).formulaires[p.PUBLIER]

    assert nouvelle["jeton"] != formulaire["jeton"]
    p.lire(client.post(p.PUBLIER, nouvelle))
    assert p.publiees() == ["2023-T1", "2023-T2"]


def test_la_note_publiee_est_celle_que_la_page_montrait(client):
    formulaire = p.simuler(client, note="Une note").formulaires[p.PUBLIER]
    avant = photo()

    assert "a changé entre-temps" in p.lire(client.post(p.PUBLIER, formulaire | {"note": "Une autre"}))
    assert photo() == avant
    p.lire(client.post(p.PUBLIER, formulaire))
    assert Edition.objects.derniere().note == "Une note"


def test_le_temps_qui_passe_ne_perime_pas_la_page(client, settings):
    formulaire = p.simuler(client).formulaires[p.PUBLIER]
    settings.HORLOGE = f.instant("2023-08-17", 20)
    p.lire(client.post(p.PUBLIER, formulaire))

    assert p.publiees() == ["2023-T1", "2023-T2"]


@pytest.mark.parametrize("retire", ["jeton", "trimestre"])
def test_on_ne_publie_pas_sans_avoir_simule(client, retire):
    formulaire = p.simuler(client).formulaires[p.PUBLIER]
    avant = photo()
    ou, texte = suivie(client, client.post(p.PUBLIER, formulaire | {retire: ""}))

    assert (ou, photo()) == (p.SIMULER, avant)
    assert "Simulez d'abord l'édition" in texte


# --- une seule fois --------------------------------------------------------------------------------------------------


def test_un_double_clic_ou_une_page_rechargee_ne_publie_qu_une_fois_et_le_dit(client):
    formulaire = p.simuler(client, note="Une note").formulaires[p.PUBLIER]
    p.lire(client.post(p.PUBLIER, formulaire))
    avant = photo()
    for _ in range(2):
        ou, texte = suivie(client, client.post(p.PUBLIER, formulaire))
        assert ou == p.LISTE
        assert "L'édition 2023-T2 est déjà publiée\xa0: rien n'a été refait." in texte

    assert photo() == avant
    assert LogEntry.objects.count() == 1


def test_une_panne_se_dit_sur_la_page_et_ne_publie_rien(client, monkeypatch, caplog):
    def tomber(*_, **__):
        raise RuntimeError

    reponse, avant = p.confirmer(client), photo()
    monkeypatch.setattr(Agregat.objects._queryset_class, "ecrire", tomber)

    assert progres.PANNE in p.lire(reponse)
    assert photo() == avant
    assert "Une publication a été interrompue." in caplog.text


def test_un_disque_plein_se_dit_sur_la_page_et_ne_publie_rien(client, monkeypatch):
    def refuser(*_, **__):
        raise OSError(28, "Plus de place")

    reponse, avant = p.confirmer(client), photo()
    monkeypatch.setattr(depot, "deposer", refuser)

    assert "Le dossier des éditions ne s'écrit pas\xa0: Plus de place." in p.lire(reponse)
    assert photo() == avant


def test_un_fichier_qui_ne_se_relit_pas_tel_qu_ecrit_defait_tout(client, monkeypatch):
    reponse, avant, vrai = p.confirmer(client), photo(), depot.lire
    monkeypatch.setattr(depot, "lire", lambda code, nom: vrai(code, nom)[:-1])

    assert "ne se relit pas tel qu'il fut écrit" in p.lire(reponse)
    assert photo() == avant


# --- qui publie ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("droits", [(), ("indicateurs.relire_soumission",), ("barometre.add_parution",)])
def test_relire_ou_annoncer_ne_donne_pas_le_droit_de_publier(client, droits):
    formulaire = p.simuler(client).formulaires[p.PUBLIER]
    autre = p.client_de(f.personne(*droits, is_staff=True))
    for adresse in (p.LISTE, p.SIMULER):
        assert autre.get(adresse).status_code == 403
    assert autre.post(p.PUBLIER, formulaire).status_code == 403
    assert p.publiees() == ["2023-T1"]


def test_lire_ne_change_rien_et_publier_ne_se_lit_pas(client):
    avant = photo()
    edition = Edition.objects.derniere()
    for adresse in (p.LISTE, p.SIMULER, f"{p.LISTE}{edition.pk}/verifier/", f"{p.LISTE}{edition.pk}/change/"):
        assert client.get(adresse).status_code == 200

    assert client.get(p.PUBLIER).status_code == 405
    assert client.post(p.SIMULER).status_code == 405
    assert photo() == avant


def test_la_liste_mene_a_la_page_aux_donnees_et_a_la_verification(client):
    page = p.Page(client.get(p.LISTE))
    pk = Edition.objects.get().pk

    assert {"/donnees/2023-T1/", "/donnees/2023-T1/chiffres.csv", f"{p.LISTE}{pk}/verifier/"} <= set(page.ancres)
    assert f.HORS_CALENDRIER in page.texte
    for geste in ("add", f"{pk}/delete"):
        assert client.get(f"{p.LISTE}{geste}/").status_code == 403
    assert client.post(f"{p.LISTE}{pk}/change/", {"note": "x"}).status_code == 403


def test_la_verification_dit_si_tout_tient_et_sinon_ce_qui_ne_tient_pas(client):
    adresse = f"{p.LISTE}{Edition.objects.get().pk}/verifier/"
    assert "Tout tient." in p.Page(client.get(adresse)).texte
    (depot.dossier("2023-T1") / "valeurs.csv").write_bytes(b"faux")
    page = p.Page(client.get(adresse)).texte

    assert "L'édition 2023-T1 ne tient pas." in page
    assert "La somme de valeurs.csv n'est pas celle de SHA256SUMS." in page


def test_la_liste_coute_autant_pour_une_edition_que_pour_plusieurs(client, django_assert_num_queries):
    p.lire(p.confirmer(client))
    with django_assert_num_queries(7):
        client.get(p.LISTE)
