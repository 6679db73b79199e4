"""What a file is, told from its contents, and what makes it unfit to be kept.

Kept: PDF, PNG, JPEG, Word (.docx), Excel (.xlsx) and plain text. Unfit: everything else, a name that says
otherwise, macros, embedded programs, references that fetch from elsewhere (hyperlinks may stay), encryption,
and archives that unpack to far more than they are. A PDF's scripts are looked for in its plain parts only:
whoever shows a PDF to people still does so in a viewer that runs none.
"""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from itertools import chain
from typing import IO

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from zhixing.ground.kernel.hashing import chunks

from .types import ENDINGS

MEMBERS = 5_000
UNPACKED = 300 * 1024 * 1024
RATIO = 200
PART = 2 * 1024 * 1024
"""Bounds of an Office file: parts, bytes unpacked in all, times its own size, bytes of one relationship
part."""

_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ACTIVE = re.compile(r"(vbaProject|vbaData|/activeX/|/embeddings/.*\.bin$|oleObject|xl/macrosheets/|"
                     r"xl/externalLinks/|xl/connections\.xml$|customUI)", re.I)
_SCRIPT = re.compile(rb"/(JavaScript|Launch|RichMedia)\b")
_FETCH = re.compile(rb"(?:instrText[^>]{0,40}>|w:instr=\")\s*\\?(?:DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT)\b")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


class Unfit(Exception):
    """`why` is one of `reasons.REASONS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def kind_of(file: IO[bytes], name: str, size: int) -> str:
    """The kind of a whole file that was given this name. Raises Unfit."""
    if not size:
        raise Unfit("empty")
    file.seek(0)
    start = file.read(16)
    if start.startswith(b"%PDF-"):
        kind = _pdf(file)
    elif start.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = "png"
    elif start.startswith(b"\xff\xd8\xff"):
        kind = "jpeg"
    elif start.startswith(b"PK\x03\x04"):
        kind = _office(file, size)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unfit("old_office")
    else:
        kind = _text(file)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ENDINGS.get(ending) != kind:
        raise Unfit("ending")
    return kind


def _pdf(file: IO[bytes]) -> str:
    file.seek(0)
    before = b""
    for piece in chunks(file):
        if _SCRIPT.search(before + piece):
            raise Unfit("active")
        before = piece[-16:]
    return "pdf"


def _text(file: IO[bytes]) -> str:
    """UTF-8 or GB 18030, without control characters."""
    file.seek(0)
    open_still = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    for piece in chain(chunks(file), [b""]):
        if _BINARY.search(piece):
            raise Unfit("unknown")
        for name, decoder in list(open_still.items()):
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                del open_still[name]
    if not open_still:
        raise Unfit("unknown")
    return "txt"


def _office(file: IO[bytes], size: int) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            return _parts(archive, size)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zipfile.LargeZipFile, ValueError,
            zlib.error):
        raise Unfit("broken") from None


def _parts(archive: zipfile.ZipFile, size: int) -> str:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * size + PART:
        raise Unfit("bomb")
    names = [info.filename for info in infos]
    if any(info.flag_bits & 1 for info in infos):
        raise Unfit("encrypted")
    if len(set(names)) != len(names) or "[Content_Types].xml" not in names:
        raise Unfit("unknown")
    kinds = [kind for part, kind in _OFFICE.items() if part in names]
    if len(kinds) != 1:
        raise Unfit("unknown")
    if any(_ACTIVE.search(name) for name in names):
        raise Unfit("active")
    types = _part(archive, "[Content_Types].xml")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Unfit("active")
    for name in names:
        if name.endswith(".rels"):
            _links(_part(archive, name))
    _unpacks(archive, size)
    return kinds[0]


def _unpacks(archive: zipfile.ZipFile, size: int) -> None:
    """Every part unpacks to what it says, and no further than the bounds: counted while it streams, and nothing of it
    kept. Fields of a text that fetch something are looked for on the way."""
    unpacked = 0
    for info in archive.infolist():
        before = b""
        with archive.open(info) as part:
            for piece in chunks(part):
                unpacked += len(piece)
                if unpacked > UNPACKED or unpacked > RATIO * size + PART:
                    raise Unfit("bomb")
                if info.filename.endswith(".xml") and _FETCH.search(before + piece):
                    raise Unfit("outside")
                before = piece[-80:]


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(PART + 1)
    if len(data) > PART:
        raise Unfit("bomb")
    return data


def _links(data: bytes) -> None:
    """A relationship may point outside only as a hyperlink, which nothing follows by itself."""
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException):
        raise Unfit("broken") from None
    for link in root:
        outside = link.get("TargetMode", "").lower() == "external"
        if outside and not link.get("Type", "").endswith("/hyperlink"):
            raise Unfit("outside")
