"""`python -m tools.dialogue_training [--score] [--plain]`: writes transcribe/segmenting/dialogue/vi.npz.

With `--score` nothing is written: each shared programme (../shared) is read by weights learnt from all others, and
how many questions are found is printed, as `score_programmes.py` counts them. `--plain`: without vectors.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from tools.dialogue_training.fitting import fitted
from tools.dialogue_training.learning import KeptVectors, Sample, features, sample_of, vocabulary_of
from tools.dialogue_training.scripts import (
    ROOT,
    Asked,
    Programme,
    demo_programmes,
    own_programmes,
    shared_programmes,
)
from transcribe.segmenting.dialogue.chain import Array, Chain
from transcribe.segmenting.dialogue.features import VECTORS
from transcribe.segmenting.dialogue.reading import LEAST, PARTS, found_questions

KEPT = ROOT / "bench-results/dialogue-vectors.npz"
WEIGHTS = ROOT / "transcribe/segmenting/dialogue/vi.npz"
EARLY, LATE = 6.0, 6.0
"""Seconds before the hand-over and after the answer's start between which a start is right."""
LEVELS = np.arange(0.2, 0.75, 0.05)


def right(starts: Sequence[float], asked: Sequence[Asked]) -> int:
    """How many questions have a start of their own."""
    free, count = list(starts), 0
    for each in asked:
        near = [start for start in free if each.handover - EARLY <= start <= each.answer_start + LATE]
        if near:
            free.remove(min(near, key=lambda start: abs(start - each.handover)))
            count += 1
    return count


def score(programmes: Sequence[Programme], vectors: KeptVectors | None) -> None:
    """Print recall, precision and F1 at several levels, and each programme's at the one the product takes."""
    samples = {(p.name, heard): sample_of(p, heard=heard) for p in programmes for heard in (False, True)}
    read: dict[tuple[str, bool], Array] = {}
    for programme in (each for each in programmes if each.shared):
        others = [sample for (name, _), sample in samples.items() if name != programme.name]
        vocabulary = vocabulary_of([each for each in others if not each.heard])
        chain = learnt(others, vocabulary, vectors)
        for heard in (False, True):
            sample = samples[programme.name, heard]
            read[programme.name, heard] = chain.probabilities(features(sample, vocabulary, vectors))
    for heard in (False, True):
        print("misheard" if heard else "as written")
        for level in [*LEVELS, LEAST]:
            counts = []
            for programme in (each for each in programmes if each.shared):
                units = samples[programme.name, heard].units
                found = found_questions(units, read[programme.name, heard], level)
                starts = [units[each.start].start for each in found]
                counts.append((right(starts, programme.asked), len(starts), len(programme.asked)))
            hits, suggested, true = map(sum, zip(*counts, strict=True))
            print(
                f"  from {level:.2f}: recall {hits / true:.2f} precision {hits / max(1, suggested):.2f} "
                f"F1 {2 * hits / (true + suggested):.3f}"
            )
        print("  ", counts)


def learnt(samples: Sequence[Sample], vocabulary: Sequence[str], vectors: KeptVectors | None) -> Chain:
    """The chain that fits the samples."""
    seen = [features(each, vocabulary, vectors) for each in samples]
    return fitted(seen, [each.roles for each in samples], VECTORS if vectors is not None else 0)


def write(programmes: Sequence[Programme], vectors: KeptVectors) -> None:
    """Learn from all programmes, with vectors and without, and write the weights."""
    samples = [sample_of(each, heard=heard) for each in programmes for heard in (False, True)]
    vocabulary = vocabulary_of([each for each in samples if not each.heard])
    stored: dict[str, object] = {"vocabulary": np.array(vocabulary)}
    for name, used in (("plain", None), ("meaning", vectors)):
        chain = learnt(samples, vocabulary, used)
        stored |= {f"{name}_{part}": getattr(chain, part).astype(np.float32) for part in PARTS}
    np.savez_compressed(WEIGHTS, **stored)
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size / 1000:.0f} kB, learnt from {len(programmes)} programmes")


def main(arguments: Sequence[str]) -> None:
    """See the module."""
    programmes = [*own_programmes(), *demo_programmes(), *shared_programmes()]
    kept = KeptVectors(KEPT)
    if "--score" in arguments:
        score(programmes, None if "--plain" in arguments else kept)
    else:
        write(programmes, kept)


if __name__ == "__main__":
    main(sys.argv[1:])
