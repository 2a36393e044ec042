"""Ce que la base refuse elle-même du passé publié: le changer, le vider, ou valider quelque chose avant lui."""

from organisations.declencheurs import Declencheur, ajout_seulement

VERROU_DU_REGISTRE = 7_504_060  # un nombre à nous: qui valide le partage, qui publie le prend seul

DERNIER_ARRET = "(SELECT MAX(arretee_le) FROM barometre_edition)"
DEJA_PUBLIEE = (
    "(EXISTS (SELECT 1 FROM barometre_edition WHERE arretee_le >= OLD.assujettie_du) "
    "OR EXISTS (SELECT 1 FROM barometre_agregat WHERE portefeuille_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM indicateurs_soumission, barometre_edition "
    "WHERE organisation_id = OLD.id AND valide_le <= arretee_le))"
)
CODE_PUBLIE = "EXISTS (SELECT 1 FROM barometre_agregat WHERE {champ} = OLD.id)"

DECLENCHEURS = [
    *ajout_seulement("barometre_edition", "Une édition publiée"),
    *ajout_seulement("barometre_agregat", "Un chiffre publié"),
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
    Declencheur(
        "indicateurs_indicateur",
        "UPDATE",
        f"NEW.code <> OLD.code AND {CODE_PUBLIE.format(champ='indicateur_id')}",
        "Le code d'un indicateur publié ne change plus.",
    ),
    Declencheur(
        "indicateurs_trimestre",
        "UPDATE",
        f"NEW.code <> OLD.code AND {CODE_PUBLIE.format(champ='trimestre_id')}",
        "Le code d'un trimestre publié ne change plus.",
    ),
]
