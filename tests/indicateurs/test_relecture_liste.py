"""La file des soumissions: ce qui attend, les signalées d'abord, et comment on la choisit."""

import datetime
import re

import pytest

from indicateurs.models import Saisie, Soumission
from organisations.models import Attribution
from tests import fabrique as f
from tests.dossiers import transmettre
from tests.indicateurs.espace import Page, entree
from tests.relire import JOUR, LE, adresse, geste, liste

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)


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
    return f.indicateur("papier")


@pytest.fixture
def transmise(papier):
    """Une soumission à relire; signalée si elle n'a pas de passé."""

    def transmise(sigle: str = "", le=LE, signalee: bool = False, code: str = "2023-T1", **champs) -> Soumission:
        organisation = f.organisation(sigle, **champs)
        if not signalee:
            f.validee(organisation, f.trimestre("2022-T1"), {papier: (5, 10)})
        return f.transmise(organisation, f.trimestre(code), {papier: (5, 10)}, le)

    return transmise


def texte(moi, **filtres) -> str:
    return Page(moi.get(adresse(Soumission, "changelist"), filtres)).texte


def test_la_file_montre_les_signalees_d_abord_puis_les_plus_anciennes(moi, transmise):
    recente, ancienne = transmise(le=LE + UN_JOUR), transmise()
    signalee_recente, signalee_ancienne = transmise(le=LE + UN_JOUR, signalee=True), transmise(signalee=True)

    assert liste(moi) == [signalee_ancienne, signalee_recente, ancienne, recente]
    page = texte(moi)
    assert "4 soumissions à relire, dont 2 signalées." in page
    assert page.count("Première transmission") == 2
    assert page.count("À relire depuis 3 jours") == 2
    assert page.count("À relire depuis 2 jours") == 2


def test_une_file_vide_le_dit(moi):
    assert "Aucune soumission à relire." in texte(moi)


def test_une_seule_soumission_se_dit_au_singulier(moi, transmise):
    transmise(signalee=True)
    assert "1 soumission à relire, dont 1 signalée." in texte(moi)


def test_ce_qui_attend_se_compte_meme_dans_une_autre_vue(moi, cqen, transmise):
    acceptee, _ = transmise(), transmise()
    acceptee.valider(par=cqen, le=LE)
    for etat, offert in (("a-relire", True), ("inconnu", True), ("acceptes", False), ("renvoyes", False)):
        page = texte(moi, etat=etat)
        assert "1 soumission à relire, dont 0 signalée." in page
        assert ("Valider ensemble celles sans signalement" in page) == offert


def test_chaque_etat_a_sa_liste_et_un_brouillon_n_est_dans_aucune(moi, cqen, transmise, papier):
    a_relire, renvoyee, acceptee = transmise(), transmise(), transmise()
    f.brouillon(f.organisation(), f.trimestre("2023-T1"), {papier: (1, 2)}, LE)
    renvoyee.renvoyer(par=cqen, le=LE + UN_JOUR, motif="Précisez.")
    acceptee.valider(par=cqen, le=LE)
    ici = {"trimestre": "2023-T1"}

    assert liste(moi, **ici) == liste(moi, etat="a-relire", **ici) == liste(moi, etat="inconnu", **ici) == [a_relire]
    assert liste(moi, etat="renvoyes", **ici) == [renvoyee]
    assert liste(moi, etat="acceptes", **ici) == [acceptee]
    assert set(liste(moi, etat="tous", **ici)) == {a_relire, renvoyee, acceptee}
    assert "Renvoyé à l'organisation depuis 2 jours" in texte(moi, etat="renvoyes")


def test_un_portefeuille_est_un_ministere_et_ses_organisations(moi, transmise, papier):
    tete, autre = f.ministere("MCN"), f.ministere("MSSS")
    la_sienne = f.transmise(tete, f.trimestre(), {papier: (1, 2)}, LE)
    rattachee, ailleurs = transmise(ministere=tete), transmise(ministere=autre)

    assert set(liste(moi, portefeuille=tete.pk)) == {la_sienne, rattachee}
    assert liste(moi, portefeuille=autre.pk) == [ailleurs]
    for inconnu in (999, "x", ailleurs.organisation.pk):
        assert len(liste(moi, portefeuille=inconnu)) == 3


def test_chacun_trouve_les_siennes_celles_d_une_autre_et_celles_de_personne(moi, cqen, transmise):
    tetes = [f.ministere() for _ in range(3)]
    collegue = f.relecteur()
    for tete, qui in ((tetes[0], cqen), (tetes[0], collegue), (tetes[1], collegue)):
        Attribution.objects.create(portefeuille=tete, relecteur=qui)
    siennes = [transmise(ministere=tete) for tete in tetes]
    sans_tutelle = transmise()

    assert liste(moi, attitree="miens") == siennes[:1]
    assert liste(moi, attitree=collegue.pk) == siennes[:2]
    assert liste(moi, attitree="personne") == [siennes[2], sans_tutelle]
    assert len(liste(moi, attitree="999")) == 4


def test_un_trimestre_et_un_signalement_se_choisissent(moi, transmise):
    premier = transmise(code="2022-T4", le=f.instant("2023-02-01"))
    signalee = transmise(signalee=True)
    assert liste(moi, trimestre="2022-T4") == [premier]
    assert liste(moi, signalee="1") == [signalee]
    assert liste(moi, signalee="0") == [premier]
    assert liste(moi, trimestre="1999-T1", signalee="2") == [signalee, premier]


def test_la_liste_dit_ce_qui_est_signale_et_ce_qui_est_corrige(moi, cqen, papier):
    organisation = f.organisation()
    acceptee = f.validee(organisation, f.trimestre("2022-T4"), {papier: (5, 10)})
    trop = f.brouillon(organisation, f.trimestre(), {papier: Saisie(9, 10, justification="Une cohorte.")}, LE)
    transmettre(trop, f.instant("2023-05-20"))
    nouvelle = acceptee.corriger(par=acceptee.cree_par, le=LE, motif="Un double compte.")
    nouvelle.soumettre(par=acceptee.cree_par, le=LE)
    page = texte(moi)

    assert "Un chiffre qui étonne, en retard" in page
    assert "Un double compte." in page


def test_la_liste_fait_autant_de_requetes_pour_une_que_pour_quarante(moi, transmise, django_assert_max_num_queries):
    ici = adresse(Soumission, "changelist")
    transmise(signalee=True)
    with django_assert_max_num_queries(15) as une:
        moi.get(ici)
    for n in range(39):
        transmise(signalee=bool(n % 2), ministere=f.ministere())
    with django_assert_max_num_queries(15) as quarante:
        moi.get(ici)
    assert len(une) == len(quarante)


def test_la_suite_garde_l_ordre_et_le_choix_de_la_liste(moi, transmise):
    signalee, ancienne, recente = transmise(signalee=True), transmise(), transmise(le=LE + UN_JOUR)
    filtres = "signalee=0"
    page = Page(moi.get(adresse(ancienne, "change", ancienne.pk, filtres=filtres)))
    suite = geste(moi, ancienne, "valider", page)
    assert suite.headers["Location"] == adresse(recente, "change", recente.pk, filtres=filtres)
    page = Page(moi.get(suite.headers["Location"]))
    fin = geste(moi, recente, "valider", page)
    assert fin.headers["Location"] == f"{adresse(recente, 'changelist')}?{filtres}"
    assert liste(moi) == [signalee]


def test_la_matrice_mene_qui_relit_a_ce_qui_attend_sa_relecture(transmise):
    soumission, voir = transmise(), "indicateurs.view_soumission"
    moi = entree(f.personne(voir, "indicateurs.relire_soumission", is_staff=True))
    suivi = f"/admin/indicateurs/trimestre/{soumission.trimestre.code}/suivi/"
    (mene,) = re.findall(r'href="(/admin/indicateurs/soumission/\d+/change/)"', moi.get(suivi).content.decode())
    assert mene == f"/admin/indicateurs/soumission/{soumission.pk}/change/"
    assert moi.get(mene).status_code == 200
    sans_relire = entree(f.personne(voir, is_staff=True))
    assert mene not in sans_relire.get(suivi).content.decode()
