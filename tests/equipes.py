"""Une équipe, une invitation et leurs adresses."""

import re

from django.urls import reverse

from organisations.equipe import jeton
from organisations.horloge import maintenant
from organisations.models import Habilitation, Invitation, Role
from tests import fabrique as f

MOT_DE_PASSE = "cheval batterie agrafe juste"
COMPTE = {"nom": "Ève Côté", "mot_de_passe": MOT_DE_PASSE}


def invitation(courriel: str = "eve@exemple.test", role: str = Role.REDACTION, **champs) -> Invitation:
    organisation = f.organisation()
    return Invitation.objects.inviter(
        courriel, organisation=organisation, role=role, par=f.declarant(organisation), le=maintenant(), **champs
    )


def lien(pour: Invitation) -> str:
    return reverse("invitation", args=[jeton.jeton_de(pour)])


def sans_csrf(reponse) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", reponse.content)


ENVOI = {"courriel": "eve@exemple.test", "role": Role.REDACTION}


def equipe(organisation) -> str:
    return f"/espace/{organisation.slug}/equipe/"


def gestes(organisation, personne) -> list[tuple[str, dict]]:
    """Chaque geste d'équipe, sur cette personne."""
    tenue = personne.habilitations.get()
    invitee = Invitation.objects.inviter(
        "lea@exemple.test",
        organisation=organisation,
        role=Role.REDACTION,
        par=f.declarant(organisation),
        le=maintenant(),
    )
    ici = equipe(organisation)
    return [
        (ici, ENVOI),
        (f"{ici}invitations/{invitee.pk}/retirer/", {}),
        (f"{ici}habilitations/{tenue.pk}/revoquer/", {}),
        (f"{ici}habilitations/{tenue.pk}/changer/", {}),
    ]


def photo() -> dict:
    return f.photo(Invitation, Habilitation)
