"""Un dossier suit son cycle de vie, chaque passage laisse une ligne au journal, et un refus ne laisse rien."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from organisations.models import (
    TRANSITIONS,
    Role,
    Statut,
)
from tests import fabrique as f
from tests.dossiers import LE, PLUS_TARD, amener, refuse, transmettre, un_plan, une_soumission

pytestmark = pytest.mark.django_db
PERMISES = [(de, vers) for de, suites in TRANSITIONS.items() for vers in sorted(suites)]
INTERDITES = [(de, vers) for de, vers in product(Statut, Statut) if vers not in TRANSITIONS[de]]


# --- les passages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("de", "vers"), PERMISES)
def test_un_passage_permis_ecrit_le_statut_et_une_seule_ligne_de_journal(dossier, cqen, de, vers):
    amener(dossier, de, cqen)
    avant = len(f.journal(dossier))
    gestes = {
        Statut.SOUMIS: lambda: dossier.soumettre(par=dossier.cree_par, le=PLUS_TARD),
        Statut.A_CORRIGER: lambda: dossier.renvoyer(par=cqen, le=PLUS_TARD, motif="Il manque un mois."),
        Statut.VALIDE: lambda: dossier.valider(par=cqen, le=PLUS_TARD),
        Statut.REMPLACE: lambda: transmettre(
            dossier.corriger(par=dossier.cree_par, le=LE, motif="Erreur de calcul"), LE
        ).valider(par=cqen, le=PLUS_TARD),
    }
    gestes[vers]()

    dossier.refresh_from_db()
    assert dossier.statut == vers
    par = dossier.cree_par if vers == Statut.SOUMIS else cqen
    motif = {Statut.A_CORRIGER: "Il manque un mois.", Statut.REMPLACE: "Erreur de calcul"}.get(vers, "")
    assert f.journal(dossier)[avant:] == [(de, vers, par.pk, PLUS_TARD, motif)]


@pytest.mark.parametrize(("de", "vers"), INTERDITES)
def test_un_passage_interdit_est_refuse_par_une_phrase_qui_nomme_les_deux_statuts(dossier, cqen, de, vers):
    amener(dossier, de, cqen)

    phrase = refuse(lambda: dossier._passer(vers, par=cqen, le=PLUS_TARD))

    assert Statut(de).label in phrase
    assert Statut(vers).label in phrase


@pytest.mark.parametrize("statut", Statut)
def test_les_verbes_suivent_tous_la_meme_table(dossier, cqen, statut):
    amener(dossier, statut, cqen)
    verbes = {
        Statut.SOUMIS: lambda: dossier.soumettre(par=dossier.cree_par, le=PLUS_TARD),
        Statut.A_CORRIGER: lambda: dossier.renvoyer(par=cqen, le=PLUS_TARD, motif="Non"),
        Statut.VALIDE: lambda: dossier.valider(par=cqen, le=PLUS_TARD),
    }
    for vers in verbes.keys() - TRANSITIONS[statut]:
        refuse(verbes[vers])


def test_les_faits_d_un_dossier_disent_quand_et_par_qui(dossier, cqen):
    auteur = dossier.cree_par
    transmettre(dossier).valider(par=cqen, le=PLUS_TARD)

    dossier.refresh_from_db()
    assert (dossier.soumis_le, dossier.soumis_par) == (LE, auteur)
    assert (dossier.valide_le, dossier.valide_par) == (PLUS_TARD, cqen)
    assert dossier.remplace_le is None


def test_un_verbe_rejoue_ne_change_rien_la_deuxieme_fois(dossier, cqen):
    auteur = dossier.cree_par
    perime = type(dossier).objects.get(pk=dossier.pk)
    dossier.soumettre(par=auteur, le=LE)
    refuse(lambda: perime.soumettre(par=auteur, le=PLUS_TARD))

    perime = type(dossier).objects.get(pk=dossier.pk)
    dossier.valider(par=cqen, le=LE)
    refuse(lambda: perime.valider(par=f.relecteur(), le=PLUS_TARD))
    refuse(lambda: perime.renvoyer(par=cqen, le=PLUS_TARD, motif="Trop tard"))

    dossier.corriger(par=auteur, le=LE, motif="Erreur")
    refuse(lambda: perime.corriger(par=auteur, le=PLUS_TARD, motif="Erreur"))


# --- qui peut --------------------------------------------------------------------------------------------------------


def test_sans_habilitation_on_ne_transmet_pas(dossier):
    etrangers = (f.personne(), f.declarant(f.organisation()), f.relecteur(), f.personne(is_superuser=True))
    for etranger in (*etrangers, f.declarant(dossier.organisation, Role.REDACTION)):
        assert "transmettre" in refuse(lambda qui=etranger: dossier.soumettre(par=qui, le=LE))


def test_sans_permission_on_ne_relit_pas(dossier):
    transmettre(dossier)
    for intrus in (f.personne(), f.declarant(dossier.organisation), f.publieur()):
        assert "CQEN" in refuse(lambda qui=intrus: dossier.valider(par=qui, le=LE))
        assert "CQEN" in refuse(lambda qui=intrus: dossier.renvoyer(par=qui, le=LE, motif="Non"))


def test_une_relectrice_desactivee_ne_relit_plus(dossier, cqen):
    transmettre(dossier)
    cqen.is_active = False

    refuse(lambda: dossier.valider(par=cqen, le=LE))


def test_qui_a_transmis_un_dossier_ne_le_relit_jamais_meme_avec_tous_les_droits(dossier):
    toute_puissante = dossier.cree_par
    toute_puissante.is_superuser = True
    transmettre(dossier)

    assert "Vous avez transmis" in refuse(lambda: dossier.valider(par=toute_puissante, le=LE))
    assert "Vous avez transmis" in refuse(lambda: dossier.renvoyer(par=toute_puissante, le=LE, motif="Non"))


def test_qui_a_transmis_une_version_ne_l_accepte_pas_meme_si_une_autre_l_a_retransmise(dossier, cqen):
    premiere = dossier.cree_par
    transmettre(dossier)
    dossier.renvoyer(par=cqen, le=LE, motif="Vérifiez.")
    dossier.soumettre(par=f.declarant(dossier.organisation), le=LE)
    permission = f.permission(f"{dossier._meta.app_label}.relire_{dossier._meta.model_name}")
    premiere.user_permissions.add(permission)
    premiere = type(premiere).objects.get(pk=premiere.pk)
    assert "Vous avez transmis" in refuse(lambda: dossier.valider(par=premiere, le=LE))
    with pytest.raises(IntegrityError, match="ne peut pas le valider"), transaction.atomic():
        dossier.journal.create(de="SOUMIS", vers="VALIDE", par=premiere, le=LE)


def test_ce_qui_a_change_depuis_sa_transmission_n_est_pas_accepte(cqen):
    soumission = transmettre(une_soumission())
    f.alterer("UPDATE indicateurs_valeur SET numerateur = 7")

    assert "n'est plus ce qui fut transmis" in refuse(lambda: soumission.valider(par=cqen, le=PLUS_TARD))


@pytest.mark.parametrize("motif", ["", "  ", "\n\t"])
def test_un_renvoi_et_une_correction_demandent_une_raison(dossier, cqen, motif):
    transmettre(dossier)
    refuse(lambda: dossier.renvoyer(par=cqen, le=LE, motif=motif))
    dossier.valider(par=cqen, le=LE)

    refuse(lambda: dossier.corriger(par=dossier.cree_par, le=LE, motif=motif))


# --- la completude ---------------------------------------------------------------------------------------------------


def test_une_soumission_incomplete_ne_part_pas_et_dit_ce_qui_manque():
    soumission = une_soumission()
    f.indicateur(intitule="Données ouvertes")

    assert "« Données ouvertes »" in refuse(lambda: transmettre(soumission))


@pytest.mark.parametrize("vider", [lambda p: p.initiatives.all().delete(), lambda p: setattr(p, "resume", " ")])
def test_un_plan_sans_resume_ou_sans_initiative_ne_part_pas(vider):
    plan = un_plan()
    vider(plan)
    plan.save()

    assert "incomplet" in refuse(lambda: transmettre(plan))
