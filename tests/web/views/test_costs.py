from __future__ import annotations

from media.archive.episodes import Rendition, RenditionKind
from tests.web.sample_archive import hls_renditions
from web.text.language import Language
from web.views.costs import choices, cost

VI = Language("vi")


def test_the_cost_is_of_what_a_phone_mostly_gets_and_of_sound_only() -> None:
    found = cost(hls_renditions(), 300, VI)
    assert found.video == "4,5\u00a0MB"  # 480p: 120,000 bit/s for 300 s
    assert found.sound == "1,8\u00a0MB"


def test_only_a_remuxed_source_yet() -> None:
    source = Rendition("source", RenditionKind.SOURCE, "source/index.m3u8", 1920, 1080, 900_000, 800_000)
    found = choices("/media/x/", [source], 60, VI)
    assert [(each.name, each.url) for each in found] == [
        ("auto", "/media/x/master.m3u8"),
        ("source", "/media/x/source/index.m3u8"),
    ]
    assert cost([source], 60, VI).sound == ""


def test_choices_go_from_automatic_to_sound_only() -> None:
    found = choices("/media/x/", hls_renditions(), 300, VI)
    assert [(each.name, each.label, each.sound_only) for each in found] == [
        ("auto", "Tự động", False),
        ("720", "720p", False),
        ("480", "480p", False),
        ("audio", "Chỉ nghe tiếng", True),
    ]
    assert found[-1].url == "/media/x/audio/index.m3u8"


def test_sound_without_picture() -> None:
    audio = Rendition("audio", RenditionKind.AUDIO, "audio/index.m3u8", 0, 0, 60_000, 48_000)
    assert [each.name for each in choices("/", [audio], 10, VI)] == ["audio"]
    source = Rendition("source", RenditionKind.SOURCE, "source/index.m3u8", 0, 0, 60_000, 48_000)
    assert [each.name for each in choices("/", [source], 10, VI)] == ["auto"]
    assert choices("/", [], 10, VI) == []
