"""The stylesheet, scripts and pictures: read once, packed once, served under a name that changes with them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from media.errors import NotFound

STATIC_FOLDER = Path(__file__).parents[1] / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_PACKED = (".css", ".js", ".mjs", ".svg", ".txt", ".webmanifest")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent; `packed` is its gzip form, None where that gains nothing."""

    content: bytes
    packed: bytes | None
    media_type: str


class StaticFolder:
    """All files of a folder, in memory. `version` is a hash of them all: it stands in the address
    before the name, so that modules may import each other by relative names and stay cached for ever."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        found = sorted(path for path in folder.rglob("*") if path.suffix in TYPES)
        self._files = {path.relative_to(folder).as_posix(): _load(path) for path in found}
        digest = hashlib.sha256()
        for name, file in self._files.items():
            digest.update(name.encode() + b"\0" + file.content)
        self.version = digest.hexdigest()[:10]

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"/static/{self.version}/{name}"

    def file(self, name: str) -> StaticFile:
        """Raises `NotFound`."""
        if name not in self._files:
            raise NotFound(
                "There is no file “%(name)s”; run `npm ci` when it is third-party code.", name=name[:80]
            )
        return self._files[name]

    def respond(self, request: Request) -> Response:
        """`/static/{version}/{name}`."""
        file = self.file(request.path_params["name"])
        current = request.path_params["version"] == self.version
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(file.packed, headers=headers, media_type=file.media_type)
        return Response(file.content, headers=headers, media_type=file.media_type)


def _load(path: Path) -> StaticFile:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in _PACKED else None
    return StaticFile(content, packed, TYPES[path.suffix])
