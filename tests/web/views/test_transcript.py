from __future__ import annotations

from transcribe.cues import Cue
from web.views.transcript import paragraphs


def test_no_cue_is_lost_and_paragraphs_end_with_sentences() -> None:
    cues = [Cue(4.0 * n, 4.0 * n + 4, "Hết câu." if n % 3 == 2 else "nói tiếp") for n in range(40)]
    found = paragraphs(cues)
    assert [cue.text for each in found for cue in each.cues] == [cue.text for cue in cues]
    assert len(found) > 3
    assert all(each.cues[-1].text == "Hết câu." for each in found[:-1])


def test_a_pause_starts_a_paragraph_and_lines_are_joined() -> None:
    found = paragraphs([Cue(0, 12, "một\nhai"), Cue(15, 18, "ba")])
    assert [each.clock for each in found] == ["0:00", "0:15"]
    assert found[0].cues[0].text == "một hai"


def test_speech_without_sentence_ends_is_still_broken() -> None:
    assert len(paragraphs([Cue(float(n), n + 1.0, "và") for n in range(200)])) >= 4


def test_nothing_said() -> None:
    assert paragraphs([]) == []
