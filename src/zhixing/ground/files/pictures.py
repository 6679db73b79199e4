"""Pictures as pages show them: small, upright, and without anything that a camera wrote into the file (place, time,
device). The original stays as it was kept. What is made here can be made again and is no record."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import IO, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from zhixing.ground.kernel.home import home

from .store import ADDRESS, made

PIXELS = 60_000_000
"""A picture of more pixels is not unpacked; it can be downloaded."""

SCANS = 64
"""A JPEG that paints itself more often than this was made to keep a machine busy."""

_START_OF_SCAN = b"\xff\xda"
_FORMATS = ("JPEG", "PNG")


class Unshowable(Exception):
    """No picture can be made of these bytes."""


def place(sha256: str, width: int) -> Path:
    """Raises ValueError for what is no SHA-256."""
    if not ADDRESS.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return home() / "pictures" / sha256[:2] / f"{sha256}-{width}.jpg"


def keep(file: BinaryIO, sha256: str, width: int) -> Path:
    """Makes the picture of these bytes at most `width` across and keeps it; returns where. Raises Unshowable."""
    final = place(sha256, width)
    folder = made(final.parent)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as draft:
        try:
            _write(file, width, draft.file)
            draft.flush()
            os.replace(draft.name, final)
        except BaseException:
            os.unlink(draft.name)
            raise
    return final


def _write(file: BinaryIO, width: int, draft: IO[bytes]) -> None:
    _refuse_endless(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=_FORMATS) as opened:
                if opened.width * opened.height > PIXELS or not opened.width or not opened.height:
                    raise Unshowable
                shown = _shown(opened, width)
        shown.save(draft, "JPEG", quality=82, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, OverflowError,
            Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unshowable from error


def _shown(opened: Image.Image, width: int) -> Image.Image:
    """A new picture of the colours alone: nothing of the file's other contents comes along."""
    opened.draft("RGB", (width, width * 4))
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((width, width * 4))
    flat = Image.new("RGB", turned.size, "white")
    if "A" in turned.getbands() or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat.paste(turned.convert("RGB"))
    return flat


def _refuse_endless(file: BinaryIO) -> None:
    """Counts how often a JPEG paints itself, before anything of it is unpacked."""
    file.seek(0)
    if file.read(2) == b"\xff\xd8":
        found, before = 0, b""
        while piece := file.read(1 << 20):
            found += (before + piece).count(_START_OF_SCAN)
            before = piece[-1:]
            if found > SCANS:
                raise Unshowable
    file.seek(0)
