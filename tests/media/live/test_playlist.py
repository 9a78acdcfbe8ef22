from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from media.live.broadcast import AUDIO, SOURCE, LiveRendition, LiveSegment
from media.live.playlist import laid_out, master_playlist, media_playlist, offered, spans_of

BEGIN = datetime(2026, 11, 22, 12, 0, 0)


def takes(lengths: list[list[float]], rendition: str = SOURCE) -> list[LiveSegment]:
    """Segments of these lengths in these takes, a minute's pause between takes."""
    made, clock, wall = list[LiveSegment](), 0.0, BEGIN
    for take, seconds in enumerate(lengths, 1):
        for number, length in enumerate(seconds):
            first = number == 0
            made.append(
                LiveSegment(
                    "a", rendition, len(made), take, clock, length, wall, 1000, first, id=len(made) + 1
                )
            )
            clock, wall = clock + length, wall + timedelta(seconds=length)
        wall += timedelta(seconds=60)
    return made


def written(source: list[LiveSegment], own: list[LiveSegment] | None = None, **options: bool) -> str:
    spans = spans_of(source)
    entries = laid_out(spans, source if own is None else own)
    return media_playlist(spans, entries, aim=2.0, ended=options.get("ended", False), delta=options.get("delta", False))  # fmt: skip


def seconds_in(playlist: str) -> float:
    return sum(float(each) for each in re.findall(r"#EXTINF:([\d.]+)", playlist))


LENGTHS = st.lists(st.lists(st.floats(0.3, 8), min_size=1, max_size=12), min_size=1, max_size=4)


def test_a_broadcast_with_an_interruption() -> None:
    text = written(takes([[2, 2], [2, 1.5]]))
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=12.0",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:00.000Z",
        '#EXT-X-MAP:URI="init-1.mp4"',
        "#EXTINF:2.000,",
        "0.m4s",
        "#EXTINF:2.000,",
        "1.m4s",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:01:04.000Z",
        '#EXT-X-MAP:URI="init-2.mp4"',
        "#EXTINF:2.000,",
        "2.m4s",
        "#EXTINF:1.500,",
        "3.m4s",
    ]
    ended = written(takes([[2, 2]]), ended=True)
    assert ended.endswith("#EXT-X-ENDLIST\n")
    assert "CAN-SKIP" not in ended


@given(LENGTHS)
def test_no_segment_is_longer_than_is_announced_and_none_is_missing(lengths: list[list[float]]) -> None:
    source = takes(lengths)
    text = written(source)
    target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])  # type: ignore[index]
    found = [float(each) for each in re.findall(r"#EXTINF:([\d.]+)", text)]
    assert all(round(each) <= target for each in found)
    assert len(found) == len(source)
    assert text.count("#EXT-X-DISCONTINUITY") == len(lengths) - 1


@given(LENGTHS, st.data())
def test_renditions_keep_step_whatever_they_lack(lengths: list[list[float]], data: st.DataObject) -> None:
    source = takes(lengths)
    kept = data.draw(st.lists(st.booleans(), min_size=len(source), max_size=len(source)))
    gone = data.draw(st.lists(st.booleans(), min_size=len(source), max_size=len(source)))
    lower = [
        replace(each, rendition="240p", removed=away)
        for each, keep, away in zip(source, kept, gone, strict=True)
        if keep
    ]
    text = written(source, lower)
    last = max((number for number, keep in enumerate(kept) if keep), default=-1)
    newest = lengths[-1]
    missing = (
        sum(newest)
        if last < len(source) - len(newest)
        else sum(each.duration for each in source[last + 1 :])
    )
    assert abs(seconds_in(text) - (sum(map(sum, lengths)) - missing)) < 0.3 * len(source) + 0.01
    assert text.count("#EXT-X-GAP") >= sum(each.removed for each in lower)
    if any(each.take == len(lengths) for each in lower):
        assert text.count("#EXT-X-DISCONTINUITY") == len(lengths) - 1, "as the source has it"


@given(LENGTHS)
def test_a_delta_and_what_is_known_make_the_whole(lengths: list[list[float]]) -> None:
    source = takes(lengths)
    whole, delta = written(source), written(source, delta=True)
    found = re.search(r"SKIPPED-SEGMENTS=(\d+)", delta)
    skipped = int(found[1]) if found else 0
    names = re.findall(r"^\S+\.m4s$", whole, re.MULTILINE)
    assert re.findall(r"^\S+\.m4s$", delta, re.MULTILINE) == names[skipped:]
    target = int(re.search(r"TARGETDURATION:(\d+)", whole)[1])  # type: ignore[index]
    assert seconds_in(delta) >= min(6 * target, sum(map(sum, lengths))) - 0.01 * len(names)


def test_two_hours_stay_small_for_who_asks_for_what_is_new() -> None:
    source = takes([[2.0] * 3600])
    assert len(written(source, delta=True)) < 600
    assert len(written(source)) < 100_000


def test_the_master_playlist_has_the_source_first_and_sound_last() -> None:
    source = takes([[2.0] * 10])
    made = [
        LiveRendition(1, SOURCE, "avc1.64001F,mp4a.40.2", "a", 1280, 720, 30.0, 2_000_000),
        LiveRendition(1, AUDIO, "mp4a.40.2", "b", bandwidth=70_000),
        LiveRendition(1, "480p", "avc1.64001E,mp4a.40.2", "c", 854, 480, 30.0, 500_000),
    ]
    spans = spans_of(source)
    laid = {each.name: laid_out(spans, source) for each in made}
    names = re.findall(r"(\w+)/index", master_playlist(offered(made, laid)))
    assert names == ["source", "480p", "audio"]
    rare = takes([[9.0, 9.0]])
    laid[SOURCE] = laid_out(spans_of(rare), rare)
    assert [each.name for each in offered(made, laid)] == ["audio", "480p"]
    later = [*made, replace(made[0], take=2, bandwidth=900_000), replace(made[1], take=2)]
    laid = {each.name: laid_out(spans, source) for each in made} | {"480p": []}
    found = {each.name: each for each in offered(later, laid)}
    assert set(found) == {SOURCE, AUDIO}, "what no longer comes in is not offered"
    assert found[SOURCE].bandwidth == 2_000_000
