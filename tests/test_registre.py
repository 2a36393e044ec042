"""Le passé ne se réécrit pas: ni le journal, ni une valeur transmise, ni une édition, ni ce qui les nomme."""

import pytest
from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError, InternalError, connection, models, transaction
from django.db.models import ProtectedError

from barometre.models import Agregat, Edition, Parution
from indicateurs.models import (
    EvenementSoumission,
    FicheExpertise,
    Indicateur,
    Prolongation,
    Soumission,
    Trimestre,
    Valeur,
)
from organisations.declencheurs import Vidange, est_en_ajout_seulement
from organisations.models import Organisation, PlanTransformation, Trace, Utilisateur
from tests import fabrique as f
from tests import lignes, mondes
from tests.gestes import DEFENDUS, HISTOIRES, PERMIS

pytestmark = pytest.mark.django_db

REFUS = (IntegrityError, DataError, InternalError)
COUPE = f.instant("2023-05-30")  # l'arrêt de la seule édition du monde


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le même pour tous les gestes: chacun est tenté puis défait."""
    with mondes.monde_partage(django_db_blocker, tmp_path_factory):
        monde = lignes.monde()
        assert Edition.objects.get().arretee_le == COUPE
        for nom, instant in {
            "avant_coupe": f.instant("2023-05-01"),
            "coupe": COUPE,
            "tard": f.instant("2024-01-01"),
        }.items():
            setattr(monde, nom, f"'{connection.ops.adapt_datetimefield_value(instant)}'")
        yield monde


def executer(ordre: str, monde) -> int:
    return f.sql(ordre.format_map(vars(monde)))


@pytest.mark.parametrize("ordre", PERMIS.values(), ids=PERMIS)
def test_ce_qui_vit_se_change_encore(monde, ordre):
    assert executer(ordre, monde) >= 1


@pytest.mark.parametrize("ordre", DEFENDUS.values(), ids=DEFENDUS)
def test_le_passe_ne_se_change_pas_meme_en_sql_brut(monde, ordre):
    with pytest.raises(REFUS):
        executer(ordre, monde)


@pytest.mark.parametrize("table", sorted({g.table for g in f.TOUS_LES_DECLENCHEURS if isinstance(g, Vidange)}))
def test_une_table_du_registre_ne_se_vide_pas(monde, table):
    modele = next(m for m in apps.get_models() if m._meta.db_table == table)
    if connection.vendor == "sqlite" and not modele._default_manager.exists():
        pytest.skip("SQLite n'a pas de TRUNCATE: un DELETE ne refuse rien d'une table vide")
    with pytest.raises(REFUS):
        f.vider(table)


@pytest.mark.parametrize("table", ["organisations_organisation", "indicateurs_trimestre", "organisations_utilisateur"])
def test_vider_ce_que_le_registre_nomme_ne_le_vide_pas(monde, table):
    with pytest.raises(REFUS):
        f.vider(table)


DERRIERE_UN_CHIFFRE = {
    "organisation": lambda: Organisation.objects.filter(sigle="RAMQ"),
    "organisation_qui_n_a_rien_declare": lambda: Organisation.objects.filter(sigle="BANQ"),
    "tete_de_portefeuille": lambda: Organisation.objects.filter(sigle="MCN"),
    "indicateur": lambda: Indicateur.objects.filter(code="papier"),
    "trimestre": lambda: Trimestre.objects.filter(code="2023-T1"),
    "qui_a_transmis": lambda: Utilisateur.objects.filter(pk__in=Soumission.objects.values("soumis_par")),
    "qui_a_valide": lambda: Utilisateur.objects.filter(pk__in=Soumission.objects.values("valide_par")),
    "qui_a_publie": lambda: Utilisateur.objects.filter(pk__in=Edition.objects.values("publiee_par")),
    "soumission_transmise": lambda: Soumission.objects.filter(statut="SOUMIS"),
    "soumission_validee": lambda: Soumission.objects.filter(statut="VALIDE"),
    "soumission_remplacee": lambda: Soumission.objects.filter(statut="REMPLACE"),
    "valeur": lambda: Valeur.objects.filter(soumission__statut="VALIDE"),
    "journal": lambda: EvenementSoumission.objects.order_by("le"),
    "edition": lambda: Edition.objects.order_by("rang"),
    "agregat": lambda: Agregat.objects.order_by("edition"),
    "plan_valide": lambda: PlanTransformation.objects.filter(statut="VALIDE"),
    "fiche_validee": lambda: FicheExpertise.objects.filter(statut="VALIDE"),
    "prolongation": lambda: Prolongation.objects.order_by("pk"),
    "publication_annoncee": lambda: Parution.objects.order_by("pk"),
    "trace": lambda: Trace.objects.order_by("pk"),
    "qui_a_laisse_une_trace": lambda: Utilisateur.objects.filter(pk__in=Trace.objects.values("par")),
    "histoire": lambda: Organisation.history.filter(sigle="RAMQ"),
}


@transaction.atomic
def supprimer_sans_regarder(selection) -> None:
    """Un DELETE que l'ORM n'a pas préparé."""
    selection._raw_delete(using="default")
    connection.check_constraints()


@pytest.mark.parametrize("selection", DERRIERE_UN_CHIFFRE.values(), ids=DERRIERE_UN_CHIFFRE)
def test_l_orm_ne_supprime_rien_derriere_un_chiffre_publie(monde, selection):
    effectif = selection().count()
    assert effectif
    for supprimer in (lambda: selection().delete(), lambda: selection().order_by("pk").first().delete()):
        with pytest.raises((ProtectedError, DatabaseError)), transaction.atomic():
            supprimer()
    with pytest.raises(DatabaseError):
        supprimer_sans_regarder(selection())

    assert selection().count() == effectif


def test_toute_histoire_est_en_ajout_seulement():
    gardees = {garde.table for garde in f.TOUS_LES_DECLENCHEURS if est_en_ajout_seulement(garde)}

    assert {modele._meta.db_table for modele in lignes.HISTOIRES} - gardees == set()
    assert {modele._meta.db_table for modele in lignes.HISTOIRES} == set(HISTOIRES.values())


EMPORTENT = {"Valeur.soumission", "Initiative.plan"}


def test_aucune_cle_etrangere_n_emporte_autre_chose_que_le_contenu_d_un_brouillon():
    emporte = {
        f"{modele.__name__}.{champ.name}"
        for modele in lignes.MODELES
        for champ in modele._meta.get_fields()
        if isinstance(champ, models.ForeignKey) and champ.remote_field.on_delete is not models.PROTECT
    }

    assert emporte == EMPORTENT


CLES = [
    (m, c)
    for m in lignes.MODELES
    for c in m._meta.fields
    if c.remote_field and f"{m.__name__}.{c.name}" not in EMPORTENT
]


@pytest.mark.parametrize(("modele", "cle"), CLES, ids=[f"{m.__name__}.{c.name}" for m, c in CLES])
def test_par_chaque_cle_ce_qu_une_ligne_nomme_ne_se_supprime_pas(monde, modele, cle):
    nommants = modele._base_manager.filter(**{f"{cle.name}__isnull": False})
    if not nommants.exists():
        lignes.inserer(modele._meta.db_table, monde)
    ligne = nommants.first()
    nomme = getattr(ligne, cle.name)
    with pytest.raises(ProtectedError) as refus:
        nomme.delete()
    assert ligne in refus.value.protected_objects
    with pytest.raises(DatabaseError):
        supprimer_sans_regarder(type(nomme)._base_manager.filter(pk=nomme.pk))


def test_un_brouillon_ecrit_ne_se_supprime_plus_son_journal_le_garde(monde):
    with pytest.raises(ProtectedError):
        Soumission.objects.get(pk=monde.ouverte).delete()

    assert Valeur.objects.filter(soumission=monde.ouverte).exists()


def test_le_sigle_d_une_tete_publiee_ne_change_pas_meme_si_elle_ne_declare_pas_encore(monde):
    tete = f.ministere("TETE", assujettie_du="2030-01-01")
    f.organisation("RATT", ministere=tete)
    f.edition(f.trimestre("2023-T2"), f.instant("2023-08-01"))
    tete.sigle = "AUTRE"

    with pytest.raises(IntegrityError), transaction.atomic():
        tete.save()


def test_le_sigle_d_une_organisation_publiee_ne_change_pas_meme_si_on_repousse_son_assujettissement(monde):
    organisation = Organisation.objects.get(pk=monde.organisation)
    organisation.assujettie_du = f.instant("2030-01-01").date()
    organisation.save()
    organisation.sigle = "AUTRE"

    with pytest.raises(IntegrityError), transaction.atomic():
        organisation.save()
