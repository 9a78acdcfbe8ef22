from __future__ import annotations

import pytest

from media.ffmpeg.error_messages import demuxer_refused, reason, tidy, unreadable


@pytest.mark.parametrize(
    ("complaint", "words"),
    [
        (
            "[mov,mp4 @ 0x55] moov atom not found\nfile:/x/a b.mp4: Invalid data found",
            "its index is missing",
        ),
        ("file:/x.mp4: Invalid data found when processing input", "it is damaged or is no recording"),
        ("[svg_pipe @ 0x1] Format not on whitelist 'mov'\n", "playlist, script, picture"),
        ("[vost#0:0 @ 0x1f] Something new happened\n\n", "ffmpeg says “Something new happened”"),
        ("", "ffmpeg cannot read it"),
    ],
)
def test_reason(complaint: str, words: str) -> None:
    assert words in reason(complaint)
    assert str(unreadable(complaint)).endswith("export it as an MP4 file.")


def test_tidy_hides_addresses_and_paths() -> None:
    assert tidy("[mov @ 0x7f00aa] [dec @ 0xff] file:/tmp/scratch/source: went wrong") == "went wrong"


def test_the_demuxer_that_was_refused() -> None:
    assert demuxer_refused("[hls,applehttp @ 0x7f0a] Format not on whitelist 'mov,mp3'") == "hls,applehttp"
    assert demuxer_refused("something else") is None
