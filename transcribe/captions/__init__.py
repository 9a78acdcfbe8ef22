"""Caption files in and out, and words laid out as cues."""
