"""Settings, and what the machine allows."""
