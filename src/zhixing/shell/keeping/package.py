"""The form of a backup: a gzipped tar whose last member, `manifest.json`, lists every other with its size and
SHA-256. So a backup that was cut off has no manifest, and one that was altered does not agree with it.

```
database/zhixing.sqlite3 or database/zhixing.pgdump
home/keys/…  home/files/…          the data folder, without what can be made again
manifest.json
```
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.hashing import CHUNK, chunks
from zhixing.ground.kernel.home import sync_folder

FORMAT = "zhixing-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
MANIFEST_LIMIT = 64 * 1024 * 1024
SPARE = 64 * 1024 * 1024
"""So much of the disk stays free while a backup is unpacked."""

Told = Callable[[int], None]
"""Is told how many more bytes went through."""

Progress = Callable[[int, int], None]
"""Is told how much is done, of how much."""


@dataclass(frozen=True)
class Member:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`version`: of the program that made it; `database`: `sqlite` or `postgresql`; `head`: the ledger's
    head in it; `made_at`: local time."""

    version: str
    made_at: str
    database: str
    head: str
    members: list[Member]


class Writer:
    """Adds members to a backup that is being written."""

    def __init__(self, archive: tarfile.TarFile, scratch: Path, told: Told) -> None:
        self.scratch = scratch
        self.members: list[Member] = []
        self._archive = archive
        self._told = told

    def add(self, path: Path, name: str) -> None:
        """A file that does not change while this runs."""
        with path.open("rb") as file:
            info = self._info(name, os.fstat(file.fileno()).st_size)
            through = _Through(file, self._told)
            self._archive.addfile(info, through)
        self.members.append(Member(name, info.size, through.digest.hexdigest()))

    def finish(self, *, version: str, made_at: str, database: str, head: str) -> Manifest:
        manifest = Manifest(version, made_at, database, head, self.members)
        whole = {"format": FORMAT, "format_version": FORMAT_VERSION} | asdict(manifest)
        path = self.scratch / MANIFEST
        path.write_text(json.dumps(whole, indent=1), "utf-8")
        with path.open("rb") as file:
            self._archive.addfile(self._info(MANIFEST, path.stat().st_size), file)
        return manifest

    @staticmethod
    def _info(name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(time.time())
        return info


class _Through:
    """A file whose bytes are hashed and counted as they are read."""

    def __init__(self, file: IO[bytes], told: Told) -> None:
        self.digest = sha256()
        self._file = file
        self._told = told

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        self._told(len(data))
        return data


@contextmanager
def writing(target: Path, told: Told) -> Iterator[Writer]:
    """A backup that stands at `target` once the block has ended well, whole and on the disk; else nothing
    does and what stood there before stays."""
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        draft = scratch / "draft"
        with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with (gzip.GzipFile(fileobj=file, mode="wb", compresslevel=4) as packed,
                  tarfile.open(fileobj=packed, mode="w|", bufsize=CHUNK) as archive):
                yield Writer(archive, scratch, told)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(scratch)


def unpack(source: Path, into: Path, progress: Progress) -> Manifest:
    """Unpacks a backup into an empty folder and holds it against its manifest. Raises Refused, after
    which the folder's contents are not to be used: no backup, cut off, altered, unsafe names, no room."""
    found: dict[str, Member] = {}
    manifest: bytes | None = None
    whole = source.stat().st_size
    try:
        with (source.open("rb") as file, gzip.GzipFile(fileobj=file, mode="rb") as packed,
              tarfile.open(fileobj=packed, mode="r|", bufsize=CHUNK) as archive):
            for info in archive:
                stream = archive.extractfile(info) if _safe(info) else None
                if manifest is not None or stream is None or info.name in found:
                    raise Refused(_("%(file)s holds what no backup holds (%(member)s).")
                                  % {"file": source, "member": ascii(info.name)})
                if info.name == MANIFEST:
                    manifest = stream.read(MANIFEST_LIMIT)
                    continue
                if info.size > shutil.disk_usage(into).free - SPARE:
                    raise Refused(_("There is no room on the disk to unpack %(file)s.")
                                  % {"file": source})
                found[info.name] = _unpacked(stream, info.name, into, lambda: progress(file.tell(), whole))
            while packed.read(CHUNK):
                pass  # gzip's own checksum stands after tar's end mark
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Refused(_("%(file)s is no backup, or was cut off or damaged (%(error)s).")
                      % {"file": source, "error": error}) from None
    if manifest is None:
        raise Refused(_("%(file)s is no backup, or was cut off: it has no manifest.")
                      % {"file": source})
    return _agreed(source, manifest, found)


def _safe(info: tarfile.TarInfo) -> bool:
    """A plain file under `database` or `home`, by a name that cannot lead elsewhere."""
    parts = info.name.split("/")
    return info.isreg() and not info.issparse() and info.size >= 0 and (info.name == MANIFEST or (
        len(parts) > 1 and parts[0] in ("database", "home") and "\\" not in info.name
        and all(part not in ("", ".", "..") and "\0" not in part for part in parts)
    ))


def _unpacked(stream: IO[bytes], name: str, into: Path, moved: Callable[[], None]) -> Member:
    path = into / PurePosixPath(name)
    for folder in reversed(path.relative_to(into).parents):
        (into / folder).mkdir(mode=0o700, exist_ok=True)
    digest, size = sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for piece in chunks(stream):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            moved()
        file.flush()
        os.fsync(file.fileno())
    return Member(name, size, digest.hexdigest())


def _agreed(source: Path, text: bytes, found: dict[str, Member]) -> Manifest:
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError("another format")
        if data["format_version"] > FORMAT_VERSION:
            raise Refused(_("%(file)s was made by a newer Zhixing (%(version)s). Install that version "
                            "first.") % {"file": source, "version": data["version"]})
        listed = {str(member["name"]): Member(**member) for member in data["members"]}
        names = ("version", "made_at", "database", "head")
        version, made_at, database, head = (str(data[name]) for name in names)
        manifest = Manifest(version, made_at, database, head, list(listed.values()))
    except (KeyError, TypeError, ValueError):
        raise Refused(_("%(file)s has a manifest that cannot be read.")
                      % {"file": source}) from None
    if wrong := sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)):
        raise Refused(_("%(file)s was altered or damaged: %(member)s is not what the manifest says.")
                      % {"file": source, "member": wrong[0]})
    return manifest
