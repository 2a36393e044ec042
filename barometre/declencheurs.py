"""Ce que la base refuse elle-même du passé publié: le changer, le vider, ou valider quelque chose avant lui."""

from organisations.declencheurs import Declencheur, Garde, ajout_seulement

VERROU_DU_REGISTRE = 7_504_060  # un nombre à nous: qui valide le partage, qui publie le prend seul

DERNIER_ARRET = "(SELECT MAX(arretee_le) FROM barometre_edition)"
DEJA_PUBLIEE = (
    "(EXISTS (SELECT 1 FROM barometre_edition, jsonb_array_elements(catalogue -> 'organisations') AS fiche "
    "WHERE fiche.value ->> 'sigle' = OLD.sigle) "
    "OR EXISTS (SELECT 1 FROM barometre_agregat WHERE portefeuille_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM indicateurs_soumission, barometre_edition "
    "WHERE organisation_id = OLD.id AND valide_le <= arretee_le))"
)
STRATEGIE_PUBLIEE = (
    "EXISTS (SELECT 1 FROM organisations_plantransformation, barometre_edition "
    "WHERE strategie_id = OLD.id AND valide_le <= arretee_le)"
)
CHIFFRE_PUBLIE = "EXISTS (SELECT 1 FROM barometre_agregat WHERE {champ} = OLD.id)"


def fige(table: str, condition: str, message: str, *colonnes: str) -> list[Garde]:
    """Une ligne publiée garde ces colonnes, et ne se supprime pas."""
    change = " OR ".join(f"NEW.{colonne} <> OLD.{colonne}" for colonne in colonnes)
    return [
        Declencheur(table, "UPDATE", f"({change}) AND {condition}", message),
        Declencheur(table, "DELETE", condition, "Ce qu'une édition a publié ne se supprime pas."),
    ]


DECLENCHEURS = [
    *ajout_seulement("barometre_edition", "Une édition publiée"),
    *ajout_seulement("barometre_agregat", "Un chiffre publié"),
    *ajout_seulement("barometre_parution", "Une annonce du calendrier"),
    # Une validation datée d'avant le dernier arrêt changerait une édition déjà publiée. Le verrou fait attendre celle
    # qui aurait commencé avant une publication et fini après.
    Declencheur(
        "indicateurs_soumission",
        "UPDATE",
        "NEW.statut <> OLD.statut AND NEW.statut IN ('VALIDE', 'REMPLACE') "
        f"AND COALESCE(NEW.remplace_le, NEW.valide_le) <= {DERNIER_ARRET}",
        "Une édition a déjà été arrêtée après cet instant.",
        verrou=f"pg_advisory_xact_lock_shared({VERROU_DU_REGISTRE})",
        role="registre",
    ),
    Declencheur(
        "indicateurs_prolongation",
        "INSERT",
        f"NEW.accordee_le <= {DERNIER_ARRET}",
        "Une édition a déjà été arrêtée après cet instant.",
        verrou=f"pg_advisory_xact_lock_shared({VERROU_DU_REGISTRE})",
        role="registre",
    ),
    Declencheur(
        "organisations_organisation",
        "DELETE",
        DEJA_PUBLIEE,
        "Une organisation publiée ne se supprime pas : terminez son assujettissement.",
    ),
    Declencheur(
        "organisations_organisation",
        "UPDATE",
        f"(NEW.sigle <> OLD.sigle OR NEW.slug <> OLD.slug) AND {DEJA_PUBLIEE}",
        "Le sigle d'une organisation publiée ne change plus.",
    ),
    *fige(
        "indicateurs_indicateur",
        CHIFFRE_PUBLIE.format(champ="indicateur_id"),
        "Le code, le chiffre principal et le seuil d'un indicateur publié ne changent plus.",
        "code",
        "agregation",
        "seuil",
    ),
    *fige("organisations_strategie", STRATEGIE_PUBLIEE, "Le code d'une stratégie publiée ne change plus.", "code"),
    *fige(
        "indicateurs_trimestre",
        CHIFFRE_PUBLIE.format(champ="trimestre_id"),
        "Le code d'un trimestre publié ne change plus.",
        "code",
        "annee",
        "numero",
    ),
]
