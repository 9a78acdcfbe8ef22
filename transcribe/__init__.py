"""From speech to words, cues, captions, chapters and answers."""
