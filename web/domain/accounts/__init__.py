"""Who works in the studio, and how they sign in."""
