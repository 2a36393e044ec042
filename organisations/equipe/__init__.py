"""Qui parle pour une organisation: habilitations et invitations."""
