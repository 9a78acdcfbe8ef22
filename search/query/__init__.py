"""What a person typed: understood, corrected, ranked and highlighted."""
