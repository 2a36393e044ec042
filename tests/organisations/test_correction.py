"""Corriger n'est jamais annuler: la version acceptée reste publique jusqu'à l'acceptation de la suivante."""

import pytest

from indicateurs.models import Saisie, Soumission
from organisations.models import (
    Dossier,
    Role,
    Statut,
)
from tests import fabrique as f
from tests.dossiers import ENCORE_PLUS_TARD, LE, PLUS_TARD, amener, refuse, transmettre

pytestmark = pytest.mark.django_db


def contenu(dossier: Dossier) -> list:
    if isinstance(dossier, Soumission):
        return [(v.indicateur_id, v.saisie) for v in dossier.valeurs.order_by("indicateur")]
    initiatives = dossier.initiatives.order_by("rang").values_list("rang", "titre", "debut", "fin", "etat", "progres")
    return [dossier.resume, dossier.debut, dossier.fin, dossier.strategie_id, *initiatives]


def test_une_correction_est_une_nouvelle_version_preremplie_avec_sa_raison(dossier, cqen):
    amener(dossier, Statut.VALIDE, cqen)
    auteur = f.declarant(dossier.organisation, Role.REDACTION)
    nouvelle = dossier.corriger(par=auteur, le=PLUS_TARD, motif="Double compte")

    assert contenu(nouvelle) == contenu(dossier)
    assert contenu(dossier)
    assert (nouvelle.version, nouvelle.statut, nouvelle.motif_de_correction) == (2, Statut.BROUILLON, "Double compte")
    assert (nouvelle.cree_le, nouvelle.cree_par) == (PLUS_TARD, auteur)
    assert (nouvelle.soumis_le, nouvelle.valide_le, nouvelle.remplace_le) == (None, None, None)
    assert f.journal(nouvelle) == []


def test_l_ancienne_version_reste_publique_jusqu_a_la_validation_de_la_nouvelle(dossier, cqen):
    publics = type(dossier).objects.publics_au
    amener(dossier, Statut.VALIDE, cqen)
    nouvelle = dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Erreur")
    for avancer in (lambda: None, lambda: transmettre(nouvelle, PLUS_TARD)):
        avancer()
        dossier.refresh_from_db()
        assert dossier.statut == Statut.VALIDE
        assert list(publics(ENCORE_PLUS_TARD)) == [dossier]

    nouvelle.valider(par=cqen, le=ENCORE_PLUS_TARD)

    dossier.refresh_from_db()
    assert dossier.statut == Statut.REMPLACE
    assert dossier.remplace_le == nouvelle.valide_le == ENCORE_PLUS_TARD
    assert list(publics(PLUS_TARD)) == [dossier]
    assert list(publics(ENCORE_PLUS_TARD)) == [nouvelle]


def test_une_version_renvoyee_laisse_l_ancienne_en_vigueur(dossier, cqen):
    amener(dossier, Statut.VALIDE, cqen)
    nouvelle = transmettre(dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Erreur"), PLUS_TARD)
    nouvelle.renvoyer(par=cqen, le=PLUS_TARD, motif="Non")

    assert list(type(dossier).objects.publics_au(PLUS_TARD)) == [dossier]


def test_il_n_y_a_jamais_plus_d_une_version_ouverte(dossier, cqen):
    amener(dossier, Statut.VALIDE, cqen)
    dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Erreur")

    assert "déjà" in refuse(lambda: dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Encore"))


@pytest.mark.parametrize("statut", sorted(set(Statut) - {Statut.VALIDE}))
def test_seul_un_dossier_valide_se_corrige(dossier, cqen, statut):
    amener(dossier, statut, cqen)

    refuse(lambda: dossier.corriger(par=dossier.cree_par, le=ENCORE_PLUS_TARD, motif="Erreur"))


def test_un_geste_date_d_avant_le_precedent_est_refuse_sans_rien_ecrire(dossier, cqen):
    refuse(lambda: transmettre(dossier, f.instant("2023-04-30")))
    transmettre(type(dossier).objects.get(pk=dossier.pk))
    frais = type(dossier).objects.get(pk=dossier.pk)
    refuse(lambda: frais.valider(par=cqen, le=f.instant("2023-04-30")))


def test_un_refus_de_la_base_ne_laisse_pas_un_objet_qui_pretend_le_contraire(dossier):
    refuse(lambda: transmettre(dossier, f.instant("2023-04-30")))

    assert (dossier.statut, dossier.soumis_le) == (Statut.BROUILLON, None)


def test_un_remplacement_refuse_ne_remplace_pas_l_ancienne(dossier, cqen):
    amener(dossier, Statut.VALIDE, cqen)
    nouvelle = transmettre(dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Erreur"), ENCORE_PLUS_TARD)

    refuse(lambda: nouvelle.valider(par=cqen, le=PLUS_TARD))


def test_les_files_du_cqen_disent_ou_en_est_chaque_dossier(dossier, cqen):
    selections = {"ouverts": {"BROUILLON", "A_CORRIGER", "SOUMIS"}, "transmis": {"SOUMIS"}, "valides": {"VALIDE"}}
    for statut in (Statut.BROUILLON, Statut.SOUMIS, Statut.VALIDE):
        if statut != Statut.BROUILLON:
            dossier.soumettre(par=dossier.cree_par, le=LE) if statut == Statut.SOUMIS else dossier.valider(
                par=cqen, le=LE
            )
        for nom, statuts in selections.items():
            assert getattr(type(dossier).objects, nom)().exists() == (statut in statuts)


def test_une_reponse_non_disponible_se_recopie_avec_sa_raison(cqen):
    soumission = f.brouillon(
        f.organisation(),
        f.trimestre("2023-T1"),
        {f.indicateur(): Saisie(absence="NON_DISPONIBLE", motif="Inondation", note="n", justification="j")},
        LE,
    )
    amener(soumission, Statut.VALIDE, cqen)

    assert contenu(soumission.corriger(par=soumission.cree_par, le=LE, motif="Erreur")) == contenu(soumission)
