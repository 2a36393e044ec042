"""Les balises des pages publiques."""
