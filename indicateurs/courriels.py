"""Les courriels des trimestres: texte brut, en français, une personne à la fois."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.utils import timezone

from indicateurs import mots, phrases
from organisations.courriels import adresse, ecrire, envoyer_ensuite, remettre
from organisations.models import Habilitation, Statut

if TYPE_CHECKING:
    from indicateurs.calendrier import Attente

# Ce qui arrive à une demande d'accompagnement, dit à l'autre partie.
DEMANDE = "Une organisation demande l'appui du CQEN."
MESSAGE = "Il y a un nouveau message dans une demande d'accompagnement."
REPONSE = "Le CQEN (Centre québécois d'excellence numérique) a répondu à votre demande d'accompagnement."
CLOTURE = "Une demande d'accompagnement est close."


def rappeler(personne, attentes: "Sequence[Attente]", le: datetime.datetime, connexion: Any = None) -> None:
    """Rappelle aussitôt, en un courriel, tout ce qu'une personne doit transmettre. Lève `OSError` s'il ne part pas."""
    lignes = [
        {
            "organisation": attente.organisation,
            "trimestre": attente.trimestre.code,
            "echeance": phrases.echeance(attente.echeance_le, timezone.localdate(le)),
            "adresse": adresse("saisie", attente.organisation.slug, attente.trimestre.code),
        }
        for attente in attentes
    ]
    sujet = f"Rappel : {_de(attentes[0]) if len(lignes) == 1 else f'{len(lignes)} échéances'}"
    remettre(ecrire(personne.email, sujet, "rappel", {"lignes": lignes}), connexion)


def accuser(soumission, par) -> None:
    """Envoie l'accusé de ce qui vient d'être transmis à qui l'a transmis, une fois la transmission acquise."""
    cle = (soumission.organisation.slug, soumission.trimestre.code, soumission.version)
    contexte = {
        "soumission": soumission,
        "empreinte": soumission.journal.filter(vers=Statut.SOUMIS).order_by("pk").last().empreinte,
        "page": adresse("accuse", *cle),
        "texte": adresse("accuse_en_texte", *cle),
    }
    envoyer_ensuite(par.email, f"Accusé de transmission : {_de(soumission)}", "accuse", contexte)


def annoncer_la_demande(demande) -> None:
    """Dit à l'équipe du CQEN qu'une organisation demande plus de temps, une fois la demande enregistrée."""
    contexte = {"demande": demande, "page": adresse("admin:indicateurs_demandeprolongation_change", demande.pk)}
    for membre in ModelBackend().with_perm("indicateurs.add_prolongation").order_by("pk"):
        envoyer_ensuite(membre.email, f"Prolongation demandée : {_de(demande)}", "prolongation_demandee", contexte)


def repondre_a_la_demande(demande) -> None:
    """Donne la réponse du CQEN à qui a demandé plus de temps, à défaut à qui transmet, une fois enregistrée."""
    page = adresse("saisie", demande.organisation.slug, demande.trimestre.code)
    sujet = f"Prolongation {'accordée' if demande.prolongation else 'refusée'} : {_de(demande)}"
    contexte = {"demande": demande, "page": page}
    for personne in Habilitation.objects.destinataires(demande.organisation, Q(personne=demande.demandee_par_id)):
        envoyer_ensuite(personne.email, sujet, "prolongation_repondue", contexte)


def annoncer_la_prolongation(prolongation) -> None:
    """Dit à l'organisation sa nouvelle échéance: la réponse à qui la demandait, sinon l'annonce à ses titulaires."""
    if demande := getattr(prolongation, "demande", None):
        repondre_a_la_demande(demande)
        return
    page = adresse("saisie", prolongation.organisation.slug, prolongation.trimestre.code)
    contexte = {"prolongation": prolongation, "page": page}
    for personne in Habilitation.objects.destinataires(prolongation.organisation, Q()):
        envoyer_ensuite(personne.email, f"Échéance repoussée : {_de(prolongation)}", "prolongation_accordee", contexte)


def accuser_la_fiche(fiche, par) -> None:
    """Accuse la transmission d'une fiche d'expertise à qui l'a transmise."""
    contexte = {"fiche": fiche, "page": adresse("fiche", fiche.organisation.slug, fiche.reference)}
    envoyer_ensuite(par.email, f"Fiche transmise : {fiche.organisation.sigle}", "fiche_transmise", contexte)


def prevenir_le_cqen(demande, quoi: str) -> None:
    """Dit à qui suit la demande, à défaut à toute l'équipe, ce que l'organisation vient de faire."""
    page = adresse("admin:indicateurs_demandeaccompagnement_change", demande.pk)
    equipe = ModelBackend().with_perm("indicateurs.accompagner").order_by("pk")
    for membre in equipe.filter(pk=demande.suivie_par_id) or equipe:
        _prevenir(membre, demande, quoi, page)


def prevenir_l_organisation(demande, quoi: str) -> None:
    """Dit à qui tient ce fil dans l'organisation ce que le CQEN vient de faire."""
    page = adresse("demande", demande.organisation.slug, demande.pk)
    for personne in demande.interlocuteurs():
        _prevenir(personne, demande, quoi, page)


def _prevenir(personne, demande, quoi: str, page: str) -> None:
    """Ni le message ni le nom de qui l'écrit ne voyagent par courriel: la page les montre."""
    contexte = {"demande": demande, "quoi": quoi, "page": page}
    envoyer_ensuite(personne.email, f"Accompagnement : {demande.organisation.sigle}", "accompagnement", contexte)


def _de(ligne) -> str:
    """« RAMQ, 1er trimestre de 2023 », pour un sujet."""
    return f"{ligne.organisation.sigle}, {mots.trimestre(ligne.trimestre.code)}"
