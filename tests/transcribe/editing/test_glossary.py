from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from infra.db.base.database import Database
from infra.db.outbox.audit import SqlAudit
from infra.db.transcripts.glossary import SqlGlossary
from media.errors import Conflict, InvalidInput, NotFound
from transcribe.cues import Cue, Word
from transcribe.editing.glossary import (
    CORRECTED,
    Glossary,
    GlossaryTerm,
    Reason,
    TermKind,
    corrected,
    fixed,
    fixes,
    sounding,
)

UNION = GlossaryTerm("1", "Liên đoàn Lao động", TermKind.AGENCY)
PLACE = GlossaryTerm("2", "Đồng Nai", heard=("đồng này",))
SHORT = GlossaryTerm("3", "BHXH", TermKind.ABBREVIATION, ("bê hát ích hát", "bờ hờ xờ hờ"))
MAU = GlossaryTerm("4", "Trần Thị Mẫu")


def found(text: str, *terms: GlossaryTerm) -> list[tuple[str, str, Reason]]:
    return [(fix.found, fix.written, fix.reason) for fix in fixes([Cue(0, 5, text)], terms)]


def test_noted_forms_spelling_and_sounds_are_offered() -> None:
    assert found("ở Đồng này, anh chị", PLACE) == [("Đồng này", "Đồng Nai", Reason.HEARD)]
    assert found("liên đoàn lao động tỉnh", UNION) == [
        ("liên đoàn lao động", "Liên đoàn Lao động", Reason.SPELLING)
    ]
    assert found("bà chần thị mẩu nói", MAU) == [("chần thị mẩu", "Trần Thị Mẫu", Reason.SOUND)]
    assert found("tiền bê hát ích hát.", SHORT) == [("bê hát ích hát", "BHXH", Reason.HEARD)]
    assert found("đóng bhxh", SHORT) == [("bhxh", "BHXH", Reason.SPELLING)]


def test_what_is_right_or_only_one_syllable_alike_is_left_alone() -> None:
    assert not found("Liên đoàn Lao động, Đồng Nai.", UNION, PLACE)
    assert not found("mậu dịch và mẫu đơn", GlossaryTerm("5", "Mẫu"))
    assert not found("bà chần thị mẩu", replace(MAU, by_sound=False))


def test_punctuation_and_the_break_of_lines_stay() -> None:
    text = "xin chào\n(đồng này), nhé"
    fix = fixes([Cue(0, 5, text)], [PLACE])[0]
    assert fixed(text, fix) == "xin chào\n(Đồng Nai), nhé"


def test_recognised_words_are_put_right_and_marked_only_where_the_form_is_noted() -> None:
    texts = ["tiền", "bê", "hát", "ích", "hát,", "bà", "chần", "thị", "mẩu", "ở", "đồng", "này."]
    words = [Word(text, n, n + 1, 0.9) for n, text in enumerate(texts)]
    made = corrected(words, [SHORT, MAU, PLACE])
    assert " ".join(w.text for w in made) == "tiền BHXH, bà chần thị mẩu ở Đồng Nai."
    changed = {w.text: w for w in made if w.confidence == CORRECTED}
    assert set(changed) == {"BHXH,", "Đồng", "Nai."}
    assert (changed["BHXH,"].start, changed["BHXH,"].end) == (1, 5)
    assert corrected(words, []) == words


@pytest.mark.parametrize(
    ("heard", "said"),
    [("sanh", "xan"), ("chung", "trun"), ("dăn", "giằng"), ("nan", "lang"), ("kỹ", "cỉ")],
)
def test_what_dialects_and_machines_confuse_sounds_the_same(heard: str, said: str) -> None:
    assert sounding(heard) == sounding(said)


@pytest.fixture
def open_glossary(any_database: Database) -> Callable[[], tuple[Glossary, SqlAudit]]:
    return lambda: (SqlGlossary(any_database), SqlAudit(any_database))


def test_the_store_keeps_checks_and_refuses(
    open_glossary: Callable[[], tuple[Glossary, SqlAudit]],
) -> None:
    glossary, audit = open_glossary()
    kept = glossary.save(
        GlossaryTerm("", "  Đồng  Nai ", heard=("đồng này", "", "đồng này", "Đồng Nai")), None
    )
    assert (kept.written, kept.heard) == ("Đồng Nai", ("đồng này",))
    assert glossary.terms() == [kept]
    with pytest.raises(Conflict):
        glossary.save(GlossaryTerm("", "Đồng Nai"), None)
    changed = glossary.save(replace(kept, heard=()), kept)
    with pytest.raises(Conflict):
        glossary.save(replace(kept, by_sound=False), kept)
    assert glossary.terms() == [changed]
    for bad in (
        GlossaryTerm("", "x"),
        GlossaryTerm("", "y" * 121),
        GlossaryTerm("", "ok", heard=tuple(f"sai {n}" for n in range(31))),
    ):
        with pytest.raises(InvalidInput):
            glossary.save(bad, None)
    glossary.remove(kept.id)
    with pytest.raises(NotFound):
        glossary.remove(kept.id)
    assert [e.action for e in audit.entries()] == ["glossary.remove", "glossary.save", "glossary.save"]
