"""Une ligne juste pour chaque table, en colonnes: ce que les épreuves en SQL brut changent d'un trait."""

import datetime
from types import SimpleNamespace
from typing import Any

from organisations.models import Strategie
from tests import fabrique as f


def monde() -> SimpleNamespace:
    """De quoi écrire une ligne juste dans chaque table: des clés, par nom."""
    organisation, autre = f.organisation("RAMQ", ministere=f.ministere("MCN")), f.organisation("SAAQ")
    papier, ouverture = f.indicateur("papier"), f.indicateur("ouverture")
    avant, trimestre, suivant = (f.trimestre(f"2023-T{n}") for n in (1, 2, 3))
    f.cible(papier, "2023-T1", "50")
    futur = f.indicateur("futur", du=datetime.date(2024, 1, 1))
    strategie = Strategie.objects.create(code="promise", titre="Promise", debut=f.DEBUT, fin=f.FIN)
    validee = f.transmise(organisation, avant, {papier: (1, 2), ouverture: (1, 2)})
    validee.valider(par=f.relecteur(), le=f.instant("2023-04-20"))
    objets = {
        "validee": validee,
        "remplacee": (remplacee := f.validee(autre, avant, {papier: (1, 2), ouverture: (1, 2)})),
        "en_attente": f.transmise(f.organisation("BANQ"), avant, {papier: (1, 2), ouverture: (1, 2)}),
        "edition": (edition := f.edition(avant)),
        "corrigee": f.corrigee(remplacee, {papier: (2, 2)}, f.instant("2023-07-01")),
        "ouverte": f.brouillon(organisation, trimestre, {papier: (1, 2)}),
        "transmise": f.transmise(autre, trimestre, {papier: (1, 2), ouverture: (1, 2)}),
        "plan": f.plan(organisation),
        "plan_transmis": (plan := f.plan(autre)),
        "publieur": f.publieur(),
        "declarant": f.declarant(organisation),
    }
    plan.soumettre(par=plan.cree_par, le=plan.cree_le)
    f.sql("UPDATE organisations_utilisateur SET email = 'declarant@exemple.test' WHERE id = %s", objets["declarant"].pk)
    objets |= {"organisation": organisation, "autre": autre, "papier": papier, "ouverture": ouverture, "futur": futur}
    objets |= {"avant": avant, "trimestre": trimestre, "suivant": suivant, "strategie": strategie}
    return SimpleNamespace(**{nom: objet.pk for nom, objet in objets.items()}, empreinte=edition.empreinte)


def inserer(table: str, monde: SimpleNamespace, **changements: Any) -> int:
    """Insère en SQL brut une ligne juste, ainsi changée; un texte qui nomme un objet du monde vaut sa clé."""
    objets = {colonne: getattr(monde, v, v) if isinstance(v, str) else v for colonne, v in changements.items()}
    ligne = ligne_juste(table, monde) | objets
    return f.sql(f"INSERT INTO {table} ({', '.join(ligne)}) VALUES ({', '.join(['%s'] * len(ligne))})", *ligne.values())


def ligne_juste(table: str, m: SimpleNamespace) -> dict[str, Any]:
    """Une ligne que la table accepte."""
    le, jour, fin = f.instant("2024-01-15"), datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)
    qui, autre = m.publieur, m.declarant
    journal = {"de": "BROUILLON", "vers": "SOUMIS", "par_id": qui, "le": le, "motif": ""}
    dossier = {"version": 1, "statut": "BROUILLON", "motif_de_correction": "", "cree_le": le, "cree_par_id": qui}
    return {
        "organisations_organisation": {
            "sigle": "NEUF", "slug": "neuf", "nom": "Neuf", "categorie": "AUTRE", "assujettie_du": jour, "site_web": "",
        },
        "organisations_utilisateur": {
            "password": "", "is_superuser": False, "email": "neuf@exemple.test", "nom": "", "is_active": True,
            "is_staff": False, "inscrit_le": le,
        },
        "organisations_strategie": {"code": "neuve", "titre": "Neuve", "debut": jour, "fin": fin},
        "organisations_habilitation": {
            "personne_id": qui, "organisation_id": m.organisation, "role": "REDACTION", "accordee_par_id": qui,
            "accordee_le": le,
        },
        "organisations_plantransformation": {
            **dossier, "organisation_id": m.autre, "strategie_id": m.strategie, "debut": jour, "fin": fin,
            "resume": "Résumé", "document": "",
        },
        "organisations_initiative": {
            "plan_id": m.plan, "rang": 9, "titre": "Titre", "changement": "", "debut": jour, "fin": fin,
            "etat": "PREVUE", "progres": 0,
        },
        "organisations_evenementplan": {**journal, "dossier_id": m.plan},
        "indicateurs_indicateur": {
            "code": "neuf", "intitule": "Neuf", "libelle_numerateur": "n", "libelle_denominateur": "d",
            "agregation": "PART_GLOBALE", "seuil": 50, "denominateur_minimal": 0, "ordre": 0,
        },
        "indicateurs_definition": {
            "indicateur_id": m.papier, "applicable_du": jour, "texte": "Texte", "rupture": False, "explication": "",
        },
        "indicateurs_cible": {
            "indicateur_id": m.papier, "trimestre_id": m.suivant, "organisation_id": None, "pourcentage": 75,
        },
        "indicateurs_trimestre": {
            "annee": 2024, "numero": 4, "code": "2024-T4", "ouvre_le": jour, "echeance_le": fin,
        },
        "indicateurs_prolongation": {
            "organisation_id": m.organisation, "trimestre_id": m.trimestre, "echeance_le": fin, "motif": "Inondation",
            "accordee_par_id": qui, "accordee_le": le,
        },
        "indicateurs_soumission": {**dossier, "organisation_id": m.organisation, "trimestre_id": m.suivant},
        "indicateurs_valeur": {
            "soumission_id": m.ouverte, "indicateur_id": m.ouverture, "numerateur": 1, "denominateur": 2, "absence": "",
            "motif": "", "note": "", "justification": "",
        },
        "indicateurs_evenementsoumission": {**journal, "dossier_id": m.ouverte},
        "indicateurs_ficheexpertise": {
            **dossier, "organisation_id": m.organisation, "indicateur_id": m.papier, "reference": "fiche",
            "titre": "Titre", "realisation": "", "resultat": "", "contact": "",
        },
        "indicateurs_demandeaccompagnement": {
            "organisation_id": m.organisation, "objet": "Objet", "demandee_par_id": qui, "demandee_le": le,
        },
        "barometre_edition": {
            "code": "2023-T2", "rang": 2, "trimestre_id": m.trimestre, "correctif": 0, "arretee_le": le,
            "publiee_par_id": autre, "note": "", "fictive": False, "catalogue": "{}", "empreinte": "0" * 64,
            "precedente_id": m.edition,
        },
        "barometre_agregat": {
            "edition_id": m.edition, "indicateur_id": m.papier, "trimestre_id": m.suivant, "portefeuille_id": None,
            "attendues": 3, "repondantes": 2, "calculables": 2, "numerateur": 1, "denominateur": 2, "au_dessus": 1,
            "sans_objet": 0, "non_disponibles": 0,
        },
    }[table]  # fmt: skip
