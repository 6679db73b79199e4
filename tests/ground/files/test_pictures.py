"""Pictures that pages show: small, upright, and without what a camera wrote."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from zhixing.ground.files import actions, reads
from zhixing.ground.kernel.errors import NotFound

pytestmark = pytest.mark.usefixtures("english")

ORIENTATION, GPS, MAKE, DATE = 0x0112, 0x8825, 0x010F, 0x0132


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def photo(size: tuple[int, int] = (600, 400), orientation: int = 1) -> bytes:
    """A photo as a phone writes it, with its place, its time and its maker."""
    picture = Image.new("RGB", size, "navy")
    exif = picture.getexif()
    exif[ORIENTATION], exif[MAKE], exif[DATE] = orientation, "Phone-maker", "2026:05:18 14:30:00"
    exif.get_ifd(GPS)[2] = (31.0, 12.0, 3.0)
    made = io.BytesIO()
    picture.save(made, "JPEG", exif=exif, comment=b"in room 12")
    return made.getvalue()


def kept(data: bytes, name: str = "a.jpg") -> str:
    return actions.keep(io.BytesIO(data), name).sha256


def test_nothing_that_a_camera_wrote_is_shown_and_the_original_stays() -> None:
    data = photo()
    assert b"Phone-maker" in data
    address = kept(data)
    shown = reads.picture(address, 320).read_bytes()
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.size == (320, 213)
        assert not picture.getexif()
        assert "comment" not in picture.info
    assert b"Phone-maker" not in shown and b"Exif" not in shown and b"room 12" not in shown
    with reads.open_file(address) as file:
        assert file.read() == data


def test_a_photo_taken_on_its_side_stands_upright() -> None:
    with Image.open(reads.picture(kept(photo(orientation=6)), 1280)) as picture:
        assert picture.size == (400, 600)


def test_a_drawing_with_a_clear_ground_is_shown_on_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(made, "PNG")
    with Image.open(reads.picture(kept(made.getvalue(), "a.png"), 320)) as picture:
        assert picture.convert("RGB").getpixel((25, 25)) == (255, 255, 255)


def test_the_picture_is_made_once(home: Path) -> None:
    address = kept(photo())
    first = reads.picture(address, 320)
    made_at = first.stat().st_mtime_ns
    assert reads.picture(address, 320).stat().st_mtime_ns == made_at
    assert first.is_relative_to(home / "pictures")


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is enormous."""
    def part(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"0" * 100_000)) + part(b"IEND", b"")


@pytest.mark.parametrize(("data", "name"), [
    (bomb(100_000, 100_000), "a.png"), (bomb(8_000, 8_000), "a.png"), (bomb(0, 10), "a.png"),
    (b"\xff\xd8\xff" + b"\xff\xda" * 100, "a.jpg"), (b"\xff\xd8\xff\xe0 no picture", "a.jpg"), (photo()[:200], "a.jpg"),
    (b"%PDF-1.7\n", "a.pdf")])
def test_what_cannot_be_shown_safely_has_no_picture(data: bytes, name: str, home: Path) -> None:
    address = kept(data, name)
    with pytest.raises(NotFound):
        reads.picture(address, 320)
    assert not [path for path in (home / "pictures").rglob("*") if path.is_file()]


@pytest.mark.parametrize("width", [0, 319, 5_000])
def test_only_two_sizes_are_made(width: int) -> None:
    with pytest.raises(NotFound):
        reads.picture(kept(photo()), width)


def test_an_address_that_is_none_is_not_found() -> None:
    with pytest.raises(NotFound):
        reads.picture("../../etc/passwd", 320)
