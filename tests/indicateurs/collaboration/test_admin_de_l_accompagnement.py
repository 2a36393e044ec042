"""Le CQEN répond aux demandes: les ouvertes d'abord, un fil où l'on ajoute seulement, des refus en messages."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse

from indicateurs.models import DemandeAccompagnement
from organisations.horloge import maintenant
from tests import fabrique as f
from tests.collaboration import FIL, demande
from tests.indicateurs.espace import Page, entree

pytestmark = pytest.mark.django_db
LISTE = "/admin/indicateurs/demandeaccompagnement/"
JOUR = datetime.timedelta(days=1)


@pytest.fixture
def posee(ici, papier, personne) -> DemandeAccompagnement:
    return demande(ici, papier, personne, le=maintenant() - 3 * JOUR)


def fil(posee) -> str:
    return reverse("admin:indicateurs_demandeaccompagnement_change", args=[posee.pk])


def agir(admin, posee, geste: str, **champs):
    return admin.post(fil(posee), {"geste": geste} | champs)


def test_les_ouvertes_viennent_d_abord_celle_qui_attend_le_plus_en_tete(admin, ici, personne, cqen, posee):
    ancienne = demande(ici, par=personne, objet="Ancienne", le=maintenant() - 40 * JOUR)
    repondue = demande(ici, par=personne, objet="Répondue", le=maintenant() - 50 * JOUR)
    repondue.repondre("Voici.", par=cqen, le=maintenant() - 10 * JOUR)
    relancee = demande(ici, par=personne, objet="Relancée", le=maintenant() - 60 * JOUR)
    relancee.repondre("Voici.", par=cqen, le=maintenant() - 59 * JOUR)
    relancee.repondre("Et ensuite?", par=personne, le=maintenant() - 2 * JOUR)
    relancee.repondre("Allô?", par=personne, le=maintenant() - JOUR)
    close = demande(ici, par=personne, objet="Close", le=maintenant() - 70 * JOUR)
    close.clore(par=cqen, le=maintenant())

    lignes = admin.get(LISTE).context["cl"].result_list
    assert list(lignes) == [ancienne, posee, relancee, repondue, close]
    texte = Page(admin.get(LISTE)).texte
    assert all(f"Depuis {jours}\xa0jours" in texte.replace(" jours", "\xa0jours") for jours in (40, 3, 2))
    for etat, attendues in {
        "nouvelle": [ancienne, posee],
        "mienne": [relancee, repondue],
        "ouverte": [ancienne, posee, relancee, repondue],
        "close": [close],
    }.items():
        assert list(admin.get(LISTE, {"etat": etat}).context["cl"].result_list) == attendues


def test_la_liste_fait_autant_de_requetes_pour_une_ou_trente_demandes(admin, papier, django_assert_max_num_queries):
    for rang in range(30):
        demande(f.organisation(), papier, objet=f"Demande {rang}")
    with django_assert_max_num_queries(10):
        assert admin.get(LISTE).status_code == 200


def test_repondre_ajoute_au_fil_suit_la_demande_et_previent_l_organisation(
    admin, posee, personne, cqen, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        champs = Page(admin.get(fil(posee))).formulaires[""]
        for _ in range(2):  # un double clic n'en fait qu'un
            reponse = agir(admin, posee, "repondre", texte="Parlons-en mardi.", lu=champs.get("lu", 0) or 0)
            assert (reponse.status_code, reponse.headers["Location"]) == (303, fil(posee))

    posee.refresh_from_db()
    assert (posee.suivie_par, posee.etat) == (cqen, "En cours")
    assert list(posee.messages.order_by("pk").values_list("texte", flat=True))[1:] == ["Parlons-en mardi."]
    assert [courriel.to for courriel in mail.outbox] == [[personne.email]]
    assert f"/espace/ramq/accompagnement/{posee.pk}/" in mail.outbox[0].body
    assert LogEntry.objects.get().change_message == "Réponse envoyée à l'organisation."


def test_une_personne_prend_la_demande_en_charge_et_l_autre_l_apprend(admin, posee, cqen):
    autre = entree(autre_personne := f.relecteur())
    assert agir(autre, posee, "prendre", suivie_par="").status_code == 303
    refusee = admin.post(fil(posee), {"geste": "prendre", "suivie_par": ""}, follow=True)

    posee.refresh_from_db()
    assert posee.suivie_par == autre_personne
    assert "suit maintenant cette demande" in Page(refusee).texte
    agir(admin, posee, "prendre", suivie_par=autre_personne.pk)  # cette page-là montrait bien qui la suivait
    posee.refresh_from_db()
    assert posee.suivie_par == cqen
    agir(admin, posee, "prendre", suivie_par=cqen.pk)
    assert LogEntry.objects.count() == 2


def test_clore_une_fois_et_le_dire(admin, posee, personne, cqen, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        champs = Page(admin.get(fil(posee))).formulaires[""] | {"geste": "clore"}
        admin.post(fil(posee), champs)
        seconde = admin.post(fil(posee), champs, follow=True)
        d_une_autre = entree(f.relecteur()).post(fil(posee), champs, follow=True)

    posee.refresh_from_db()
    assert posee.close_par == cqen
    assert "C'était déjà fait." in Page(seconde).texte
    assert "Cette demande est close" in Page(d_une_autre).texte
    assert (LogEntry.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize("texte", ["", " ", "x" * 5001, "a\0b"])
def test_une_reponse_impossible_reste_dans_la_page(admin, posee, texte):
    avant = f.photo(*FIL)
    reponse = agir(admin, posee, "repondre", texte=texte, lu=0)
    assert reponse.status_code == 400
    assert f.photo(*FIL) == avant


def test_une_reponse_a_une_demande_close_depuis_ne_perd_pas_son_texte(admin, posee, personne):
    posee.clore(par=personne, le=maintenant())
    avant = f.photo(*FIL)
    reponse = agir(admin, posee, "repondre", texte="Ma longue réponse.", lu=0)

    assert reponse.status_code == 409
    assert "Cette demande est close" in Page(reponse).texte
    assert "Ma longue réponse." in Page(reponse).texte
    assert f.photo(*FIL) == avant


def test_un_geste_inconnu_une_lecture_ou_une_cle_illisible_ne_changent_rien(admin, posee):
    avant = f.photo(*FIL, LogEntry)
    admin.get(fil(posee) + "?geste=clore")
    admin.get(fil(posee), {"geste": "prendre"})
    agir(admin, posee, "supprimer")
    admin.post(fil(posee), {})
    assert f.photo(*FIL, LogEntry) == avant
    agir(admin, posee, "prendre", suivie_par="²" * 9)
    assert admin.get(f"{LISTE}999999/change/").status_code == 302
    assert admin.get(f"{LISTE}abc/change/").status_code == 302


def test_rien_ne_s_ajoute_ne_se_change_ni_ne_se_supprime_autrement(admin, posee):
    for suite in ("add/", f"{posee.pk}/delete/"):
        assert admin.get(LISTE + suite).status_code == 403
        assert admin.post(LISTE + suite, {"post": "yes"}).status_code == 403
    admin.post(LISTE, {"action": "delete_selected", "_selected_action": [posee.pk], "post": "yes"})
    assert DemandeAccompagnement.objects.filter(pk=posee.pk).exists()


def test_sans_le_droit_d_accompagner_rien_ne_s_ouvre(posee, settings, papier):
    settings.MFA_EXIGEE = False
    publieur, avant = entree(f.publieur()), f.photo(*FIL)
    relation = reverse("admin:indicateurs_demandeaccompagnement_relation", args=["papier"])
    for adresse in (LISTE, fil(posee), relation):
        assert publieur.get(adresse).status_code == 403
        assert publieur.post(adresse, {"geste": "clore"}).status_code == 403
    assert f.photo(*FIL) == avant
