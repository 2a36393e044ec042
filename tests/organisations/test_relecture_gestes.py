"""Valider ou renvoyer un dossier, quel qu'il soit: ce qui est fait, ce qui est refusé, où l'on va ensuite."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail

from organisations.models import FormuleDeRenvoi
from tests import fabrique as f
from tests.dossiers import transmettre
from tests.indicateurs.espace import Page, entree
from tests.relire import GENRES, JOUR, a_relire, adresse, dits, etat, geste, journal, liste, ouvrir

pytestmark = pytest.mark.django_db
tout_genre = pytest.mark.parametrize("genre", GENRES)


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def cqen():
    return f.relecteur()


@pytest.fixture
def moi(cqen):
    return entree(cqen)


# --- ce qui est fait -------------------------------------------------------------------------------------------------


@tout_genre
def test_valider_accepte_le_dossier_le_note_et_l_ecrit_a_qui_l_a_transmis(
    moi, cqen, genre, django_capture_on_commit_callbacks
):
    dossier = a_relire(genre)
    with django_capture_on_commit_callbacks(execute=True):
        texte = dits(geste(moi, dossier, "valider"), moi)
    dossier.refresh_from_db()

    assert (dossier.statut, dossier.valide_par) == ("VALIDE", cqen)
    assert journal(dossier) == ["SOUMIS", "VALIDE"]
    assert f"{dossier.organisation.sigle}, " in texte
    assert "\xa0: accepté. Aucun" in texte
    [note] = LogEntry.objects.all()
    assert (note.user, note.object_id, note.change_message) == (cqen, str(dossier.pk), "Accepté.")
    [courriel] = mail.outbox
    assert courriel.to == [dossier.soumis_par.email]
    assert courriel.subject.startswith("Accepté\xa0: ")
    assert f"/espace/{dossier.organisation.slug}/" in courriel.body


@tout_genre
def test_renvoyer_donne_les_raisons_cochees_et_ecrites(moi, cqen, genre, django_capture_on_commit_callbacks):
    dossier = a_relire(genre)
    deuxieme = FormuleDeRenvoi.objects.create(texte="Le numérateur étonne.", ordre=2)
    premiere = FormuleDeRenvoi.objects.create(texte="Le dénominateur étonne.", ordre=1)
    FormuleDeRenvoi.objects.create(texte="La note manque.", ordre=3)
    with django_capture_on_commit_callbacks(execute=True):
        texte = dits(
            geste(moi, dossier, "renvoyer", formules=[deuxieme.pk, premiere.pk], precisions=" Voyez l'annexe. "), moi
        )
    dossier.refresh_from_db()

    motif = "Le dénominateur étonne.\nLe numérateur étonne.\nVoyez l'annexe."
    assert dossier.statut == "A_CORRIGER"
    assert f.journal(dossier)[-1][1:3] == ("A_CORRIGER", cqen.pk)
    assert f.journal(dossier)[-1][4] == motif
    assert "\xa0: renvoyé à l'organisation." in texte
    assert LogEntry.objects.get().change_message == "Renvoyé à l'organisation."
    [courriel] = mail.outbox
    assert (courriel.to, "Voyez l'annexe." in courriel.body) == ([dossier.soumis_par.email], True)
    assert "Le numérateur étonne." in courriel.body


def test_un_compte_technique_ne_recoit_pas_de_courriel(moi, django_capture_on_commit_callbacks):
    dossiers = [a_relire("plan"), a_relire("plan")]
    for dossier in dossiers:
        dossier.soumis_par.is_active = False
        dossier.soumis_par.save(update_fields=["is_active"])
    with django_capture_on_commit_callbacks(execute=True):
        geste(moi, dossiers[0], "valider")
        geste(moi, dossiers[1], "renvoyer", precisions="Précisez.")
    assert mail.outbox == []


# --- ce qui est refusé -----------------------------------------------------------------------------------------------


@tout_genre
def test_renvoyer_sans_raison_est_refuse_et_la_page_garde_tout(moi, genre):
    dossier = a_relire(genre)
    avant = etat()
    for precisions in ("", "  \n ", "x" * 2001, "a\0b"):
        reponse = geste(moi, dossier, "renvoyer", precisions=precisions)
        assert reponse.status_code == 400
        assert "Une correction est nécessaire" in Page(reponse).texte
    assert "Dites à l'organisation pourquoi" in Page(geste(moi, dossier, "renvoyer")).texte
    assert geste(moi, dossier, "renvoyer", formules=[999]).status_code == 400
    assert etat() == avant


@tout_genre
@pytest.mark.parametrize("nom", ["valider", "renvoyer"])
def test_un_geste_ne_se_fait_pas_par_une_lecture(moi, genre, nom):
    dossier = a_relire(genre)
    avant = etat()
    for methode in ("get", "head", "put", "patch", "delete"):
        assert getattr(moi, methode)(adresse(dossier, nom, dossier.pk)).status_code == 405
    for methode in ("post", "put", "patch", "delete"):
        assert getattr(moi, methode)(adresse(dossier, "change", dossier.pk)).status_code == 405
    assert etat() == avant


@tout_genre
def test_lire_ne_change_rien(moi, genre):
    dossier = a_relire(genre)
    avant = etat()
    liste(moi, type(dossier))
    ouvrir(moi, dossier)
    assert etat() == avant


@tout_genre
@pytest.mark.parametrize("jeton", ["", "1.0.", "n'importe quoi"])
def test_sans_le_jeton_de_la_page_rien_n_est_fait(moi, genre, jeton):
    dossier = a_relire(genre)
    avant = etat()

    assert "Relisez avant de décider." in dits(geste(moi, dossier, "valider", jeton=jeton), moi)
    refuse = geste(moi, dossier, "renvoyer", jeton=jeton, precisions="Ce que j'ai tapé.")
    assert refuse.status_code == 409
    assert "Relisez avant de décider." in Page(refuse).texte
    assert Page(refuse).formulaires[adresse(dossier, "renvoyer", dossier.pk)]["precisions"] == "Ce que j'ai tapé."
    assert etat() == avant


@tout_genre
def test_une_page_d_avant_un_renvoi_ne_decide_plus_de_rien(moi, genre):
    dossier = a_relire(genre)
    perimee = ouvrir(moi, dossier)
    dossier.renvoyer(par=f.relecteur(), le=JOUR, motif="Précisez.")
    transmettre(dossier, JOUR)
    avant = etat()

    assert "Relisez avant de décider." in dits(geste(moi, dossier, "valider", perimee), moi)
    refuse = geste(moi, dossier, "renvoyer", perimee, precisions="Encore.")
    assert refuse.status_code == 409
    assert etat() == avant
    assert geste(moi, dossier, "renvoyer", Page(refuse)).status_code == 303  # la page refusée est à jour


@tout_genre
@pytest.mark.parametrize("nom", ["valider", "renvoyer"])
def test_un_double_clic_ne_fait_rien_deux_fois_et_le_dit(moi, genre, nom, django_capture_on_commit_callbacks):
    dossier, autre = a_relire(genre), a_relire(genre)
    page = ouvrir(moi, dossier)
    with django_capture_on_commit_callbacks(execute=True):
        premier = geste(moi, dossier, nom, page, precisions="Précisez.")
    moi.get(premier.headers["Location"])
    avant = etat()
    with django_capture_on_commit_callbacks(execute=True):
        second = geste(moi, dossier, nom, page, precisions="Précisez.")

    assert second.headers["Location"] == premier.headers["Location"] == adresse(autre, "change", autre.pk)
    assert "\xa0: c'était déjà fait." in dits(second, moi)
    assert etat() == avant


@tout_genre
@pytest.mark.parametrize(
    ("nom", "phrase"),
    [("valider", "a déjà accepté ce dossier"), ("renvoyer", "a déjà renvoyé ce dossier à l'organisation")],
)
@pytest.mark.parametrize("tente", ["valider", "renvoyer"])
def test_qui_arrive_apres_une_autre_personne_l_apprend(moi, genre, nom, phrase, tente):
    dossier = a_relire(genre)
    page = ouvrir(moi, dossier)
    elle = f.relecteur()
    elle.nom = "Une collègue"
    elle.save(update_fields=["nom"])
    geste(entree(elle), dossier, nom, precisions="Précisez.")
    avant = etat()
    reponse = geste(moi, dossier, tente, page, precisions="Ma raison, longue à taper.")

    relue = Page(reponse) if tente == "renvoyer" else Page(moi.get(reponse.headers["Location"]))
    assert reponse.status_code == (409 if tente == "renvoyer" else 303)
    assert f"{elle} {phrase}. Votre geste n'a rien changé." in relue.texte
    assert ("Ma raison, longue à taper." in relue.texte) == (tente == "renvoyer")
    assert etat() == avant


@tout_genre
def test_un_brouillon_et_un_inconnu_n_existent_pas_pour_le_cqen(moi, genre):
    brouillon = GENRES[genre]()
    for cle in (brouillon.pk, 999_999, "abc", "9" * 30, "1'", "²"):
        for nom in ("change", "valider", "renvoyer"):
            methode = moi.get if nom == "change" else moi.post
            assert methode(adresse(brouillon, nom, cle)).status_code == 404, (nom, cle)
    assert brouillon not in liste(moi, type(brouillon), etat="tous")


@tout_genre
def test_sans_pouvoir_relire_rien_ne_s_ouvre(genre):
    dossier = a_relire(genre)
    voit_tout = f"{dossier._meta.app_label}.view_{dossier._meta.model_name}"
    autre = entree(f.personne(voit_tout, voit_tout.replace("view", "change"), is_staff=True))
    avant = etat()
    for nom, *cle in (("changelist",), *((n, dossier.pk) for n in ("change", "valider", "renvoyer", "delete"))):
        for methode in (autre.get, autre.post):
            assert methode(adresse(dossier, nom, *cle)).status_code == 403, nom
    assert etat() == avant


# --- et ensuite ------------------------------------------------------------------------------------------------------


@tout_genre
def test_apres_un_geste_vient_le_dossier_suivant_puis_la_liste(moi, genre):
    trois = [a_relire(genre) for _ in range(3)]
    page = ouvrir(moi, trois[1])
    assert "Numéro 2 de la file." in page.texte
    assert {adresse(trois[0], "change", trois[0].pk), adresse(trois[2], "change", trois[2].pk)} <= set(page.ancres)

    assert geste(moi, trois[1], "valider").headers["Location"] == adresse(trois[2], "change", trois[2].pk)
    reponse = geste(moi, trois[2], "renvoyer", precisions="Précisez.")
    assert reponse.headers["Location"] == adresse(trois[2], "changelist")  # la première, passée, reste dans la file
    assert re.search(r"\. 1 \S.* à relire\.", dits(reponse, moi))
    assert liste(moi, type(trois[0])) == [trois[0]]


@tout_genre
def test_le_suivant_est_du_meme_filtre(moi, genre):
    tete = f.ministere()
    dossiers = [a_relire(genre) for _ in range(3)]
    for dossier in (dossiers[0], dossiers[2]):
        dossier.organisation.ministere = tete
        dossier.organisation.save()
    filtres = f"etat=a-relire&portefeuille={tete.pk}"
    page = ouvrir(moi, dossiers[0], filtres)
    assert geste(moi, dossiers[0], "valider", page).headers["Location"] == adresse(
        dossiers[2], "change", dossiers[2].pk, filtres=filtres
    )
    page = ouvrir(moi, dossiers[2], filtres)
    fin = geste(moi, dossiers[2], "valider", page)
    assert fin.headers["Location"] == f"{adresse(dossiers[2], 'changelist')}?{filtres}"


@pytest.mark.parametrize("filtres", ["o=x&p=99", "soumis_par__password=a", "etat=rien&portefeuille=xyz", "%00", "q=\0"])
def test_des_filtres_inventes_ne_cassent_ni_la_page_ni_la_suite(moi, filtres):
    dossiers = [a_relire("plan") for _ in range(2)]
    page = ouvrir(moi, dossiers[0], filtres)
    assert "Numéro " in page.texte
    assert geste(moi, dossiers[0], "valider", page).status_code == 303


def test_ce_qu_on_a_transmis_soi_meme_n_est_pas_dans_la_suite(moi, cqen):
    premier, sien = a_relire("plan"), f.plan(f.organisation())
    f.Habilitation.objects.accorder(
        personne=cqen, organisation=sien.organisation, role="TRANSMISSION", par=f.personne(), le=JOUR
    )
    sien.soumettre(par=cqen, le=JOUR)
    page = ouvrir(moi, sien)
    assert "une autre personne doit le relire" in page.texte
    assert adresse(sien, "valider", sien.pk) not in page.formulaires
    assert geste(moi, premier, "valider").headers["Location"] == adresse(premier, "changelist")
