"""Building passages: what of an episode can be found.

Answers and chapters are found by what they are called and what is said in them; everything said is
also found as runs of cues. Runs never cross the edge of an answer or the start of a chapter, so that
an index can tell which runs say again what an answer already says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from media.archive.episodes import Episode, Guest
from search.passages.passage import Passage, PassageKind
from search.text.folding import fold, nfc, tokens
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind, SegmentState
from transcribe.transcripts import Transcript

RUN_SYLLABLES = 60
"""A run of cues ends at the first end of a sentence from here on …"""
RUN_SECONDS = 30.0
RUN_SYLLABLES_LIMIT = 90
"""… and before this at the best place there is: where a sentence ends, or at the longest pause."""
RUN_SECONDS_LIMIT = 60.0
REMNANT_SYLLABLES = 15
"""A shorter rest goes to the run before it."""
PAUSE_SECONDS = 2.0
"""A pause ends a sentence where punctuation is missing, as in machine transcripts."""
SILENCE_SECONDS = 10.0
"""Nothing is one moment across such a silence."""
_HEARD_SHORT = 2
"""An answerer of so few words is a title and a given name."""
OPENING_SECONDS = 10.0
"""A run that starts within this time of a chapter's start opens it."""


def passages_of(
    episode: Episode, transcript: Transcript | None, segments: Sequence[Segment]
) -> list[Passage]:
    """All passages of an episode: answers, then chapters, then runs of cues, each by start (seconds).

    Without a transcript there are only the titles of segments; without segments only runs.
    """
    cues = sorted(
        (c for c in (transcript.cues if transcript else ()) if c.text.strip()), key=lambda c: c.start
    )
    language = transcript.language if transcript else episode.language
    blank = Passage(
        "", episode.slug, PassageKind.SPEECH, "", "", 0.0, 0.0,
        episode.programme, nfc(episode.title), episode.date, language, episode.topics,
        organisations=organisations(episode.guests),
    )  # fmt: skip
    answers = _of_kind(segments, SegmentKind.ANSWER)
    chapters = _of_kind(segments, SegmentKind.CHAPTER)
    speech = [_speech(blank, run) for run in _runs(cues, _edges(answers, chapters))]
    found = [
        *(_answer(blank, segment, cues, episode.guests) for segment in answers),
        *(_chapter(blank, segment, _opening(segment, speech)) for segment in chapters),
        *speech,
    ]
    return list(_identified(p for p in found if p.title or p.text))


def _of_kind(segments: Sequence[Segment], kind: SegmentKind) -> list[Segment]:
    """Segments of a kind by start; of two with the same start the confirmed one comes first."""
    return sorted(
        (s for s in segments if s.kind is kind and s.end > s.start),
        key=lambda s: (s.start, s.state is not SegmentState.CONFIRMED, -s.confidence),
    )


def organisations(guests: Iterable[Guest], answerers: Sequence[str] = ()) -> tuple[str, ...]:
    """For whom the answerers speak; of all guests, when nobody says or knows who answers.

    An answerer is heard with titles (“Luật sư Trần Thị Hoà”) or by the last part of the name (“bà Hoà”).
    """
    guests = list(guests)
    known = [g for g in guests if any(_same_person(g.name, name) for name in answerers)]
    return tuple(dict.fromkeys(name for g in known or guests if (name := _plain(g.organisation))))


def _same_person(guest: str, answerer: str) -> bool:
    name, heard = fold(_plain(guest)).split(), fold(_plain(answerer)).split()
    inside = any(heard[at : at + len(name)] == name for at in range(len(heard)))
    return bool(name and heard) and (inside or (len(heard) <= _HEARD_SHORT and heard[-1] == name[-1]))


def _answer(blank: Passage, segment: Segment, cues: Sequence[Cue], guests: Sequence[Guest]) -> Passage:
    return replace(
        blank,
        kind=PassageKind.ANSWER,
        title=nfc(segment.question or segment.title).strip(),
        text=said(cues, segment.start, segment.end),
        start=segment.start,
        end=segment.end,
        topics=segment.topics or blank.topics,
        answerers=segment.answerers,
        organisations=organisations(guests, segment.answerers),
        outdated=segment.outdated,
    )


def _chapter(blank: Passage, segment: Segment, opening: str) -> Passage:
    return replace(
        blank,
        kind=PassageKind.CHAPTER,
        title=nfc(segment.title).strip(),
        text=opening,
        start=segment.start,
        end=segment.end,
        topics=segment.topics or blank.topics,
    )


def _opening(chapter: Segment, speech: Sequence[Passage]) -> str:
    """What opens a chapter: its first run. The rest is found at its own second."""
    until = min(chapter.end, chapter.start + OPENING_SECONDS)
    return next((p.text for p in speech if chapter.start <= (p.start + p.end) / 2 and p.start < until), "")


def _speech(blank: Passage, run: Sequence[Cue]) -> Passage:
    return replace(
        blank,
        text=" ".join(_plain(cue.text) for cue in run),
        start=run[0].start,
        end=max(cue.end for cue in run),
    )


def said(cues: Iterable[Cue], start: float, end: float) -> str:
    """What is said from `start` to `end` (seconds); a cue across an edge counts by its words or middle."""
    return " ".join(filter(None, (_part(cue, start, end) for cue in cues)))


def _part(cue: Cue, start: float, end: float) -> str:
    if cue.end <= start or cue.start >= end:
        return ""
    if not cue.words or (start <= cue.start and cue.end <= end):
        return _plain(cue.text) if start <= _middle(cue) < end else ""
    return nfc(" ".join(w.text for w in cue.words if start <= (w.start + w.end) / 2 < end))


def _plain(text: str) -> str:
    return " ".join(nfc(text).split())


def _middle(cue: Cue) -> float:
    return (cue.start + cue.end) / 2


def _edges(answers: Sequence[Segment], chapters: Sequence[Segment]) -> list[float]:
    return sorted({t for a in answers for t in (a.start, a.end)} | {c.start for c in chapters})


def _runs(cues: Sequence[Cue], edges: Sequence[float]) -> Iterator[list[Cue]]:
    """Cues in runs of 30–60 s, cut at edges, silences and ends of sentences."""
    runs: list[list[Cue]] = []
    for stretch in _stretches(cues, edges):
        first = len(runs)
        run: list[Cue] = []
        for cue, following in zip(stretch, [*stretch[1:], None], strict=True):
            run.append(cue)
            if following is not None and _full(run, following):
                at = _best_cut(run, following)
                runs.append(run[:at])
                run = run[at:]
            elif following is not None and _ends(run, following):
                runs.append(run)
                run = []
        if len(runs) > first and _syllables(run) < REMNANT_SYLLABLES:
            runs[-1].extend(run)
        else:
            runs.append(run)
    yield from runs


def _stretches(cues: Sequence[Cue], edges: Sequence[float]) -> Iterator[list[Cue]]:
    stretch: list[Cue] = []
    for cue in cues:
        if stretch:
            before, after = _middle(stretch[-1]), _middle(cue)
            silent = cue.start - stretch[-1].end >= SILENCE_SECONDS
            if silent or any(before < edge <= after for edge in edges):
                yield stretch
                stretch = []
        stretch.append(cue)
    if stretch:
        yield stretch


def _ends(run: Sequence[Cue], following: Cue) -> bool:
    long = _syllables(run) >= RUN_SYLLABLES or run[-1].end - run[0].start >= RUN_SECONDS
    return long and _closes(run[-1], following)


def _full(run: Sequence[Cue], following: Cue) -> bool:
    more = [*run, following]
    return _syllables(more) > RUN_SYLLABLES_LIMIT or following.end - run[0].start > RUN_SECONDS_LIMIT


def _closes(cue: Cue, following: Cue) -> bool:
    """Whether a sentence ends with a cue."""
    pause = following.start - cue.end >= PAUSE_SECONDS
    return pause or cue.text.rstrip().endswith((".", "?", "!", "…"))


def _best_cut(run: Sequence[Cue], following: Cue) -> int:
    """After how many cues of a full run to cut, so that the next begins where a thought does: in its second half."""
    after = [*run[1:], following]
    places = [n for n in range(1, len(run) + 1) if 2 * _syllables(run[:n]) >= _syllables(run)]
    return max(
        places,
        key=lambda n: (_closes(run[n - 1], after[n - 1]), after[n - 1].start - run[n - 1].end, n),
    )


def _syllables(run: Iterable[Cue]) -> int:
    return sum(1 for cue in run for _ in tokens(cue.text))


def _identified(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Give ids; the second passage of a kind at the same millisecond gets a number."""
    taken: dict[str, int] = {}
    for passage in passages:
        name = f"{passage.episode}:{passage.kind}:{round(passage.start * 1000)}"
        taken[name] = taken.get(name, 0) + 1
        yield replace(passage, id=name if taken[name] == 1 else f"{name}:{taken[name]}")
