"""The live process: sessions of encoders, written as segments."""
