"""Les lignes impossibles de chaque table: ce que `lignes` écrit de juste, changé d'un trait."""

import datetime
from typing import Any

from tests import fabrique as f

INCONNU = 999_999
GRAND = 10**15

TRANSMIS = {"statut": "SOUMIS", "soumis_le": f.instant("2024-01-16"), "soumis_par_id": "publieur"}
VALIDE = {**TRANSMIS, "statut": "VALIDE", "valide_le": f.instant("2024-01-17"), "valide_par_id": "declarant"}
CONTENU = {"changements": '{"papier": {"avant": null, "apres": {"ebauche": {"note": "x"}}}}'}


def dossier(valide: dict[str, Any], ouvert: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Ce que les trois sortes de dossiers refusent; les deux clés sont celles d'un dossier validé et d'un ouvert."""
    suivante = {"version": 9, "motif_de_correction": "Erreur"}
    return {
        "statut_etranger": {"statut": "PERDU"},
        "statut_en_minuscules": {"statut": "brouillon"},
        "organisation_orpheline": {"organisation_id": INCONNU},
        "auteur_orphelin": {"cree_par_id": INCONNU},
        "correction_sans_motif": {"version": 2},
        "premiere_version_avec_motif": {"motif_de_correction": "Erreur"},
        "version_negative": {**suivante, "version": -1},
        "version_zero": {"version": 0},
        "version_en_double": valide,
        "deuxieme_ouverte": {**ouvert, **suivante},
        "deuxieme_validee": {**valide, **suivante, **VALIDE},
        "brouillon_deja_transmis": {**TRANSMIS, "statut": "BROUILLON"},
        "brouillon_deja_valide": {**VALIDE, "statut": "BROUILLON"},
        "brouillon_valide_sans_transmission": {"valide_le": VALIDE["valide_le"], "valide_par_id": "publieur"},
        "brouillon_remplace": {"remplace_le": VALIDE["valide_le"]},
        "nee_transmise": TRANSMIS,
        "nee_validee": VALIDE,
        "nee_validee_par_qui_transmet": {**VALIDE, "valide_par_id": "publieur"},
    }


# Ce que les trois journaux refusent.
JOURNAL: dict[str, dict[str, Any]] = {
    "passage_inexistant": {"vers": "VALIDE"},
    "passage_de_fin_a_debut": {"de": "VALIDE", "vers": "BROUILLON"},
    "retour_en_arriere": {"de": "SOUMIS", "vers": "BROUILLON"},
    "statut_etranger": {"de": "PERDU"},
    "renvoi_sans_motif": {"de": "SOUMIS", "vers": "A_CORRIGER"},
    "passage_avec_un_contenu": CONTENU,
    "brouillon_sur_place_sans_contenu": {"vers": "BROUILLON"},
    "a_corriger_sur_place_sans_contenu": {"de": "A_CORRIGER", "vers": "A_CORRIGER", "motif": "Vérifiez."},
    "contenu_d_un_transmis": {"de": "SOUMIS", "vers": "SOUMIS", **CONTENU},
    "contenu_d_un_valide": {"de": "VALIDE", "vers": "VALIDE", **CONTENU},
    "contenu_d_un_remplace": {"de": "REMPLACE", "vers": "REMPLACE", **CONTENU},
    "contenu_d_un_inconnu": {"de": "PERDU", "vers": "PERDU", **CONTENU},
    "contenu_entre_deux_statuts": {"de": "A_CORRIGER", "vers": "BROUILLON", **CONTENU},
    "dossier_orphelin": {"dossier_id": INCONNU},
    "personne_orpheline": {"par_id": INCONNU},
}
REPONDUE = {"repondue_le": f.instant("2024-02-01"), "repondue_par_id": "publieur"}
ACCEPTE = {"de": "SOUMIS", "vers": "VALIDE"}

IMPOSSIBLES: dict[str, dict[str, dict[str, Any]]] = {
    "organisations_organisation": {
        "sigle_en_double": {"sigle": "RAMQ"},
        "sigle_en_double_a_la_casse_pres": {"sigle": "ramq"},
        "adresse_en_double": {"slug": "ramq"},
        "sans_sigle": {"sigle": ""},
        "sans_nom": {"nom": ""},
        "categorie_inconnue": {"categorie": "CLUB"},
        "fin_avant_debut": {"assujettie_au": datetime.date(2022, 12, 31)},
        "remplacee_sans_fin": {"remplacee_par_id": "autre"},
        "ministere_sous_tutelle": {"categorie": "MINISTERE", "ministere_id": "autre"},
        "tutelle_orpheline": {"ministere_id": INCONNU},
    },
    "organisations_utilisateur": {"courriel_en_double_a_la_casse_pres": {"email": "DECLARANT@exemple.test"}},
    "organisations_strategie": {
        "code_en_double": {"code": "promise"},
        "sans_titre": {"titre": ""},
        "finit_avant_de_commencer": {"fin": datetime.date(2023, 1, 1)},
    },
    "organisations_attribution": {
        "en_double": {"portefeuille_id": "tete", "relecteur_id": "publieur"},
        "portefeuille_orphelin": {"portefeuille_id": INCONNU},
        "relecteur_orphelin": {"relecteur_id": INCONNU},
    },
    "organisations_formulederenvoi": {
        "vide": {"texte": ""},
        "en_double": {"texte": "Vérifiez le dénominateur."},
        "rang_negatif": {"ordre": -1},
    },
    "organisations_trace": {
        "sans_page": {"page": ""},
        "sans_geste": {"geste": ""},
        "sans_personne": {"par_id": None},
        "personne_orpheline": {"par_id": INCONNU},
        "reponse_negative": {"statut": -1},
    },
    "organisations_habilitation": {
        "role_inconnu": {"role": "TOUT"},
        "deux_fois_active": {"personne_id": "declarant", "role": "TRANSMISSION"},
        "personne_orpheline": {"personne_id": INCONNU},
        "revoquee_sans_dire_par_qui": {"revoquee_le": f.instant("2024-02-01")},
        "revoquee_sans_dire_quand": {"revoquee_par_id": "publieur"},
        "revoquee_avant_l_octroi": {"revoquee_le": f.instant("2024-01-01"), "revoquee_par_id": "publieur"},
    },
    "organisations_invitation": {
        "deuxieme_en_attente_a_la_casse_pres": {"courriel": "ATTENDUE@exemple.test"},
        "role_inconnu": {"role": "TOUT"},
        "organisation_orpheline": {"organisation_id": INCONNU},
        "acceptee_sans_dire_par_qui": {"acceptee_le": f.instant("2024-02-01")},
        "acceptee_sans_dire_quand": {"acceptee_par_id": "publieur"},
        "acceptee_avant_d_etre_faite": {"acceptee_le": f.instant("2024-01-01"), "acceptee_par_id": "publieur"},
        "retiree_sans_dire_par_qui": {"retiree_le": f.instant("2024-02-01")},
        "retiree_sans_dire_quand": {"retiree_par_id": "publieur"},
        "retiree_avant_d_etre_faite": {"retiree_le": f.instant("2024-01-01"), "retiree_par_id": "publieur"},
        "acceptee_et_retiree": {
            **dict.fromkeys(("acceptee_le", "retiree_le"), f.instant("2024-02-01")),
            **dict.fromkeys(("acceptee_par_id", "retiree_par_id"), "publieur"),
        },
    },
    "organisations_plantransformation": {
        **dossier(
            valide={"organisation_id": "organisation", "strategie_id": "strategie_validee"},
            ouvert={"organisation_id": "organisation", "strategie_id": "strategie_ouverte"},
        ),
        "finit_avant_de_commencer": {"fin": datetime.date(2022, 1, 1)},
        "strategie_orpheline": {"strategie_id": INCONNU},
    },
    "organisations_initiative": {
        "rang_en_double": {"rang": 1},
        "progres_de_cent_un": {"progres": 101},
        "progres_negatif": {"progres": -1},
        "etat_etranger": {"etat": "PEUT_ETRE"},
        "sans_titre": {"titre": ""},
    },
    "organisations_evenementplan": {**JOURNAL, "deuxieme_validation": {**ACCEPTE, "dossier_id": "plan_valide"}},
    "indicateurs_indicateur": {
        "code_en_double_a_la_casse_pres": {"code": "PAPIER"},
        "sans_intitule": {"intitule": ""},
        "agregation_inconnue": {"agregation": "MOYENNE"},
        "seuil_de_cent": {"seuil": 100},
        "seuil_negatif": {"seuil": -1},
        "denominateur_minimal_negatif": {"denominateur_minimal": -1},
        "intitule_anglais_seul": {"intitule_en": "Paperless"},
        "anglais_sans_intitule": {"libelle_numerateur_en": "Paperless", "libelle_denominateur_en": "All"},
        "anglais_sans_un_libelle": {"intitule_en": "Paperless", "libelle_numerateur_en": "Paperless"},
    },
    "indicateurs_definition": {
        "date_en_double": {"applicable_du": f.DEBUT},
        "rupture_sans_explication": {"rupture": True},
        "sans_texte": {"texte": ""},
        "explication_anglaise_sans_texte_anglais": {"explication": "Autre.", "explication_en": "Other."},
        "explication_sans_son_anglais": {"explication": "Autre.", "texte_en": "Text."},
        "explication_anglaise_sans_la_francaise": {"texte_en": "Text.", "explication_en": "Other."},
    },
    "indicateurs_cible": {
        "nationale_en_double": {"trimestre_id": "avant"},
        "d_organisation_en_double": {"trimestre_id": "avant", "organisation_id": "organisation"},
        "de_plus_de_cent": {"pourcentage": "100.01"},
        "negative": {"pourcentage": "-0.01"},
        "indicateur_orphelin": {"indicateur_id": INCONNU},
    },
    "indicateurs_trimestre": {
        "cinquieme": {"numero": 5, "code": "2024-T5"},
        "zeroieme": {"numero": 0, "code": "2024-T0"},
        "d_un_autre_siecle": {"annee": 1789, "code": "1789-T4"},
        "code_d_un_autre": {"code": "2024-T3"},
        "en_double": {"annee": 2023, "numero": 1, "code": "2023-T1"},
        "echeance_avant_l_ouverture": {"echeance_le": datetime.date(2022, 12, 31)},
    },
    "indicateurs_prolongation": {
        "sans_raison": {"motif": ""},
        "datee_d_avant_la_derniere_edition": {"accordee_le": f.instant("2023-05-01")},
        "datee_de_l_instant_de_la_derniere_edition": {"accordee_le": f.instant("2023-05-30")},
    },
    "indicateurs_demandeprolongation": {
        "sans_raison": {"motif": ""},
        "deuxieme_en_attente": {"organisation_id": "pressee", "trimestre_id": "trimestre"},
        "repondue_sans_dire_par_qui": {"repondue_le": f.instant("2024-02-01"), "reponse": "Non."},
        "repondue_sans_dire_quand": {"repondue_par_id": "publieur", "reponse": "Non."},
        "repondue_avant_d_etre_faite": {**REPONDUE, "repondue_le": f.instant("2024-01-01"), "reponse": "Non."},
        "refusee_sans_dire_pourquoi": REPONDUE,
        "refusee_sans_signature": {"reponse": "Non."},
        "accordee_sans_signature": {"prolongation_id": "prolongation"},
        "accordee_deja_a_une_autre": {**REPONDUE, "prolongation_id": "prolongation"},
        "prolongation_orpheline": {**REPONDUE, "prolongation_id": INCONNU},
        "trimestre_orphelin": {"trimestre_id": INCONNU},
    },
    "indicateurs_rappel": {
        "deuxieme_du_jour": {"personne_id": "rappelee", "jour": datetime.date(2023, 7, 10)},
        "personne_orpheline": {"personne_id": INCONNU},
    },
    "indicateurs_lignederappel": {
        "deux_fois_dans_un_rappel": {"organisation_id": "organisation"},
        "palier_etranger": {"palier": 7},
        "rappel_orphelin": {"rappel_id": INCONNU},
    },
    "indicateurs_soumission": {
        **dossier(valide={"trimestre_id": "avant"}, ouvert={"trimestre_id": "trimestre"}),
        "trimestre_orphelin": {"trimestre_id": INCONNU},
        "nee_validee_avant_la_derniere_edition": {
            **VALIDE,
            **dict.fromkeys(("cree_le", "soumis_le", "valide_le"), f.instant("2023-05-01")),
        },
    },
    "indicateurs_valeur": {
        "en_double": {"indicateur_id": "papier"},
        "n_plus_grand_que_d": {"numerateur": 3},
        "n_sur_zero": {"denominateur": 0},
        "n_negatif": {"numerateur": -1},
        "deux_negatifs": {"numerateur": -2, "denominateur": -1},
        "n_sans_d": {"denominateur": None},
        "d_sans_n": {"numerateur": None},
        "ni_nombre_ni_absence": {"numerateur": None, "denominateur": None},
        "nombre_et_absence": {"absence": "SANS_OBJET"},
        "absence_etrangere": {"numerateur": None, "denominateur": None, "absence": "PERDU"},
        "non_disponible_sans_raison": {"numerateur": None, "denominateur": None, "absence": "NON_DISPONIBLE"},
        "preuve_qui_n_est_pas_un_lien": {"preuve": "voir le dossier"},
        "preuve_qui_est_un_script": {"preuve": "javascript:alert(1)"},
        "preuve_qui_ne_commence_pas_par_le_lien": {"preuve": " https://exemple.test/"},
        "au_dessus_du_plafond": {"denominateur": GRAND + 1},
        "soumission_orpheline": {"soumission_id": INCONNU},
        "indicateur_orphelin": {"indicateur_id": INCONNU},
        "dans_une_soumission_transmise": {"soumission_id": "transmise"},
        "dans_une_soumission_validee": {"soumission_id": "validee"},
    },
    "indicateurs_evenementsoumission": {**JOURNAL, "deuxieme_validation": {**ACCEPTE, "dossier_id": "validee"}},
    "indicateurs_ficheexpertise": {
        **dossier(valide={"reference": "fiche-validee"}, ouvert={"reference": "fiche-ouverte"}),
        "sans_titre": {"titre": ""},
    },
    "indicateurs_evenementfiche": {**JOURNAL, "deuxieme_validation": {**ACCEPTE, "dossier_id": "fiche"}},
    "indicateurs_demandeaccompagnement": {
        "sans_objet": {"objet": ""},
        "close_sans_dire_par_qui": {"close_le": f.instant("2024-02-01")},
        "close_sans_dire_quand": {"close_par_id": "publieur"},
        "close_avant_d_etre_demandee": {"close_le": f.instant("2024-01-01"), "close_par_id": "publieur"},
    },
    "indicateurs_messageaccompagnement": {"vide": {"texte": ""}, "demande_orpheline": {"demande_id": INCONNU}},
    "barometre_edition": {
        "code_en_double": {"code": "2023-T1"},
        "meme_trimestre_sans_correctif": {"trimestre_id": "avant"},
        "sans_precedente": {"precedente_id": None},
        "precedente_orpheline": {"precedente_id": INCONNU},
        "premiere_avec_precedente": {"rang": 1},
        "empreinte_en_double": {"empreinte": "empreinte"},
        "corrective_sans_note": {"correctif": 1},
    },
    "barometre_parution": {
        "deuxieme_premiere_annonce": {"trimestre_id": "suivant"},
        "changee_sans_motif": {"change": True},
        "premiere_avec_un_motif": {"motif": "Retard"},
        "trimestre_orphelin": {"trimestre_id": INCONNU},
        "personne_orpheline": {"annoncee_par_id": INCONNU},
    },
    "barometre_agregat": {
        "ensemble_en_double": {"trimestre_id": "avant"},
        "portefeuille_en_double": {"trimestre_id": "avant", "portefeuille_id": "tete"},
        "categorie_en_double": {"trimestre_id": "avant", "categorie": "MINISTERE"},
        "portefeuille_et_categorie_a_la_fois": {"portefeuille_id": "tete", "categorie": "MINISTERE"},
        "plus_de_repondantes_que_d_attendues": {"attendues": 1},
        "plus_de_calculables_que_de_repondantes": {"calculables": 3},
        "plus_au_dessus_que_de_calculables": {"au_dessus": 3},
        "numerateur_plus_grand": {"numerateur": 3},
        "numerateur_negatif": {"numerateur": -1},
        "edition_orpheline": {"edition_id": INCONNU},
    },
}
