"""Letters, syllables, sounds and numbers of Vietnamese text; pure."""
