"""Which topics an answer is about, guessed from the words of its question and of the answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from media.archive.episodes import Topic
from search.text.folding import exact, nfc
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind

ENOUGH = 2.0
AT_MOST = 2
IN_QUESTION = 3.0
IN_ANSWER = 1.0
ANSWER_COUNTS_TO = 4.0


def guess_topics(
    segments: Sequence[Segment], cues: Sequence[Cue], topics: Sequence[Topic]
) -> dict[str, list[str]]:
    """Slugs of the likeliest topics, for each answer that has none yet, by its id.

    A topic is named by its name and its synonyms, with tone marks: “lương” is not “lượng”. A name in the
    question counts three times; the answer's text counts up to four.
    """
    guess = guesser(topics)
    found = {}
    for each in segments:
        if each.kind is SegmentKind.ANSWER and not each.topics:
            said = " ".join(cue.text for cue in cues if each.start <= cue.start < each.end)
            found[each.id] = guess(each.question or each.title, said)
    return found


def guesser(topics: Sequence[Topic]) -> Callable[[str, str], list[str]]:
    """A function of a question and its answer ("" for none): slugs of the likeliest topics."""
    names = {topic.slug: _names(topic) for topic in topics}
    return lambda question, answer: _best(names, _words(question), _words(answer))


def _best(names: Mapping[str, Sequence[str]], question: str, said: str) -> list[str]:
    scores = {slug: _score(spelled, question, said) for slug, spelled in names.items()}
    order = sorted((slug for slug in scores if scores[slug] >= ENOUGH), key=lambda slug: -scores[slug])
    return [slug for slug in order if scores[slug] * 2 >= scores[order[0]]][:AT_MOST]


def _score(names: Sequence[str], question: str, said: str) -> float:
    in_question = any(name in question for name in names)
    in_answer = sum(said.count(name) for name in names)
    return IN_QUESTION * in_question + min(ANSWER_COUNTS_TO, IN_ANSWER * in_answer)


def _names(topic: Topic) -> list[str]:
    return [
        f" {_words(name).strip()} " for name in (topic.name_vi, *topic.synonyms) if _words(name).strip()
    ]


def _words(text: str) -> str:
    letters = "".join(c if c.isalnum() else " " for c in exact(nfc(text)))
    return f" {' '.join(letters.split())} "
