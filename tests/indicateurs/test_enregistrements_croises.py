"""Deux personnes écrivent le même trimestre: rien ne s'efface en silence, et chacune voit ce que l'autre a écrit."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as essais
from hypothesis import strategies as st

from indicateurs.forms import FormulaireDuTrimestre, Fusion
from indicateurs.models import Soumission
from organisations.models import Conflit, Role
from tests import fabrique as f
from tests.indicateurs.espace import (
    CODE,
    JOUR,
    Page,
    a_plat,
    adresse,
    deux,
    ecrire,
    entree,
    envoyer,
    etat,
    ouvrir,
    soumission,
)
from tests.volume import volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(ici):
    return entree(f.declarant(ici))


@pytest.fixture
def beatrice(ici):
    return entree(f.declarant(ici, Role.REDACTION))


def test_ce_que_j_efface_et_que_l_autre_recrit_reste_vide_et_se_dit(alice, beatrice, ici):
    ecrire(alice, ici, papier=deux(1, 10, note="avant"))
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, papier=deux(1, 10, note="d'Alice"))
    page = Page(envoyer(beatrice, ici, lue | {"papier-note": ""}))

    assert "Note publique\xa0: «\xa0d'Alice\xa0», et vous l'aviez effacé, gardé vide." in page.texte
    assert page.saisie["papier-note"] == ""


def test_le_conflit_dit_qui_a_enregistre_et_ne_m_accuse_pas_d_un_autre(alice, beatrice, ici):
    vierge = ouvrir(alice, ici).saisie
    ecrire(alice, ici, papier=deux(1, 10))
    auteure = soumission(ici).journal.get().par
    de_moi = Page(envoyer(alice, ici, vierge | a_plat({"papier": deux(2, 10)})))
    d_elle = Page(envoyer(beatrice, ici, vierge | a_plat({"papier": deux(2, 10)})))

    assert "Vous avez enregistré entre-temps, dans une autre page." in de_moi.texte
    assert f"{auteure} a enregistré entre-temps, dans une autre page." in d_elle.texte


def test_la_seconde_voit_les_deux_valeurs_garde_les_siennes_et_reprend_le_reste(alice, beatrice, ici):
    ecrire(alice, ici, papier=deux(1, 10, note="avant"), ouvert=deux(5, 10))
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, papier=deux(2, 10, note="d'Alice"), ouvert=deux(6, 10))
    fige = etat()
    page = Page(envoyer(beatrice, ici, lue | {"papier-numerateur": "3"}))

    assert (page.statut, etat()) == (409, fige)
    assert "a enregistré entre-temps, dans une autre page." in page.texte
    assert "Intitulé de papier, Numérateur\xa0: «\xa02\xa0», et vous «\xa03\xa0», gardé." in page.texte
    assert "Intitulé de papier, Note publique\xa0: «\xa0d'Alice\xa0», repris ci-dessous." in page.texte
    assert "Intitulé de ouvert, Numérateur\xa0: «\xa06\xa0», repris ci-dessous." in page.texte
    assert {nom: page.saisie[nom] for nom in ("papier-numerateur", "papier-note", "ouvert-numerateur")} == {
        "papier-numerateur": "3",
        "papier-note": "d'Alice",
        "ouvert-numerateur": "6",
    }


def test_apres_avoir_vu_le_second_enregistrement_passe(alice, beatrice, ici):
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, papier=deux(2, 10))
    page = Page(envoyer(beatrice, ici, lue | a_plat({"ouvert": deux("x", "")})))
    assert page.statut == 409
    assert envoyer(beatrice, ici, page.saisie).status_code == 303

    assert soumission(ici).contenu() == {
        "papier": {"numerateur": 2, "denominateur": 10},
        "ouvert": {"ebauche": {"numerateur": "x"}},
    }
    assert f.rejouer(soumission(ici)) == soumission(ici).contenu()


def test_ecrire_la_meme_chose_au_meme_moment_n_est_pas_un_conflit(alice, beatrice, ici):
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, papier=deux(2, 10))
    fige = etat()

    assert envoyer(beatrice, ici, lue | a_plat({"papier": deux(2, 10)})).status_code == 303
    assert etat() == fige


def test_une_page_qui_ne_dit_pas_ce_qu_elle_montrait_n_ecrase_rien(alice, beatrice, ici):
    ecrire(alice, ici, papier=deux(2, 10))
    fige = etat()
    for champs in ({}, {"jeton": "", "base": "{}"}, {"jeton": "2.1.", "base": "["}, {"jeton": "1.0."}):
        page = Page(envoyer(beatrice, ici, champs | a_plat({"papier": deux(3, 10)})))
        assert (page.statut, etat()) == (409, fige)
        assert "«\xa02\xa0»" in page.texte


def test_ce_que_l_autre_a_transmis_pendant_que_j_ecrivais_ne_me_fait_rien_perdre(alice, beatrice, ici):
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, "transmettre", papier=deux(2, 10), ouvert=deux(5, 10))
    fige = etat()
    page = Page(envoyer(beatrice, ici, lue | a_plat({"papier": deux(3, 10, note="Ma longue note.")})))

    assert (page.statut, etat()) == (409, fige)
    assert "Ce qui est transmis ne se modifie plus." in page.texte
    assert (page.saisie["papier-numerateur"], page.saisie["papier-note"]) == ("3", "Ma longue note.")
    assert "Enregistrer le brouillon" not in page.texte


def test_une_correction_ouverte_par_l_autre_ne_recoit_pas_une_page_de_la_version_d_avant(alice, beatrice, ici):
    lue = ouvrir(beatrice, ici).saisie
    ecrire(alice, ici, "transmettre", papier=deux(2, 10), ouvert=deux(5, 10))
    soumission(ici).valider(par=f.relecteur(), le=f.instant("2023-07-21"))
    alice.post(adresse("corriger", ici), {"motif": "Erreur"})
    fige = etat()

    assert envoyer(beatrice, ici, lue | a_plat({"papier": deux(3, 10)})).status_code == 409
    assert etat() == fige


# --- qui d'autre écrit -----------------------------------------------------------------------------------------------


def test_la_page_dit_qui_d_autre_est_la(ici, settings):
    alice, beatrice = f.declarant(ici), f.declarant(ici)
    for _ in range(2):
        assert "écrit peut-être aussi" not in ouvrir(entree(alice), ici).texte
    assert f"{alice} écrit peut-être aussi dans cette page." in ouvrir(entree(beatrice), ici).texte
    assert f"{beatrice} écrit peut-être aussi" in ouvrir(entree(alice), ici).texte

    settings.HORLOGE = f.instant("2023-07-20", 13)
    assert "écrit peut-être aussi" not in ouvrir(entree(alice), ici).texte


def test_la_presence_ne_se_dit_qu_aux_personnes_de_l_organisation(alice, ici):
    autre = f.organisation("AUTRE")
    ouvrir(alice, ici)

    assert "écrit peut-être aussi" not in ouvrir(entree(f.declarant(autre)), autre).texte


# --- au hasard -------------------------------------------------------------------------------------------------------

CHAMPS = ["papier-numerateur", "papier-denominateur", "papier-note", "ouvert-numerateur"]
GESTES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.just("ouvrir"),
            st.just("enregistrer"),
            st.tuples(st.sampled_from(CHAMPS), st.sampled_from(["", "1", "2", "x", "10"])),
        ),
    ),
    min_size=4,
    max_size=14,
)


class Editrice:
    """Une personne devant sa page: ce qu'elle y voyait, et ce qu'elle y a changé depuis."""

    def __init__(self, personne, ici, trimestre) -> None:
        self.personne, self.ici, self.trimestre = personne, ici, trimestre
        self.ouvrir()

    def soumission(self) -> Soumission:
        return soumission(self.ici) or Soumission(organisation=self.ici, trimestre=self.trimestre)

    def montrer(self, formulaire: FormulaireDuTrimestre) -> None:
        """Ce que le navigateur renverrait."""
        self.vu = champs(FormulaireDuTrimestre(self.soumission()))
        self.page = {"jeton": formulaire.soumission.jeton, "base": formulaire.base, **champs(formulaire)}

    def ouvrir(self) -> None:
        """Recharge la page: ce qui n'est pas enregistré est abandonné, exprès."""
        self.montrer(FormulaireDuTrimestre(self.soumission()))

    def enregistrer(self) -> None:
        """Enregistre. Ce qui a changé sans elle depuis qu'elle l'a vu n'est jamais écrasé sans lui être montré."""
        avant, tape = champs(FormulaireDuTrimestre(self.soumission())), {nom: self.page[nom] for nom in CHAMPS}
        envoye = FormulaireDuTrimestre(self.soumission(), QueryDict(urlencode(self.page)))
        try:
            envoye.enregistrer(par=self.personne, le=JOUR)
        except Conflit:
            fusion = Fusion(self.soumission(), envoye)
            siens = {nom for nom in CHAMPS if tape[nom] != self.vu[nom]}
            assert champs(fusion) == avant | {nom: tape[nom] for nom in siens}
            inconnus = {nom for nom in CHAMPS if avant[nom] not in (self.vu[nom], tape[nom])}
            assert sorted(d.autre for d in fusion.differences) == sorted(avant[nom] for nom in inconnus)
            self.montrer(fusion)
        else:
            assert avant in (self.vu, tape), "une écriture de l'autre a été écrasée en silence"
            self.ouvrir()


def champs(formulaire: FormulaireDuTrimestre) -> dict[str, str]:
    """Ce que les champs de la page disent."""
    dits = {c.html_name: str(c.value() or "") for carte in formulaire.cartes for c in carte}
    return {nom: dits[nom] for nom in CHAMPS}


@pytest.fixture
def personnes(ici):
    return f.declarant(ici), f.declarant(ici)


SANS_REDUIRE = [phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}]


@pytest.mark.epreuve
@essais(
    max_examples=volume(100, 2_000),
    deadline=None,
    phases=SANS_REDUIRE,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(GESTES)
def test_aucun_croisement_n_ecrase_une_ecriture_en_silence(ici, personnes, gestes):
    with f.monde_jetable():
        elles = [Editrice(personne, ici, f.trimestre(CODE)) for personne in personnes]
        for qui, geste in gestes:
            if isinstance(geste, tuple):
                elles[qui].page[geste[0]] = geste[1]
            else:
                getattr(elles[qui], geste)()
        if (ecrite := soumission(ici)) is not None:
            assert f.rejouer(ecrite) == ecrite.contenu()
