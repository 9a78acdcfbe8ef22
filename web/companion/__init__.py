"""The live companion: workers ask, the programme answers, the archive remembers."""
