"""From the words between a hand-over and the answer: who asks, what, and a short title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.running_text import RunningText, Sentence, fold

_INITIAL_END = re.compile(r"\b[^\W\d_]\.$")
_LONGEST_QUESTION = 200
_LONGEST_TITLE = 80
_SHORTEST_TITLE = 35
_SHORT_QUESTION = 70
_SHORTEST_QUESTION = 8
_TAIL = 40
_PUBLIC_WITHIN = 120
_NAME_AFTER_PUBLIC = 60
_UNFINISHED = re.compile(r"(?<=[^\W\d_])[,;]? (?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class HeardQuestion:
    """A question as heard: `question` without the words around it, `title` short, `asker` may be empty."""

    question: str
    title: str
    asker: str


def read_question(
    text: RunningText, pack: LanguagePack, start: int, end: int, phrase_end: int
) -> HeardQuestion:
    """Read the stretch `start` to `end` (characters), whose hand-over phrase ends at `phrase_end`."""
    asker, after = _asker(text, pack, start, end)
    if end - after < _SHORTEST_QUESTION:  # what was taken for a name is the question
        asker, after = "", start
    begin = max(phrase_end, after)
    if end - begin < _SHORTEST_QUESTION:
        begin = min(start, end)
    spans = _question_spans(text, pack, begin, end)
    question = _clean(text, pack, spans)
    return HeardQuestion(question, _title(pack, question), asker)


def _title(pack: LanguagePack, question: str) -> str:
    """The question when it is short, else what follows "may I ask", else its last sentence or the one before."""
    if len(question) > _LONGEST_TITLE:
        asked = list(pack.asks_now.finditer(fold(question)))
        rest = question[asked[-1].end() :] if asked else question
        sentences = re.split(r"(?<=[.?!]) ", rest)
        context = re.split(r"(?<=[.?!]) ", question)[-2:-1]
        parts = (rest, " ".join(sentences[-2:]), sentences[-1], *context)
        question = next(
            (part for part in parts if _SHORTEST_TITLE <= len(part) <= _LONGEST_TITLE), question
        )
    return shorten(question, _LONGEST_TITLE)


def asks(text: RunningText, pack: LanguagePack, start: int, end: int) -> bool:
    """Whether the stretch `start` to `end` is a question by its mark or its words."""
    if pack.interrogative.search(text.folded, start, end):
        return True
    return "?" in text.text[start:end]


def shorten(text: str, length: int) -> str:
    """At most `length` characters of `text`, cut between words with an ellipsis, sentence-cased."""
    if len(text) > length:
        text = text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return text[:1].upper() + text[1:]


def _asker(text: RunningText, pack: LanguagePack, start: int, end: int) -> tuple[str, int]:
    """Who asks, as heard, and where the mention ends; a name goes before a mere "a listener"."""
    best = None
    for match in pack.asker.finditer(text.folded, start, min(end, start + 400)):
        groups = match.groupdict()
        if _is_other(text, pack, match) if groups.get("who") else match.start() - start > _PUBLIC_WITHIN:
            continue
        if best is not None and match.start() - best.end() > _NAME_AFTER_PUBLIC:
            break
        if best is None or (groups.get("who") and not best.groupdict().get("who")):
            best = match
        if groups.get("who"):
            break
    if best is None:
        return "", start
    parts = [name for name in ("who", "where", "public") if best.groupdict().get(name)]
    said = [as_said(text, best.start(name), _in_sentence(text, best, name)) for name in parts]
    return shorten(", ".join(part for part in said if part), 120), _in_sentence(text, best, parts[-1])


def _in_sentence(text: RunningText, match: re.Match[str], group: str) -> int:
    """The group's end, at most the end of the sentence in which it starts."""
    return min(match.end(group), text.sentences[text.sentence_at(match.start(group))].end)


def _is_other(text: RunningText, pack: LanguagePack, match: re.Match[str]) -> bool:
    """Whether the name is not the asker's: somebody thanked or addressed, or no name at all."""
    if text.cased and match.groupdict().get("name") and not text.text[match.start("name")].isupper():
        return True
    if pack.not_asker.search(text.folded, max(0, match.start() - 16), match.start()):
        return True
    return is_mistaken(text, pack, match.start(), text.folded.find(" ", match.start()))


def is_mistaken(text: RunningText, pack: LanguagePack, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` as written, tones and all, are others than the pattern meant."""
    return text.toned and bool(pack.mistaken.search(text.text[start:end]))


def as_said(text: RunningText, start: int, end: int) -> str:
    """The words from `start` to `end` without the punctuation around them; "Ms L." keeps its full stop."""
    end = start + len(text.text[start:end].rstrip())
    if text.text[end : end + 1] == ".":
        end += 1
    said = " ".join(text.text[start:end].split()).strip(" ,;:(–-")
    return said if _INITIAL_END.search(said) else said.rstrip(" .")


def _question_spans(text: RunningText, pack: LanguagePack, start: int, end: int) -> list[Sentence]:
    """The sentences that ask, with the one before when the question alone is too short to understand."""
    first, last = text.sentence_at(start), text.sentence_at(max(start, end - 1))
    pieces = [
        Sentence(max(start, sentence.start), min(end, sentence.end))
        for sentence in text.sentences[first : last + 1]
        if min(end, sentence.end) - max(start, sentence.start) > 1
    ]
    asking = [index for index, piece in enumerate(pieces) if asks(text, pack, piece.start, piece.end)]
    if not asking:
        return pieces
    index = asking[0]
    while index > 0 and pieces[asking[0]].end - pieces[index].start < _SHORT_QUESTION:
        index -= 1
    tail = pieces[-1].end - pieces[asking[-1]].end
    whole = not text.punctuated and tail <= _TAIL  # the caption was cut within the question
    return [Sentence(pieces[index].start, pieces[-1 if whole else asking[-1]].end)]


def _clean(text: RunningText, pack: LanguagePack, spans: list[Sentence]) -> str:
    if not spans:
        return ""
    start, end = spans[0].start, spans[-1].end
    while match := pack.question_lead.match(text.folded[start:end]):
        if match.end() == 0 or match.end() >= end - start - 8:
            break
        start += match.end()
    said = _punctuated(text, pack, start, end)
    asked = asks(text, pack, start, end) or pack.interrogative.search(fold(said))
    if said and said[-1].isalnum() and asked:
        said += "?"
    return shorten(said, _LONGEST_QUESTION)


def _punctuated(text: RunningText, pack: LanguagePack, start: int, end: int) -> str:
    """The words from `start` to `end` with the full stops that recognition left out before a capital."""
    said = text.text[start:end].strip(" ,.;:–-")
    if not text.cased:
        return said
    return _UNFINISHED.sub(lambda gap: ". " if pack.new_sentence.match(said, gap.end()) else gap[0], said)
