"""L'identifiant de la demande HTTP en cours, que le journal et les erreurs citent; vide hors d'une demande.

Et d'où elle vient, à un réseau près.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PREFIXES = {4: 24, 6: 48}
_EN_COURS: ContextVar[str] = ContextVar("requete", default="")


def requete_courante() -> str:
    """L'identifiant de la demande en cours."""
    return _EN_COURS.get()


@contextmanager
def identifiee(identifiant: str) -> Iterator[None]:
    """Le temps d'une demande."""
    jeton = _EN_COURS.set(identifiant)
    try:
        yield
    finally:
        _EN_COURS.reset(jeton)


def reseau(adresse: str) -> str:
    """Le réseau d'une adresse: /24 en IPv4, /48 en IPv6. On sait d'où, sans savoir quel poste."""
    lue = ipaddress.ip_address(adresse)
    if isinstance(lue, ipaddress.IPv6Address):
        lue = lue.ipv4_mapped or ipaddress.IPv6Address(int(lue))  # sans sa zone (« %eth0 »)
    return str(ipaddress.ip_network(f"{lue}/{PREFIXES[lue.version]}", strict=False))
