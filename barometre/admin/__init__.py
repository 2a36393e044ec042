"""L'administration des publications."""

from barometre.admin import calendrier, editions

__all__ = ["calendrier", "editions"]
