"""`Storage` in memory, for tests."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from media.errors import NotFound
from media.storage.keys import check_key
from media.storage.port import StoredFile


class MemoryStorage:
    """Keeps files in a dictionary. `free` is what `free_bytes` answers."""

    def __init__(self, free: int | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.changed: dict[str, datetime] = {}
        self.free = free

    def put(self, key: str, source: BinaryIO) -> int:
        data = source.read()
        self.files[check_key(key)] = data
        self.changed[key] = datetime.now(UTC)
        return len(data)

    def put_folder(self, prefix: str, folder: Path) -> int:
        check_key(prefix)
        stored = 0
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    stored += self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", file)
        return stored

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        data = self._content(key)
        return io.BytesIO(data[start:] if length is None else data[start : start + length])

    def size(self, key: str) -> int:
        return len(self._content(key))

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            path.write_bytes(self._content(key))
            yield path

    def list(self, prefix: str) -> Iterator[str]:
        check_key(prefix)
        return iter(sorted(key for key in self.files if key.startswith(f"{prefix}/")))

    def inventory(self, prefix: str) -> Iterator[StoredFile]:
        return (
            StoredFile(key, len(self.files[key]), self.changed.get(key, datetime.now(UTC)))
            for key in self.list(prefix)
        )

    def delete(self, prefix: str) -> None:
        check_key(prefix)
        for key in [key for key in self.files if key == prefix or key.startswith(f"{prefix}/")]:
            del self.files[key]

    def delete_files(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.files.pop(check_key(key), None)

    def free_bytes(self) -> int | None:
        return self.free

    def forget_unfinished(self, older_seconds: float) -> int:
        return 0

    def _content(self, key: str) -> bytes:
        if check_key(key) not in self.files:
            raise NotFound("There is no stored file “%(key)s”.", key=key)
        return self.files[key]
