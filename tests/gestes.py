"""Les gestes en SQL brut sur le monde de `lignes`: ceux que la base permet, ceux qu'elle défend."""

SOUMISSION = "UPDATE indicateurs_soumission SET"
JOURNAUX = {
    "passages_d_un_plan": ("organisations_evenementplan", "changements IS NULL"),
    "contenu_d_un_plan": ("organisations_evenementplan", "changements IS NOT NULL"),
    "passages_d_une_soumission": ("indicateurs_evenementsoumission", "changements IS NULL"),
    "contenu_d_une_soumission": ("indicateurs_evenementsoumission", "changements IS NOT NULL"),
    "passages_d_une_fiche": ("indicateurs_evenementfiche", "changements IS NULL"),
}
HISTOIRES = {
    "d_une_strategie": "organisations_historicalstrategie",
    "d_une_organisation": "organisations_historicalorganisation",
    "d_une_personne": "organisations_historicalutilisateur",
    "des_groupes_d_une_personne": "organisations_historicalutilisateur_groups",
    "d_une_attribution": "organisations_historicalattribution",
    "d_un_indicateur": "indicateurs_historicalindicateur",
    "d_une_definition": "indicateurs_historicaldefinition",
    "d_une_cible": "indicateurs_historicalcible",
    "d_un_trimestre": "indicateurs_historicaltrimestre",
}
JOURNAL = {
    "motiver": "motif = 'x'",
    "redater": "le = {tard}",
    "resigner": "par_id = {publieur}",
    "sceller": "empreinte = 'x'",
    "attribuer": "requete = 'x'",
}
EBAUCHE = """ebauches = '{{"papier": {{}}}}'"""
TRANSMISE = "soumis_le = {tard}, soumis_par_id = {publieur}"
VALIDEE = "valide_le = {tard}, valide_par_id = {declarant}"
PERMIS = {
    "renommer_une_organisation": "UPDATE organisations_organisation SET nom = 'Autre' WHERE id = {organisation}",
    "finir_un_assujettissement": (
        "UPDATE organisations_organisation SET assujettie_au = '2024-03-31' WHERE id = {autre}"
    ),
    "changer_une_strategie_inedite": "UPDATE organisations_strategie SET code = 'neuve' WHERE id = {strategie_ouverte}",
    "deplacer_une_cible": "UPDATE indicateurs_cible SET pourcentage = 80",
    "supprimer_une_cible": "DELETE FROM indicateurs_cible",
    "retirer_un_indicateur": "UPDATE indicateurs_indicateur SET retire_le = '2023-06-30' WHERE id = {papier}",
    "repousser_une_echeance": "UPDATE indicateurs_trimestre SET echeance_le = '2024-12-31' WHERE id = {avant}",
    "changer_le_code_d_un_trimestre_inedit": (
        "UPDATE indicateurs_trimestre SET numero = 4, code = '2023-T4' WHERE id = {suivant}"
    ),
    "changer_une_valeur_en_brouillon": "UPDATE indicateurs_valeur SET numerateur = 2 WHERE soumission_id = {ouverte}",
    "supprimer_une_valeur_en_brouillon": "DELETE FROM indicateurs_valeur WHERE soumission_id = {ouverte}",
    "garder_une_ebauche_en_brouillon": f"{SOUMISSION} {EBAUCHE} WHERE id = {{ouverte}}",
    "compter_un_enregistrement_de_brouillon": f"{SOUMISSION} revision = revision + 1 WHERE id = {{ouverte}}",
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
    **{
        f"{geste}_d_une_{laquelle}": f"{SOUMISSION} {nouveau} WHERE id = {{{laquelle}}}"
        for laquelle in ("transmise", "validee", "remplacee")
        for geste, nouveau in {
            "changer_le_nombre_d_enregistrements": "revision = revision + 1",
            "glisser_une_ebauche": EBAUCHE,
        }.items()
    },
    "changer_le_nombre_d_enregistrements_d_un_plan_transmis": (
        "UPDATE organisations_plantransformation SET revision = revision + 1 WHERE id = {plan_transmis}"
    ),
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
    **{
        f"{geste}_{nom}": f"UPDATE {table} SET {nouveau} WHERE {lignes}"
        for nom, (table, lignes) in JOURNAUX.items()
        for geste, nouveau in JOURNAL.items()
    },
    **{f"retirer_{nom}": f"DELETE FROM {table} WHERE {lignes}" for nom, (table, lignes) in JOURNAUX.items()},
    "effacer_un_contenu_du_journal": (
        "UPDATE indicateurs_evenementsoumission SET changements = '{{}}' WHERE changements IS NOT NULL"
    ),
    "changer_une_note_d_edition": "UPDATE barometre_edition SET note = 'x'",
    "changer_une_empreinte": "UPDATE barometre_edition SET empreinte = 'x'",
    "changer_un_catalogue": "UPDATE barometre_edition SET catalogue = '{{}}'",
    "supprimer_une_edition": "DELETE FROM barometre_edition",
    "changer_un_agregat": "UPDATE barometre_agregat SET numerateur = numerateur - 1 WHERE numerateur > 0",
    "supprimer_un_agregat": "DELETE FROM barometre_agregat WHERE portefeuille_id IS NULL",
    # les traces, le calendrier, l'histoire du catalogue
    "changer_une_trace": "UPDATE organisations_trace SET geste = 'x'",
    "resigner_une_trace": "UPDATE organisations_trace SET par_id = {declarant}",
    "supprimer_une_trace": "DELETE FROM organisations_trace",
    "deplacer_une_publication_annoncee": "UPDATE barometre_parution SET jour = '2030-01-01'",
    "taire_une_publication_annoncee": "DELETE FROM barometre_parution",
    **{
        f"{geste}_l_histoire_{nom}": ordre.format(table=table)
        for nom, table in HISTOIRES.items()
        for geste, ordre in {
            "changer": "UPDATE {table} SET history_id = history_id + 1000",
            "supprimer": "DELETE FROM {table}",
        }.items()
    },
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
    "changer_une_strategie_publiee": "UPDATE organisations_strategie SET code = 'neuve' WHERE id = {strategie_validee}",
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
