"""Les règles vivent dans la base: une ligne impossible est refusée même à qui écrit en SQL brut."""

import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, InternalError

from tests import fabrique as f
from tests import lignes

pytestmark = pytest.mark.django_db

REFUS = (IntegrityError, DataError, InternalError)
INCONNU = 999_999
GRAND = 10**15

TRANSMIS = {"statut": "SOUMIS", "soumis_le": f.instant("2024-01-16"), "soumis_par_id": "publieur"}
VALIDE = {**TRANSMIS, "statut": "VALIDE", "valide_le": f.instant("2024-01-17"), "valide_par_id": "declarant"}

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
    "organisations_habilitation": {
        "role_inconnu": {"role": "TOUT"},
        "deux_fois_active": {"personne_id": "declarant", "role": "TRANSMISSION"},
        "personne_orpheline": {"personne_id": INCONNU},
        "revoquee_sans_dire_par_qui": {"revoquee_le": f.instant("2024-02-01")},
        "revoquee_sans_dire_quand": {"revoquee_par_id": "publieur"},
        "revoquee_avant_l_octroi": {"revoquee_le": f.instant("2024-01-01"), "revoquee_par_id": "publieur"},
    },
    "organisations_plantransformation": {
        "finit_avant_de_commencer": {"fin": datetime.date(2022, 1, 1)},
        "ne_valide": VALIDE,
        "strategie_orpheline": {"strategie_id": INCONNU},
    },
    "organisations_initiative": {
        "rang_en_double": {"rang": 1},
        "progres_de_cent_un": {"progres": 101},
        "progres_negatif": {"progres": -1},
        "etat_etranger": {"etat": "PEUT_ETRE"},
        "sans_titre": {"titre": ""},
    },
    "organisations_evenementplan": {"passage_inexistant": {"de": "VALIDE", "vers": "BROUILLON"}},
    "indicateurs_indicateur": {
        "code_en_double_a_la_casse_pres": {"code": "PAPIER"},
        "sans_intitule": {"intitule": ""},
        "agregation_inconnue": {"agregation": "MOYENNE"},
        "seuil_de_cent": {"seuil": 100},
        "seuil_negatif": {"seuil": -1},
        "denominateur_minimal_negatif": {"denominateur_minimal": -1},
    },
    "indicateurs_definition": {
        "date_en_double": {"applicable_du": f.DEBUT},
        "rupture_sans_explication": {"rupture": True},
        "sans_texte": {"texte": ""},
    },
    "indicateurs_cible": {
        "nationale_en_double": {"trimestre_id": "avant"},
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
    "indicateurs_soumission": {
        "statut_etranger": {"statut": "PERDU"},
        "statut_en_minuscules": {"statut": "brouillon"},
        "version_en_double": {"trimestre_id": "avant"},
        "deuxieme_ouverte": {"trimestre_id": "trimestre", "version": 2, "motif_de_correction": "Erreur"},
        "organisation_orpheline": {"organisation_id": INCONNU},
        "trimestre_orphelin": {"trimestre_id": INCONNU},
        "auteur_orphelin": {"cree_par_id": INCONNU},
        "correction_sans_motif": {"version": 2},
        "premiere_version_avec_motif": {"motif_de_correction": "Erreur"},
        "version_negative": {"version": -1, "motif_de_correction": "Erreur"},
        "version_zero": {"version": 0},
        "brouillon_deja_transmis": {**TRANSMIS, "statut": "BROUILLON"},
        "brouillon_deja_valide": {**VALIDE, "statut": "BROUILLON"},
        "nee_transmise": TRANSMIS,
        "nee_validee": VALIDE,
        "nee_validee_avant_la_derniere_edition": {
            **VALIDE,
            **dict.fromkeys(("cree_le", "soumis_le", "valide_le"), f.instant("2023-05-01")),
        },
        "brouillon_remplace": {"remplace_le": f.instant("2024-01-18")},
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
        "au_dessus_du_plafond": {"denominateur": GRAND + 1},
        "soumission_orpheline": {"soumission_id": INCONNU},
        "indicateur_orphelin": {"indicateur_id": INCONNU},
        "dans_une_soumission_transmise": {"soumission_id": "transmise"},
        "dans_une_soumission_validee": {"soumission_id": "validee"},
    },
    "indicateurs_evenementsoumission": {
        "passage_inexistant": {"vers": "VALIDE"},
        "retour_en_arriere": {"de": "SOUMIS", "vers": "BROUILLON"},
        "sur_place": {"vers": "BROUILLON"},
        "statut_etranger": {"de": "PERDU"},
        "renvoi_sans_motif": {"de": "SOUMIS", "vers": "A_CORRIGER"},
        "deuxieme_validation": {"dossier_id": "validee", "de": "SOUMIS", "vers": "VALIDE"},
        "dossier_orphelin": {"dossier_id": INCONNU},
        "personne_orpheline": {"par_id": INCONNU},
    },
    "indicateurs_ficheexpertise": {"sans_titre": {"titre": ""}, "nee_validee": VALIDE},
    "indicateurs_demandeaccompagnement": {
        "sans_objet": {"objet": ""},
        "close_sans_dire_par_qui": {"close_le": f.instant("2024-02-01")},
        "close_sans_dire_quand": {"close_par_id": "publieur"},
        "close_avant_d_etre_demandee": {"close_le": f.instant("2024-01-01"), "close_par_id": "publieur"},
    },
    "barometre_edition": {
        "code_en_double": {"code": "2023-T1"},
        "meme_trimestre_sans_correctif": {"trimestre_id": "avant"},
        "sans_precedente": {"precedente_id": None},
        "precedente_orpheline": {"precedente_id": INCONNU},
        "premiere_avec_precedente": {"rang": 1},
        "empreinte_en_double": {"empreinte": "empreinte"},
        "corrective_sans_note": {"correctif": 1},
    },
    "barometre_agregat": {
        "ensemble_en_double": {"trimestre_id": "avant"},
        "plus_de_repondantes_que_d_attendues": {"attendues": 1},
        "plus_de_calculables_que_de_repondantes": {"calculables": 3},
        "plus_au_dessus_que_de_calculables": {"au_dessus": 3},
        "numerateur_plus_grand": {"numerateur": 3},
        "numerateur_negatif": {"numerateur": -1},
        "edition_orpheline": {"edition_id": INCONNU},
    },
}
CAS = [pytest.param(t, c, id=f"{t}-{nom}") for t, cas in IMPOSSIBLES.items() for nom, c in cas.items()]


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le même pour toutes les lignes: chacune est tentée puis défaite."""
    with f.monde_partage(django_db_blocker, tmp_path_factory):
        yield lignes.monde()


@pytest.mark.parametrize("table", IMPOSSIBLES)
def test_une_ligne_juste_est_acceptee(monde, table):
    assert lignes.inserer(table, monde) == 1


@pytest.mark.parametrize(("table", "changements"), CAS)
def test_une_ligne_impossible_est_refusee(monde, table, changements):
    with pytest.raises(REFUS):
        lignes.inserer(table, monde, **changements)


def test_plus_de_soixante_lignes_impossibles_sont_eprouvees():
    assert len(CAS) >= 60
