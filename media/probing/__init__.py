"""What a file is: streams, length, loudness, the waveform."""
