"""Synthetic voices of the demonstration archive: espeak-ng for Vietnamese, flite for English."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 32_000  # Hz, mono
LEVEL = 0.085  # RMS of speech, about -21 dBFS: near the -16 LUFS of speech on the web once encoded
Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """How one person speaks. `speed` is words a minute (espeak-ng) or a duration stretch (flite)."""

    engine: str
    name: str
    speed: float
    pitch: int = 50

    def command(self, text: str, out: Path) -> list[str]:
        """The command line that speaks `text` into a WAV file."""
        if self.engine == "flite":
            return [
                "flite",
                "-voice",
                self.name,
                "--setf",
                f"duration_stretch={self.speed}",
                "-t",
                text,
                "-o",
                str(out),
            ]
        return [
            "espeak-ng",
            "-v",
            self.name,
            "-s",
            str(self.speed),
            "-p",
            str(self.pitch),
            "-w",
            str(out),
            text,
        ]


SOUTH = "vi-vn-x-south"
VOICES = {
    "host": Voice("espeak-ng", f"{SOUTH}+f2", 165, 55),
    "guest_woman": Voice("espeak-ng", f"{SOUTH}+f4", 160, 42),
    "guest_man": Voice("espeak-ng", f"{SOUTH}+m3", 160, 38),
    "asker_woman": Voice("espeak-ng", f"{SOUTH}+f5", 170, 70),
    "asker_man": Voice("espeak-ng", f"{SOUTH}+m1", 170, 58),
    "english_host": Voice("flite", "slt", 1.05),
    "english_guest": Voice("flite", "rms", 1.05),
}


def speak(voice: Voice, text: str) -> Samples:
    """Speak one sentence: 32 kHz mono samples, silence at both ends cut, loudness evened."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "speech.wav"
        subprocess.run(voice.command(text, out), check=True, capture_output=True)
        samples, rate = _read_wav(out)
    return _level(_trim(_resample(samples, rate)))


def silence(seconds: float) -> Samples:
    """Nothing, for this long."""
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def write_wav(path: Path, samples: Samples) -> None:
    """Write 16-bit mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _read_wav(path: Path) -> tuple[Samples, int]:
    with wave.open(str(path), "rb") as file:
        raw = file.readframes(file.getnframes())
        return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(32768), file.getframerate()


def _resample(samples: Samples, rate: int) -> Samples:
    """By zero-padding the spectrum: exact for band-limited sound, and needs no other library."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)
    wide = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    kept = min(len(wide), len(spectrum))
    wide[:kept] = spectrum[:kept]
    return (np.fft.irfft(wide, count) * (count / len(samples))).astype(np.float32)


def _trim(samples: Samples, floor: float = 0.01) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > floor)
    margin = RATE // 50
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def _level(samples: Samples) -> Samples:
    gain = LEVEL / float(np.sqrt(np.mean(samples**2)))
    softened: Samples = (0.9 * np.tanh(samples * gain / 0.9)).astype(np.float32)
    return softened
