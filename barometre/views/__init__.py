"""Les pages publiques: quel objet, quelle page; le reste vit ailleurs."""
