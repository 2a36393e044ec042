"""Le passé ne se réécrit pas: ni le journal, ni une valeur transmise, ni une édition, ni ce qui les nomme."""

import pytest
from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError, InternalError, connection, models, transaction
from django.db.models import ProtectedError

from barometre.models import Agregat, Edition
from indicateurs.models import EvenementSoumission, Indicateur, Soumission, Trimestre, Valeur
from organisations.declencheurs import Vidange
from organisations.models import Organisation, Utilisateur
from tests import fabrique as f
from tests import lignes

pytestmark = pytest.mark.django_db

REFUS = (IntegrityError, DataError, InternalError)
COUPE = f.instant("2023-05-30")  # l'arrêt de la seule édition du monde


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le même pour tous les gestes: chacun est tenté puis défait."""
    with f.monde_partage(django_db_blocker, tmp_path_factory):
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


SOUMISSION = "UPDATE indicateurs_soumission SET"
TRANSMISE = "soumis_le = {tard}, soumis_par_id = {publieur}"
VALIDEE = "valide_le = {tard}, valide_par_id = {declarant}"
PERMIS = {
    "renommer_une_organisation": "UPDATE organisations_organisation SET nom = 'Autre' WHERE id = {organisation}",
    "finir_un_assujettissement": (
        "UPDATE organisations_organisation SET assujettie_au = '2024-03-31' WHERE id = {autre}"
    ),
    "deplacer_une_cible": "UPDATE indicateurs_cible SET pourcentage = 80",
    "supprimer_une_cible": "DELETE FROM indicateurs_cible",
    "retirer_un_indicateur": "UPDATE indicateurs_indicateur SET retire_le = '2023-06-30' WHERE id = {papier}",
    "repousser_une_echeance": "UPDATE indicateurs_trimestre SET echeance_le = '2024-12-31' WHERE id = {avant}",
    "changer_le_code_d_un_trimestre_inedit": (
        "UPDATE indicateurs_trimestre SET numero = 4, code = '2023-T4' WHERE id = {suivant}"
    ),
    "changer_une_valeur_en_brouillon": "UPDATE indicateurs_valeur SET numerateur = 2 WHERE soumission_id = {ouverte}",
    "supprimer_une_valeur_en_brouillon": "DELETE FROM indicateurs_valeur WHERE soumission_id = {ouverte}",
    "transmettre": f"{SOUMISSION} statut = 'SOUMIS', {TRANSMISE} WHERE id = {{ouverte}}",
    "valider": f"{SOUMISSION} statut = 'VALIDE', {VALIDEE} WHERE id = {{transmise}}",
    "valider_apres_la_coupe_ce_qui_attendait": f"{SOUMISSION} statut = 'VALIDE', {VALIDEE} WHERE id = {{en_attente}}",
    "remplacer": f"{SOUMISSION} statut = 'REMPLACE', remplace_le = {{tard}} WHERE id = {{corrigee}}",
    "desactiver_une_personne": "UPDATE organisations_utilisateur SET is_active = FALSE WHERE id = {declarant}",
}
DEFENDUS = {
    # les statuts et leurs faits
    "statut_etranger": f"{SOUMISSION} statut = 'PERDU' WHERE id = {{ouverte}}",
    "transmise_sans_date": f"{SOUMISSION} statut = 'SOUMIS' WHERE id = {{ouverte}}",
    "transmise_sans_date_mais_signee": (
        f"{SOUMISSION} statut = 'SOUMIS', soumis_par_id = {{publieur}} WHERE id = {{ouverte}}"
    ),
    "transmise_sans_dire_par_qui": f"{SOUMISSION} statut = 'SOUMIS', soumis_le = {{tard}} WHERE id = {{ouverte}}",
    "transmise_avant_d_etre_creee": (
        f"{SOUMISSION} statut = 'SOUMIS', soumis_le = {{coupe}}, soumis_par_id = {{publieur}} WHERE id = {{ouverte}}"
    ),
    "validee_sans_date": f"{SOUMISSION} statut = 'VALIDE' WHERE id = {{transmise}}",
    "validee_sans_date_mais_signee": (
        f"{SOUMISSION} statut = 'VALIDE', valide_par_id = {{declarant}} WHERE id = {{transmise}}"
    ),
    "validee_sans_dire_par_qui": f"{SOUMISSION} statut = 'VALIDE', valide_le = {{tard}} WHERE id = {{transmise}}",
    "validee_par_qui_l_a_transmise": (
        f"{SOUMISSION} statut = 'VALIDE', valide_le = {{tard}}, valide_par_id = soumis_par_id WHERE id = {{transmise}}"
    ),
    "validee_avant_d_etre_transmise": (
        f"{SOUMISSION} statut = 'VALIDE', valide_le = {{coupe}}, valide_par_id = {{declarant}} WHERE id = {{transmise}}"
    ),
    "remplacee_sans_date": f"{SOUMISSION} statut = 'REMPLACE' WHERE id = {{corrigee}}",
    "deux_validees": f"{SOUMISSION} version = 9 WHERE id = {{corrigee}}",
    # les passages
    "du_brouillon_au_valide": f"{SOUMISSION} statut = 'VALIDE', {TRANSMISE}, {VALIDEE} WHERE id = {{ouverte}}",
    "du_brouillon_au_renvoi": f"{SOUMISSION} statut = 'A_CORRIGER', {TRANSMISE} WHERE id = {{ouverte}}",
    "du_transmis_au_brouillon": (
        f"{SOUMISSION} statut = 'BROUILLON', soumis_le = NULL, soumis_par_id = NULL WHERE id = {{transmise}}"
    ),
    "du_valide_au_transmis": (
        f"{SOUMISSION} statut = 'SOUMIS', valide_le = NULL, valide_par_id = NULL WHERE id = {{validee}}"
    ),
    "du_valide_au_renvoi": (
        f"{SOUMISSION} statut = 'A_CORRIGER', valide_le = NULL, valide_par_id = NULL WHERE id = {{validee}}"
    ),
    "du_remplace_au_valide": f"{SOUMISSION} statut = 'VALIDE', remplace_le = NULL WHERE id = {{remplacee}}",
    # ce qui est acquis
    "antidater_une_validation": f"{SOUMISSION} valide_le = {{avant_coupe}} WHERE id = {{corrigee}}",
    "postdater_une_validation": f"{SOUMISSION} valide_le = {{tard}} WHERE id = {{validee}}",
    "changer_qui_a_valide": f"{SOUMISSION} valide_par_id = {{declarant}} WHERE id = {{validee}}",
    "changer_qui_a_transmis": f"{SOUMISSION} soumis_par_id = {{declarant}} WHERE id = {{validee}}",
    "changer_quand_fut_transmis": f"{SOUMISSION} soumis_le = valide_le WHERE id = {{validee}}",
    "changer_l_instant_du_remplacement": f"{SOUMISSION} remplace_le = {{tard}} WHERE id = {{remplacee}}",
    "changer_l_organisation": f"{SOUMISSION} organisation_id = {{autre}} WHERE id = {{ouverte}}",
    "changer_le_trimestre": f"{SOUMISSION} trimestre_id = {{suivant}} WHERE id = {{ouverte}}",
    "changer_le_motif": f"{SOUMISSION} motif_de_correction = 'Rien' WHERE id = {{corrigee}}",
    "changer_l_auteur": f"{SOUMISSION} cree_par_id = {{publieur}} WHERE id = {{ouverte}}",
    "supprimer_une_transmise": "DELETE FROM indicateurs_soumission WHERE id = {transmise}",
    "supprimer_une_validee": "DELETE FROM indicateurs_soumission WHERE id = {validee}",
    "supprimer_une_remplacee": "DELETE FROM indicateurs_soumission WHERE id = {remplacee}",
    "changer_un_plan_transmis": (
        "UPDATE organisations_plantransformation SET resume = 'Rien' WHERE id = {plan_transmis}"
    ),
    "changer_une_initiative_transmise": (
        "UPDATE organisations_initiative SET titre = 'x' WHERE plan_id = {plan_transmis}"
    ),
    # les valeurs
    "changer_une_valeur_transmise": "UPDATE indicateurs_valeur SET numerateur = 2 WHERE soumission_id = {transmise}",
    "changer_une_valeur_validee": "UPDATE indicateurs_valeur SET numerateur = 2 WHERE soumission_id = {validee}",
    "changer_une_valeur_remplacee": "UPDATE indicateurs_valeur SET note = 'x' WHERE soumission_id = {remplacee}",
    "retirer_une_valeur_transmise": "DELETE FROM indicateurs_valeur WHERE soumission_id = {transmise}",
    "retirer_une_valeur_validee": "DELETE FROM indicateurs_valeur WHERE soumission_id = {validee}",
    "glisser_une_valeur_dans_une_validee": (
        "UPDATE indicateurs_valeur SET soumission_id = {validee}, indicateur_id = {futur} "
        "WHERE soumission_id = {ouverte}"
    ),
    "glisser_une_initiative_dans_un_plan_transmis": (
        "UPDATE organisations_initiative SET plan_id = {plan_transmis}, rang = 9 WHERE plan_id = {plan}"
    ),
    "sortir_une_valeur_d_une_validee": (
        "UPDATE indicateurs_valeur SET soumission_id = {ouverte} "
        "WHERE soumission_id = {validee} AND indicateur_id = {ouverture}"
    ),
    # le journal, les éditions, les agrégats
    "changer_le_journal": "UPDATE indicateurs_evenementsoumission SET motif = 'x'",
    "redater_le_journal": "UPDATE indicateurs_evenementsoumission SET le = {tard}",
    "supprimer_du_journal": "DELETE FROM indicateurs_evenementsoumission WHERE dossier_id = {validee}",
    "changer_le_journal_d_un_plan": "UPDATE organisations_evenementplan SET par_id = {publieur}",
    "changer_une_note_d_edition": "UPDATE barometre_edition SET note = 'x'",
    "changer_une_empreinte": "UPDATE barometre_edition SET empreinte = 'x'",
    "changer_un_catalogue": "UPDATE barometre_edition SET catalogue = '{{}}'",
    "supprimer_une_edition": "DELETE FROM barometre_edition",
    "changer_un_agregat": "UPDATE barometre_agregat SET numerateur = numerateur - 1 WHERE numerateur > 0",
    "supprimer_un_agregat": "DELETE FROM barometre_agregat WHERE portefeuille_id IS NULL",
    # avant la dernière coupe
    "valider_avant_la_coupe": (
        f"{SOUMISSION} statut = 'VALIDE', valide_le = {{avant_coupe}}, valide_par_id = {{declarant}} "
        "WHERE id = {en_attente}"
    ),
    "valider_a_l_instant_de_la_coupe": (
        f"{SOUMISSION} statut = 'VALIDE', valide_le = {{coupe}}, valide_par_id = {{declarant}}"
        f" WHERE id = {{en_attente}}"
    ),
    "remplacer_avant_la_coupe": (
        f"{SOUMISSION} statut = 'REMPLACE', remplace_le = {{avant_coupe}} WHERE id = {{validee}}"
    ),
    "remplacer_a_l_instant_de_la_coupe": (
        f"{SOUMISSION} statut = 'REMPLACE', remplace_le = {{coupe}} WHERE id = {{validee}}"
    ),
    # les clés publiées, et ce qu'elles nomment
    "changer_un_sigle_publie": "UPDATE organisations_organisation SET sigle = 'NEUF' WHERE id = {organisation}",
    "changer_l_adresse_d_une_organisation_publiee": (
        "UPDATE organisations_organisation SET slug = 'x' WHERE id = {autre}"
    ),
    "changer_un_code_publie": "UPDATE indicateurs_indicateur SET code = 'neuf' WHERE id = {papier}",
    "changer_un_trimestre_publie": "UPDATE indicateurs_trimestre SET numero = 4, code = '2023-T4' WHERE id = {avant}",
    "supprimer_une_organisation_publiee": "DELETE FROM organisations_organisation WHERE id = {organisation}",
    "supprimer_une_tete_de_portefeuille": "DELETE FROM organisations_organisation WHERE sigle = 'MCN'",
    "supprimer_un_indicateur_publie": "DELETE FROM indicateurs_indicateur WHERE id = {ouverture}",
    "supprimer_un_trimestre_publie": "DELETE FROM indicateurs_trimestre WHERE id = {avant}",
    "supprimer_qui_a_transmis": (
        "DELETE FROM organisations_utilisateur WHERE id IN (SELECT soumis_par_id FROM indicateurs_soumission)"
    ),
    "supprimer_qui_a_valide": (
        "DELETE FROM organisations_utilisateur WHERE id IN (SELECT valide_par_id FROM indicateurs_soumission)"
    ),
    "supprimer_qui_a_publie": (
        "DELETE FROM organisations_utilisateur WHERE id IN (SELECT publiee_par_id FROM barometre_edition)"
    ),
}


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


def test_aucune_cle_etrangere_n_emporte_autre_chose_que_le_contenu_d_un_brouillon():
    emporte = {
        f"{modele.__name__}.{champ.name}"
        for modele in apps.get_models()
        if modele._meta.app_label in ("organisations", "indicateurs", "barometre")
        for champ in modele._meta.get_fields()
        if isinstance(champ, models.ForeignKey) and champ.remote_field.on_delete is not models.PROTECT
    }

    assert emporte == {"Valeur.soumission", "Initiative.plan"}


def test_un_brouillon_se_supprime_avec_ses_valeurs(monde):
    Soumission.objects.get(pk=monde.ouverte).delete()

    assert not Valeur.objects.filter(soumission=monde.ouverte).exists()


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
