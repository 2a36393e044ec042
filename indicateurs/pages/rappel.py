"""Un rappel à la main: à qui il partirait, à qui non et pourquoi. Rien n'est écrit ici."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone

from indicateurs import mots, rappels
from indicateurs.affichage import accorder
from indicateurs.models import Trimestre
from indicateurs.rappels import Envois, Ligne
from organisations.models import Organisation, Utilisateur

Destinataires = Mapping[Utilisateur, Sequence[Ligne]]


@dataclass(frozen=True)
class Prevision:
    """Ce que ferait un rappel de ces organisations, pour ce trimestre, à cet instant."""

    choisies: Sequence[Organisation]
    envois: Envois  # qui recevra un courriel, et pour quoi
    deja: Envois  # qui en a déjà reçu un aujourd'hui
    muettes: Sequence[Organisation]  # personne n'y est habilité
    ecartees: Mapping[Organisation, str]  # rien à y rappeler, et pourquoi

    @property
    def empreinte(self) -> str:
        """Ce que la page montre: confirmer ne vaut que pour cela."""
        lignes = sorted((qui.pk, a.organisation.pk, str(a.echeance_le)) for qui, a in _attentes(self.envois))
        return sha256(repr(lignes).encode()).hexdigest()

    @property
    def titre(self) -> str:
        """« 3 rappels, pour 4 échéances »."""
        echeances = {(a.organisation.pk, a.trimestre.pk) for _, a in _attentes(self.envois)}
        return f"{accorder(len(self.envois), 'rappel')}, pour {accorder(len(echeances), 'échéance')}"


def _attentes(envois: Envois):
    return [(personne, ligne.attente) for personne, lignes in envois.items() for ligne in lignes]


def prevoir(choisies: Sequence[Organisation], trimestre: Trimestre, le: datetime.datetime) -> Prevision:
    """Huit requêtes au plus, quel que soit le nombre d'organisations."""
    dues = rappels.dues(choisies, trimestre, le)
    joignables = rappels.a_la_main(dues, rappels.joignables())
    envois = rappels.a_la_main(dues, rappels.pas_rappelees(timezone.localdate(le)))
    attendues = {attente.organisation for attente in dues}
    jointes = {attente.organisation for _, attente in _attentes(joignables)}
    return Prevision(
        choisies,
        _ranger(envois),
        _ranger({qui: lignes for qui, lignes in joignables.items() if qui not in envois}),
        [o for o in choisies if o in attendues - jointes],
        {o: _pourquoi(o, trimestre, le) for o in choisies if o not in attendues},
    )


def _ranger(envois: Envois) -> Envois:
    """Par organisation, puis par nom."""
    cles = sorted(envois, key=lambda qui: (envois[qui][0].attente.organisation.sigle, str(qui), qui.pk))
    return {qui: envois[qui] for qui in cles}


def _pourquoi(organisation: Organisation, trimestre: Trimestre, le: datetime.datetime) -> str:
    """Pourquoi il n'y a rien à rappeler à cette organisation."""
    if not trimestre.est_ouvert(le):
        return f"le trimestre ouvre le {mots.date(trimestre.ouvre_le)}"
    return "déjà transmis" if organisation.est_attendue(trimestre.fin) else "n'a pas à déclarer ce trimestre"
