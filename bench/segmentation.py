"""Score the segmenter on real recordings: `python -m bench.segmentation [--each]`.

Reads `../shared/data/segmentation_*`, prints a table, writes `bench-results/segmentation.json`.

(a) Committee meetings (QMSum): Pk (Beeferman 1999) and WindowDiff (Pevzner and Hearst 2002) at turns, the
    window being half the mean reference segment. Reference borders are the starts of all spans of all
    topics, so a topic taken up again is a border again. The segmenter sees no speaker: turns become cues of
    at most 84 characters at 2.5 words a second, and each suggested chapter start goes to its nearest turn start.
    Settings chosen on either half of the 18 meetings alone scored 0.34 (no border: 0.42) and 0.39 (0.38) on the
    other: expect about 0.36 on meetings never seen.
(b) Earnings calls: a hand-over is a turn of an operator (a speaker with no long turn who says
    what only operators say, or a short turn inviting to ask) that names who asks and after which somebody else
    speaks; its moment is the start of the sentence that names the questioner. The suggested answers'
    starts are matched one to one within 10 s. Turns without times are spread between their neighbours.
(c) Interviews: a suggested answer is right when it starts within a turn of the host that contains a question mark.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bench.segmentation_data import (
    Turn,
    cues_of,
    hand_over_times,
    joined,
    read_call,
    read_interview,
    read_meeting,
)
from transcribe.cues import Cue
from transcribe.segmenting.rules import RuleSegmenter
from transcribe.segments import Segment, SegmentKind

DATA = Path(__file__).resolve().parents[2] / "shared/data"
RESULTS = Path(__file__).resolve().parents[1] / "bench-results/segmentation.json"
_TOLERANCE = 10.0


def suggest(turns: Sequence[Turn], kind: SegmentKind) -> list[Segment]:
    """What the segmenter suggests for English speech."""
    segments = RuleSegmenter().segment(cues_of(turns), "en", turns[-1].end)
    return [segment for segment in segments if segment.kind == kind]


# (a) committee meetings


def window_scores(truth: set[int], found: set[int], length: int) -> tuple[float, float]:
    """Pk and WindowDiff; a border `i` lies before turn `i`."""
    reach = max(2, round(length / (len(truth) + 1) / 2))
    differ = miscount = 0
    for start in range(length - reach):
        between = range(start + 1, start + reach + 1)
        wanted, given = sum(i in truth for i in between), sum(i in found for i in between)
        differ += (wanted == 0) != (given == 0)
        miscount += wanted != given
    return differ / (length - reach), miscount / (length - reach)


def turn_borders(turns: Sequence[Turn], chapters: Sequence[Segment]) -> set[int]:
    """The turns nearest to where chapters start."""
    starts = [turn.start for turn in turns]
    nearest = {
        min(range(len(starts)), key=lambda i: abs(starts[i] - chapter.start)) for chapter in chapters
    }
    return nearest - {0}


def score_meetings(paths: Sequence[Path]) -> list[dict[str, float]]:
    """Pk, WindowDiff and counts for each meeting."""
    rows = []
    for path in paths:
        turns, truth = read_meeting(path)
        found = turn_borders(turns, suggest(turns, SegmentKind.CHAPTER))
        even = {round(len(turns) * i / (len(truth) + 1)) for i in range(1, len(truth) + 1)}
        row: dict[str, float] = {"truth": len(truth), "found": len(found)}
        for name, borders in (("", found), ("none_", set[int]()), ("even_", even)):
            row[f"{name}pk"], row[f"{name}wd"] = window_scores(truth, borders, len(turns))
        rows.append(row)
    return rows


# (b) earnings calls


def match_times(truth: Sequence[float], found: Sequence[float]) -> int:
    """One-to-one matches within the tolerance, greedily in order."""
    matched, free = 0, sorted(found)
    for moment in sorted(truth):
        near = next((other for other in free if abs(other - moment) <= _TOLERANCE), None)
        if near is not None:
            free.remove(near)
            matched += 1
    return matched


def score_calls(paths: Sequence[Path]) -> list[dict[str, float]]:
    """Hand-overs, suggested answers and matches for each call."""
    rows = []
    for path in paths:
        turns = read_call(path)
        truth = hand_over_times(turns)
        found = [segment.start for segment in suggest(turns, SegmentKind.ANSWER)]
        rows.append({"truth": len(truth), "found": len(found), "matched": match_times(truth, found)})
    return rows


# (c) interviews


def score_interviews(paths: Sequence[Path]) -> list[dict[str, float]]:
    """How many suggested answers begin in a host's turn that asks, and how many such turns are found."""
    rows = []
    for path in paths:
        cues = read_interview(path)
        turns = joined(cues)
        host = cues[0].speaker
        asking = [turn for turn in turns if turn.speaker == host and "?" in turn.text]
        segments = RuleSegmenter().segment([Cue(c.start, c.end, c.text) for c in cues], "en", cues[-1].end)
        starts = [segment.start for segment in segments if segment.kind == SegmentKind.ANSWER]
        right = sum(any(turn.start - 0.5 <= start < turn.end for turn in asking) for start in starts)
        hit = sum(any(turn.start - 0.5 <= start < turn.end for start in starts) for turn in asking)
        any_host = sum(any(t.start - 0.5 <= s < t.end for t in turns if t.speaker == host) for s in starts)
        rows.append(
            {"truth": len(asking), "found": len(starts), "matched": right, "hit": hit, "host": any_host}
        )
    return rows


# the table


def average(rows: Sequence[dict[str, float]], key: str) -> float:
    """The mean of one column."""
    return sum(row[key] for row in rows) / max(1, len(rows))


def total(rows: Sequence[dict[str, float]], key: str) -> float:
    """The sum of one column."""
    return sum(row[key] for row in rows)


def f1(rows: Sequence[dict[str, float]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all rows together."""
    matched = total(rows, "matched")
    precision = matched / max(1.0, total(rows, "found"))
    recall = matched / max(1.0, total(rows, "truth"))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def halves(rows: list[dict[str, float]]) -> list[tuple[str, list[dict[str, float]]]]:
    """All rows, and every second one from the first and from the second (files sorted by name)."""
    return [("all", rows), ("half 1", rows[::2]), ("half 2", rows[1::2])]


def main() -> None:
    """Score, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", action="store_true", help="one line for each recording as well")
    arguments = parser.parse_args()
    began = time.perf_counter()
    meetings = sorted((DATA / "segmentation_qmsum/committee").glob("*.json"))
    calls = sorted((DATA / "segmentation_earnings22").glob("*.jsonl"))
    interviews = sorted((DATA / "segmentation_talkpython").glob("*.vtt"))
    results: dict[str, dict[str, dict[str, float]]] = {"meetings": {}, "calls": {}, "interviews": {}}
    for label, rows in halves(score_meetings(meetings)):
        keys = ("pk", "wd", "none_pk", "none_wd", "even_pk", "even_wd", "truth", "found")
        results["meetings"][label] = {key: round(average(rows, key), 3) for key in keys}
        if arguments.each and label == "all":
            for path, row in zip(meetings, rows, strict=True):
                print(path.name, {key: round(value, 2) for key, value in row.items()})
    for name, paths, score in (("calls", calls, score_calls), ("interviews", interviews, score_interviews)):
        for label, rows in halves(score(paths)):
            precision, recall, harmonic = f1(rows)
            row = {"precision": precision, "recall": recall, "f1": harmonic}
            if name == "interviews":
                row["recall"] = total(rows, "hit") / max(1.0, total(rows, "truth"))
                row["any_host_turn"] = total(rows, "host") / max(1.0, total(rows, "found"))
                del row["f1"]
            counts = {key: total(rows, key) for key in ("truth", "found", "matched")}
            results[name][label] = {key: round(value, 3) for key, value in (row | counts).items()}
            if arguments.each and label == "all":
                for path, each in zip(paths, rows, strict=True):
                    print(path.name, each)
    for name, table in results.items():
        for label, values in table.items():
            print(f"{name:11} {label:7} " + "  ".join(f"{key} {value:g}" for key, value in values.items()))
    print(
        "baselines   meetings: no border 0.40/0.40, even splits 0.46/0.47, a dozen phrases 0.38/0.39 (Pk/WindowDiff)"
    )
    print(f"{time.perf_counter() - began:.1f} s")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
