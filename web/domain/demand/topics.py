"""What the next programme should be about: topics by what is asked, looked for and watched. Pure.

No score hides anything: topics are ranked by how often they are needed, and that is votes of open questions
(who asks counts as one) plus searches that found nothing; both parts are shown, and everything else beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from media.archive.episodes import Topic
from search.text.folding import exact, fold, nfc, tokens
from search.text.syllables import is_syllable
from web.domain.demand.port import AnswerPlayed, QuestionAsked
from web.domain.demand.topic_guesses import guesser
from web.domain.statistics.anonymise import PRIVATE
from web.domain.statistics.searches import Searched

QUARTERS = 4
"""The running one and those before it."""
SORTS = ("need", "questions", "votes", "searches", "plays")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @staticmethod
    def of(day: date) -> Quarter:
        """The quarter of a day."""
        return Quarter(day.year, (day.month - 1) // 3 + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)


@dataclass(frozen=True, slots=True)
class TopicDemand:
    """What is wanted of a topic (its slug, "" for no topic), with what each number was counted from.

    `questions` are open, most votes first; `searches` found nothing; `answers` were played in the period.
    `asked` are the questions of each of the last quarters, oldest first, answered ones too; `organisations`
    how many of those were asked at the programmes of each ("" for the archive itself), most first.
    """

    topic: str
    questions: tuple[QuestionAsked, ...] = ()
    searches: tuple[Searched, ...] = ()
    answers: tuple[AnswerPlayed, ...] = ()
    asked: tuple[int, ...] = ()
    organisations: tuple[tuple[str, int], ...] = ()

    @property
    def votes(self) -> int:
        """Of its open questions."""
        return sum(each.votes for each in self.questions)

    @property
    def found_nothing(self) -> int:
        """Searches that found nothing."""
        return sum(each.empty for each in self.searches)

    @property
    def plays(self) -> int:
        """Of its answers."""
        return sum(each.plays for each in self.answers)

    @property
    def need(self) -> int:
        """Votes and searches that found nothing."""
        return self.votes + self.found_nothing

    def number(self, name: str) -> int:
        """One of SORTS."""
        return {
            "need": self.need,
            "questions": len(self.questions),
            "votes": self.votes,
            "searches": self.found_nothing,
            "plays": self.plays,
        }[name]


@dataclass(slots=True)
class _Gathered:
    questions: list[QuestionAsked] = field(default_factory=list)
    searches: list[Searched] = field(default_factory=list)
    answers: list[AnswerPlayed] = field(default_factory=list)
    asked: Counter[Quarter] = field(default_factory=Counter)
    organisations: Counter[str] = field(default_factory=Counter)


def quarters(today: date) -> list[Quarter]:
    """The last QUARTERS, oldest first."""
    found = [Quarter.of(today)]
    while len(found) < QUARTERS:
        found.append(found[-1].before)
    return found[::-1]


def wanted(
    topics: Sequence[Topic],
    questions: Sequence[QuestionAsked],
    searches: Sequence[Searched],
    answers: Sequence[AnswerPlayed],
    today: date,
    sort: str = "need",
) -> list[TopicDemand]:
    """All topics that anything is counted of, the most wanted by `sort` (of SORTS) first, what has none last.

    What has no topic is put under those its words name; what is under two topics counts for both.
    """
    topics_of, found = _topics_of(topics), dict[str, _Gathered]()
    last, known = quarters(today), {topic.slug for topic in topics}

    def under(own: Sequence[str], text: str) -> list[_Gathered]:
        slugs = [slug for slug in own if slug in known] or topics_of(text) or [""]
        return [found.setdefault(slug, _Gathered()) for slug in slugs]

    for each in questions:
        quarter = Quarter.of(each.day)
        for topic in under(each.topics, each.text):
            if each.open:
                topic.questions.append(each)
            if quarter >= last[0]:
                topic.asked[quarter] += 1
                topic.organisations[each.organisation] += 1
    for search in searches:
        if search.empty and search.text != PRIVATE:
            for topic in under((), search.text):
                topic.searches.append(search)
    for answer in answers:
        for topic in under(answer.topics, answer.question):
            topic.answers.append(answer)
    rows = [_row(slug, each, last) for slug, each in found.items()]
    order: Mapping[str, int] = {topic.slug: at for at, topic in enumerate(topics)}
    return sorted(
        rows,
        key=lambda each: (not each.topic, -each.number(sort), -each.plays, order.get(each.topic, 0)),
    )


def _row(slug: str, topic: _Gathered, last: Sequence[Quarter]) -> TopicDemand:
    return TopicDemand(
        slug,
        tuple(sorted(topic.questions, key=lambda each: (-each.votes, each.day, each.id))),
        tuple(sorted(topic.searches, key=lambda each: (-each.empty, each.text))),
        tuple(sorted(topic.answers, key=lambda each: (-each.plays, each.segment))),
        tuple(topic.asked[quarter] for quarter in last),
        tuple(sorted(topic.organisations.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _topics_of(topics: Sequence[Topic]) -> Callable[[str], list[str]]:
    """Topics that a text names: with its marks, or for a text without any, names that are plain without them."""
    untoned = [
        (
            topic.slug,
            [f" {name} " for name in map(_folded, (topic.name_vi, *topic.synonyms)) if _plain(name)],
        )
        for topic in topics
    ]
    by_names = guesser(topics)

    def guess(text: str) -> list[str]:
        if exact(nfc(text)) != fold(nfc(text)):
            return by_names(text, "")
        folded = f" {_folded(text)} "
        return [slug for slug, names in untoned if any(name in folded for name in names)][:2]

    return guess


def _plain(name: str) -> bool:
    """Whether a folded name can be told from other words: several words, or what is no syllable, such as bhxh."""
    return " " in name or (len(name) > 2 and not is_syllable(name))


def _folded(text: str) -> str:
    return " ".join(token.folded for token in tokens(nfc(text)))
