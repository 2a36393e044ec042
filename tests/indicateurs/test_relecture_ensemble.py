"""Valider plusieurs soumissions d'un coup: exactement celles que la page énumère, jamais une signalée."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail

from indicateurs.models import Saisie, Soumission
from tests import fabrique as f
from tests.indicateurs.espace import Page, entree
from tests.relire import JOUR, LE, adresse, etat, geste, ouvrir

pytestmark = pytest.mark.django_db
ICI = "/admin/indicateurs/soumission/ensemble/"
LISTE = "/admin/indicateurs/soumission/"


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def cqen():
    return f.relecteur()


@pytest.fixture
def moi(cqen):
    return entree(cqen)


@pytest.fixture
def papier():
    return f.indicateur("papier", intitule="Démarches sans papier")


@pytest.fixture
def transmise(papier):
    def transmise(signalee: bool = False, reponse=(5, 10), **champs) -> Soumission:
        organisation = f.organisation(**champs)
        if not signalee:
            f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
        return f.transmise(organisation, f.trimestre(), {papier: reponse}, LE)

    return transmise


def choix(reponse) -> list[str]:
    """Ce que la page d'un lot enverrait."""
    return [f"{ligne['soumission'].pk}:{ligne['soumission'].jeton}" for ligne in reponse.context["lignes"]]


def confirmer(moi, reponse, **envoi):
    return moi.post(ICI, {"choix": choix(reponse), "filtres": ""} | envoi)


def cocher(moi, *soumissions, **plus):
    return moi.post(LISTE, {"action": "valider_ensemble", "_selected_action": [s.pk for s in soumissions]} | plus)


def dits(moi, reponse) -> str:
    assert reponse.status_code == 303
    return Page(moi.get(reponse.headers["Location"])).texte


def statuts(*soumissions) -> list[str]:
    return [Soumission.objects.get(pk=s.pk).statut for s in soumissions]


def test_la_page_enumere_exactement_ce_qui_sera_valide(moi, transmise):
    une, deux = transmise(), transmise(reponse=Saisie(absence="SANS_OBJET"))
    transmise(signalee=True)
    avant = etat()
    reponse = moi.get(ICI)
    page = Page(reponse)

    assert [ligne["soumission"] for ligne in reponse.context["lignes"]] == [une, deux]
    assert "Valider ensemble 2 soumissions" in page.texte
    assert "1 soumission du choix en moins" in page.texte
    for dit in (f"{une.organisation.sigle}, 1er trimestre de 2023", "1er mai 2023", "50,0\xa0%", "sans objet"):
        assert dit in page.texte
    assert "Démarches sans papier" in page.texte
    assert choix(reponse) == [f"{s.pk}:{Soumission.objects.get(pk=s.pk).jeton}" for s in (une, deux)]
    assert etat() == avant


def test_confirmer_les_valide_toutes_chacune_avec_sa_trace_et_son_courriel(
    moi, cqen, transmise, django_capture_on_commit_callbacks
):
    trois = [transmise() for _ in range(3)]
    signalee = transmise(signalee=True)
    with django_capture_on_commit_callbacks(execute=True):
        texte = dits(moi, confirmer(moi, moi.get(ICI)))

    assert statuts(*trois, signalee) == ["VALIDE"] * 3 + ["SOUMIS"]
    assert "3 soumissions acceptées." in texte
    assert "1 soumission à relire, dont 1 signalée." in texte
    assert LogEntry.objects.filter(user=cqen, change_message="Accepté.").count() == 3
    assert [c.to for c in mail.outbox] == [[s.soumis_par.email] for s in trois]


def test_l_action_de_la_liste_ne_prend_que_les_cochees(moi, transmise):
    une, deux, signalee = transmise(), transmise(), transmise(signalee=True)
    avant = etat()
    reponse = cocher(moi, deux, signalee)
    assert [ligne["soumission"] for ligne in reponse.context["lignes"]] == [deux]
    assert etat() == avant
    confirmer(moi, reponse)
    assert statuts(une, deux, signalee) == ["SOUMIS", "VALIDE", "SOUMIS"]


def test_tout_selectionner_porte_sur_toute_la_file_filtree(moi, transmise, monkeypatch):
    monkeypatch.setattr("organisations.admin.file.FileDeRelecture.list_per_page", 1)
    tete = f.ministere()
    siennes, ailleurs = [transmise(ministere=tete) for _ in range(3)], transmise()
    reponse = moi.post(
        f"{LISTE}?portefeuille={tete.pk}",
        {"action": "valider_ensemble", "_selected_action": [siennes[0].pk], "select_across": "1"},
    )
    assert [ligne["soumission"] for ligne in reponse.context["lignes"]] == siennes
    suite = confirmer(moi, reponse, filtres=reponse.context["filtres"])
    assert suite.headers["Location"] == f"{LISTE}?portefeuille={tete.pk}"
    assert statuts(*siennes, ailleurs) == ["VALIDE"] * 3 + ["SOUMIS"]


def test_le_lien_de_la_liste_garde_son_choix(moi, transmise):
    tete = f.ministere()
    sienne = transmise(ministere=tete)
    transmise()
    page = Page(moi.get(LISTE, {"portefeuille": tete.pk}))
    lien = next(ancre for ancre in page.ancres if ancre.startswith(ICI))
    assert [ligne["soumission"] for ligne in moi.get(lien).context["lignes"]] == [sienne]


def test_une_signalee_n_y_est_jamais_meme_forcee(moi, transmise):
    signalee, autre = transmise(signalee=True), transmise()
    forcees = [f"{s.pk}:{s.jeton}" for s in (signalee, autre)]
    texte = dits(moi, moi.post(ICI, {"choix": forcees}))
    assert statuts(signalee, autre) == ["SOUMIS", "VALIDE"]
    assert f"{signalee.organisation.sigle}, 1er trimestre de 2023 n'est pas validée. Elle est signalée" in texte


def test_une_refusee_n_empeche_pas_les_autres_et_se_dit(moi, cqen, transmise):
    perimee, prise, bonne = transmise(), transmise(), transmise()
    page = moi.get(ICI)
    perimee.renvoyer(par=f.relecteur(), le=JOUR, motif="Précisez.")
    perimee.soumettre(par=perimee.cree_par, le=JOUR)
    collegue = f.relecteur()
    collegue.nom = "Une collègue"
    collegue.save()
    prise.valider(par=collegue, le=JOUR)
    texte = dits(moi, confirmer(moi, page))

    assert statuts(perimee, prise, bonne) == ["SOUMIS", "VALIDE", "VALIDE"]
    assert Soumission.objects.get(pk=bonne.pk).valide_par == cqen
    assert "1 soumission acceptée." in texte
    assert f"{perimee.organisation.sigle}, 1er trimestre de 2023 n'est pas validée. L'organisation a transmis" in texte
    assert "1 soumission était déjà acceptée par Une collègue." in texte


def test_un_lot_deja_accepte_par_d_autres_se_dit_en_une_phrase(moi, transmise):
    trois = [transmise() for _ in range(3)]
    page = moi.get(ICI)
    for soumission in trois[:2]:
        soumission.valider(par=f.relecteur(), le=JOUR)
    assert "2 soumissions étaient déjà acceptées. " in dits(moi, confirmer(moi, page)) + " "
    assert "3 soumissions étaient déjà acceptées" not in dits(moi, confirmer(moi, page))


def test_un_lot_interrompu_ecrit_quand_meme_aux_acceptees(
    moi, transmise, monkeypatch, django_capture_on_commit_callbacks
):
    une, deux, trois = transmise(), transmise(), transmise()
    page, valider = moi.get(ICI), Soumission.valider

    def tomber(self, **champs):
        if self.pk == deux.pk:
            raise OSError("La base ne répond plus.")
        valider(self, **champs)

    monkeypatch.setattr(Soumission, "valider", tomber)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(OSError, match="La base"):
        confirmer(moi, page)
    assert statuts(une, deux, trois) == ["VALIDE", "SOUMIS", "SOUMIS"]
    assert [c.to for c in mail.outbox] == [[une.soumis_par.email]]


def test_au_dela_de_la_limite_la_page_dit_ce_qui_restera(moi, transmise, monkeypatch):
    monkeypatch.setattr("indicateurs.admin.lot.LOT", 2)
    for _ in range(3):
        transmise()
    page = Page(moi.get(ICI)).texte
    assert "2 soumissions au plus à la fois. Il en restera\xa0: 1 soumission." in page
    assert "en moins" not in page


def test_un_double_envoi_du_lot_ne_fait_rien_deux_fois(moi, transmise, django_capture_on_commit_callbacks):
    deux = [transmise() for _ in range(2)]
    page = moi.get(ICI)
    with django_capture_on_commit_callbacks(execute=True):
        confirmer(moi, page)
    avant = etat()
    with django_capture_on_commit_callbacks(execute=True):
        texte = dits(moi, confirmer(moi, page))
    assert "2 soumissions\xa0: c'était déjà fait." in texte
    assert statuts(*deux) == ["VALIDE"] * 2
    assert etat() == avant


@pytest.mark.parametrize("envoi", [[], ["", ":", "x:1.0.", "999999:1.0.", "²:1", "9" * 40 + ":1"], ["1"]])
def test_un_envoi_invente_ne_valide_rien_et_le_dit(moi, transmise, envoi):
    soumission = transmise()
    avant = etat()
    texte = dits(moi, moi.post(ICI, {"choix": [c.replace("1", str(soumission.pk)) if c == "1" else c for c in envoi]}))
    assert "Rien n'a été validé." in texte
    assert etat() == avant


def test_un_lot_vide_le_dit_et_n_offre_rien_a_confirmer(moi, transmise):
    transmise(signalee=True)
    page = Page(moi.get(ICI))
    assert "Rien ne peut être validé ensemble" in page.texte
    assert ICI not in page.formulaires


def test_ce_qui_n_est_plus_a_relire_n_entre_pas_dans_un_lot(moi, transmise):
    acceptee, renvoyee = transmise(), transmise()
    geste(moi, acceptee, "valider")
    geste(moi, renvoyee, "renvoyer", precisions="Précisez.")
    reponse = cocher(moi, acceptee, renvoyee)
    assert moi.get(LISTE, {"etat": "tous"}).status_code == 200
    assert reponse.status_code in (200, 302)
    assert statuts(acceptee, renvoyee) == ["VALIDE", "A_CORRIGER"]
    assert moi.get(ICI).context["lignes"] == []


def test_la_page_d_un_lot_fait_autant_de_requetes_pour_une_que_pour_trente(
    moi, transmise, django_assert_max_num_queries
):
    transmise()
    with django_assert_max_num_queries(20) as une:
        moi.get(ICI)
    for _ in range(29):
        transmise()
    with django_assert_max_num_queries(20) as trente:
        moi.get(ICI)
    assert len(une) == len(trente)


def test_sans_pouvoir_relire_le_lot_ne_s_ouvre_pas(transmise):
    soumission = transmise()
    autre = entree(f.personne("indicateurs.view_soumission", is_staff=True))
    assert autre.get(ICI).status_code == 403
    assert autre.post(ICI, {"choix": [f"{soumission.pk}:{soumission.jeton}"]}).status_code == 403
    assert statuts(soumission) == ["SOUMIS"]
    assert adresse(Soumission, "ensemble") == ICI
    assert ouvrir(entree(f.relecteur()), soumission).statut == 200
