from __future__ import annotations

import pytest

from media.archive.episodes import Rendition, RenditionKind
from media.hls.stored_files import digest_in, files_of, is_referred_to

ID = "a" * 64
TOP = f"recordings/{ID}/renditions"
VIDEO = Rendition("480p", RenditionKind.VIDEO, "d1/480p/index.m3u8")
BOARD = Rendition("storyboard", RenditionKind.STORYBOARD, "storyboard/storyboard.vtt")
POSTER = Rendition("poster", RenditionKind.POSTER, "poster.jpg")
TEXTS = {
    f"{TOP}/d1/480p/index.m3u8": '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\n0.m4s\n#EXTINF:2,\n1.m4s\n',
    f"{TOP}/storyboard/storyboard.vtt": "WEBVTT\n\n0 --> 5\ns0.jpg#xywh=0,0,1,1\n\n5 --> 9\ns0.jpg#xywh=1,0,1,1\n",
}


@pytest.mark.parametrize(
    ("rendition", "files"),
    [
        (VIDEO, ["d1/480p/index.m3u8", "d1/480p/init.mp4", "d1/480p/0.m4s", "d1/480p/1.m4s"]),
        (BOARD, ["storyboard/storyboard.vtt", "storyboard/s0.jpg"]),
        (POSTER, ["poster.jpg"]),
    ],
)
def test_files_of(rendition: Rendition, files: list[str]) -> None:
    assert list(files_of(rendition, ID, TEXTS.__getitem__)) == [f"{TOP}/{name}" for name in files]


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        (f"recordings/{ID}/source.mp4", True),
        (f"recordings/{ID}/source.mkv", False),
        (f"recordings/{ID}/captions.srt", True),
        (f"{TOP}/d1/480p/99.m4s", True),
        (f"{TOP}/d1/480pp/0.m4s", False),
        (f"{TOP}/d2/480p/0.m4s", False),
        (f"{TOP}/poster.jpg", True),
        (f"{TOP}/other.jpg", False),
        (f"recordings/{ID}/notes", False),
    ],
)
def test_is_referred_to(key: str, kept: bool) -> None:
    captions = [f"recordings/{ID}/captions.srt"]
    source = f"recordings/{ID}/source.mp4"
    assert is_referred_to(key, ID, source, captions, [VIDEO, BOARD, POSTER]) is kept


def test_digests_in_keys() -> None:
    assert digest_in(f"recordings/{ID}/source.mp4") == ID
    assert digest_in(f"documents/{ID}.pdf") == ID
    assert digest_in(f"{TOP}/source.mp4") is None
