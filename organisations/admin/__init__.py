"""L'administration des organisations."""

from organisations.admin import catalogue, habilitations, invitations, personnes, plans, traces

__all__ = ["catalogue", "habilitations", "invitations", "personnes", "plans", "traces"]
