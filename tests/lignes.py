"""Une ligne juste pour chaque table, en colonnes: ce que les épreuves en SQL brut changent d'un trait."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from simple_history.models import HistoricalChanges

from barometre.models import Parution
from indicateurs.models import (
    DemandeAccompagnement,
    DemandeProlongation,
    FicheExpertise,
    LigneDeRappel,
    Palier,
    Rappel,
)
from organisations.models import (
    Attribution,
    ContenuDInitiative,
    ContenuDuPlan,
    FormuleDeRenvoi,
    Invitation,
    Role,
    Strategie,
)
from tests import fabrique as f


def _est_une_histoire(modele: type[Model]) -> bool:
    """Une table de django-simple-history: le catalogue la remplit, et l'on ne fait qu'y ajouter."""
    return issubclass(modele, HistoricalChanges)


LOCAUX = [m for m in apps.get_models() if m._meta.app_label in ("organisations", "indicateurs", "barometre")]
HISTOIRES = [modele for modele in LOCAUX if _est_une_histoire(modele)]
MODELES = [modele for modele in LOCAUX if not _est_une_histoire(modele)]
ECHEANCE = datetime.date(2023, 8, 14)  # celle du rappel qui existe


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
    f.trace(objets["publieur"])
    objets["publieur"].groups.add(Group.objects.create(name="Publication"))
    Attribution.objects.create(portefeuille=organisation.ministere, relecteur=objets["publieur"])
    FormuleDeRenvoi.objects.create(texte="Vérifiez le dénominateur.")
    jour = datetime.date(2023, 11, 15)
    Parution.objects.annoncer(trimestre=suivant, jour=jour, par=objets["publieur"], le=f.instant("2023-06-01"))
    objets |= {"organisation": organisation, "tete": organisation.ministere, "autre": autre}
    objets |= {"papier": papier, "ouverture": ouverture, "futur": futur}
    objets |= {"avant": avant, "trimestre": trimestre, "suivant": suivant, "strategie": strategie}
    objets |= _des_gens(organisation) | _d_autres_dossiers(organisation, papier) | _du_temps(organisation, trimestre)
    f.sql("UPDATE organisations_utilisateur SET email = 'declarant@exemple.test' WHERE id = %s", objets["declarant"].pk)
    return SimpleNamespace(**{nom: objet.pk for nom, objet in objets.items()}, empreinte=edition.empreinte)


def _des_gens(organisation) -> dict[str, Any]:
    """Une organisation remplacée, une habilitation révoquée, des invitations acceptée, retirée et en attente."""
    f.organisation("FINIE", assujettie_au=datetime.date(2019, 12, 31), remplacee_par=organisation)
    par, invitee, le = f.declarant(organisation), f.personne(), f.instant("2023-05-01")
    f.declarant(organisation).habilitations.get().revoquer(par=f.personne(), le=le)
    acceptee, _, en_attente = (
        Invitation.objects.inviter(courriel, organisation=organisation, role=Role.REDACTION, par=par, le=le)
        for courriel in (invitee.email, "attendue@exemple.test", "attendue@exemple.test")
    )
    acceptee.accepter(par=invitee, le=le)
    return {"acceptee": acceptee, "attendue": en_attente}


def _d_autres_dossiers(organisation, indicateur) -> dict[str, Any]:
    """Un plan récrit, un plan et une fiche validés, une demande d'appui close, une cible d'organisation."""
    par, cqen, le = f.declarant(organisation), f.relecteur(), f.instant("2023-05-01")
    recrit, plan = f.plan(organisation), f.plan(organisation)
    initiatives = [ContenuDInitiative("En ligne", f.DEBUT, f.FIN)]
    recrit.rediger(ContenuDuPlan(f.DEBUT, f.FIN, "Récrit.", initiatives), par=par, le=le)
    fiche, _ = (
        FicheExpertise.objects.create(
            organisation=organisation, indicateur=indicateur, reference=reference, titre="Titre", realisation="Fait",
            resultat="Obtenu", contact="a@exemple.test", cree_le=le, cree_par=par,
        )
        for reference in ("fiche-validee", "fiche-ouverte")
    )  # fmt: skip
    for dossier in (plan, fiche):
        dossier.soumettre(par=par, le=le)
        dossier.valider(par=cqen, le=le)
    appui = DemandeAccompagnement.objects.create(
        organisation=organisation, indicateur=indicateur, objet="Objet", demandee_par=par, demandee_le=le,
        suivie_par=cqen,
    )  # fmt: skip
    accompagne = f.personne("indicateurs.accompagner", is_staff=True)
    appui.repondre("Voici.", par=accompagne, le=le)
    appui.clore(par=accompagne, le=le)
    f.cible(indicateur, "2023-T1", "60", organisation=organisation)
    strategies = {"strategie_validee": plan.strategie, "strategie_ouverte": recrit.strategie}
    return {"plan_valide": plan, "fiche": fiche, "appui": appui} | strategies


def _du_temps(organisation, trimestre) -> dict[str, Any]:
    """Une prolongation accordée, une demande en attente, et le rappel d'une personne."""
    le, fin = f.instant("2023-07-10"), trimestre.echeance_le + datetime.timedelta(days=10)
    accordee, _ = (
        DemandeProlongation.objects.demander(
            organisation=pour, trimestre=trimestre, echeance_souhaitee=fin, motif="Inondation", par=f.personne(), le=le
        )
        for pour in (organisation, f.organisation("PRESSEE"))
    )
    prolongation = accordee.accorder(par=f.personne("indicateurs.add_prolongation"), le=le)
    rappel = Rappel.objects.create(personne=f.personne(), jour=le.date(), envoye_le=le)
    for palier in (Palier.EN_RETARD, Palier.A_LA_MAIN):
        LigneDeRappel.objects.create(
            rappel=rappel, personne=rappel.personne, organisation=organisation, trimestre=trimestre,
            echeance_le=ECHEANCE, palier=palier,
        )  # fmt: skip
    pressee = f.Organisation.objects.get(sigle="PRESSEE")
    return {"prolongation": prolongation, "pressee": pressee, "rappel": rappel, "rappelee": rappel.personne}


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
        "organisations_invitation": {
            "organisation_id": m.organisation, "courriel": "neuve@exemple.test", "role": "REDACTION",
            "invitee_par_id": qui, "invitee_le": le,
        },
        "organisations_attribution": {"portefeuille_id": m.tete, "relecteur_id": autre},
        "organisations_formulederenvoi": {"texte": "Ajoutez la preuve.", "ordre": 0},
        "organisations_trace": {
            "par_id": qui, "le": le, "adresse": "192.0.2.0/24", "requete": "a" * 32, "page": "/admin/", "objet": "",
            "geste": "Entre", "statut": 302,
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
        "indicateurs_demandeprolongation": {
            "organisation_id": m.organisation, "trimestre_id": m.suivant, "echeance_souhaitee": fin,
            "motif": "Inondation", "demandee_par_id": autre, "demandee_le": le, "reponse": "",
        },
        "indicateurs_rappel": {"personne_id": qui, "jour": jour, "envoye_le": le},
        "indicateurs_lignederappel": {
            "rappel_id": m.rappel, "personne_id": m.rappelee, "organisation_id": m.autre, "trimestre_id": m.trimestre,
            "echeance_le": ECHEANCE, "palier": Palier.EN_RETARD,
        },
        "indicateurs_soumission": {**dossier, "organisation_id": m.organisation, "trimestre_id": m.suivant},
        "indicateurs_valeur": {
            "soumission_id": m.ouverte, "indicateur_id": m.ouverture, "numerateur": 1, "denominateur": 2, "absence": "",
            "motif": "", "note": "", "justification": "", "preuve": "https://exemple.test/",
        },
        "indicateurs_evenementsoumission": {**journal, "dossier_id": m.ouverte},
        "indicateurs_ficheexpertise": {
            **dossier, "organisation_id": m.organisation, "indicateur_id": m.papier, "reference": "fiche",
            "titre": "Titre", "realisation": "", "resultat": "", "contact": "",
        },
        "indicateurs_evenementfiche": {**journal, "dossier_id": m.fiche},
        "indicateurs_demandeaccompagnement": {
            "organisation_id": m.organisation, "objet": "Objet", "demandee_par_id": qui, "demandee_le": le,
        },
        "indicateurs_messageaccompagnement": {
            "demande_id": m.appui, "par_id": qui, "le": le, "texte": "Merci.",
        },
        "barometre_edition": {
            "code": "2023-T2", "rang": 2, "trimestre_id": m.trimestre, "correctif": 0, "arretee_le": le,
            "publiee_par_id": autre, "note": "", "fictive": False, "catalogue": "{}", "empreinte": "0" * 64,
            "precedente_id": m.edition,
        },
        "barometre_parution": {
            "trimestre_id": m.trimestre, "jour": jour, "annoncee_le": le, "annoncee_par_id": qui, "change": False,
            "motif": "",
        },
        "barometre_agregat": {
            "edition_id": m.edition, "indicateur_id": m.papier, "trimestre_id": m.suivant, "portefeuille_id": None,
            "categorie": "", "attendues": 3, "repondantes": 2, "calculables": 2, "numerateur": 1, "denominateur": 2,
            "au_dessus": 1, "sans_objet": 0, "non_disponibles": 0,
        },
    }[table]  # fmt: skip
