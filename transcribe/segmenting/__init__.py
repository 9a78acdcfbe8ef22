"""From cues to suggested chapters and answers."""
