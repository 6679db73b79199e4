from __future__ import annotations

import contextlib
import hashlib
import io
import stat
import threading
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.files import actions, store
from zhixing.ground.files.reads import open_file
from zhixing.ground.files.rules import Unfit, kind_of
from zhixing.ground.files.types import KINDS, Damaged
from zhixing.ground.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.usefixtures("english")

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SCHEMAS = "http://schemas.openxmlformats.org"
RELS = (f'<?xml version="1.0"?><Relationships xmlns="{SCHEMAS}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{SCHEMAS}/officeDocument/2006/relationships/{{kind}}" '
        'Target="http://elsewhere.invalid/x" TargetMode="External"/></Relationships>')


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def word() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("签到表")
    document.save(made)
    return made.getvalue()


def sheet() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def office(parts: dict[str, bytes], main: str = "word/document.xml") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({"[Content_Types].xml": TYPES, main: b"<x/>"} | parts).items():
            archive.writestr(name, data)
    return made.getvalue()


def kept(data: bytes, name: str) -> str:
    stored = actions.keep(io.BytesIO(data), name)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.size == len(data)
    with open_file(stored.sha256) as file:
        assert file.read() == data
    return stored.kind


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("data", "name", "kind"), [
    (PDF, "方案.pdf", "pdf"), (PNG, "a.PNG", "png"), (JPEG, "a.jpg", "jpeg"), (JPEG, "a.jpeg", "jpeg"),
    ("知行".encode(), "a.txt", "txt"), ("知".encode() * 400_000, "a.txt", "txt"),
    ("知行\r\n".encode("gb18030"), "a.csv", "txt"),
])
def test_a_file_is_kept_under_its_checksum(data: bytes, name: str, kind: str, home: Path) -> None:
    assert kept(data, name) == kind
    sha256 = hashlib.sha256(data).hexdigest()
    assert everything(home / "files") == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]


def test_office_documents_are_told_apart() -> None:
    assert kept(word(), "签到表.docx") == "docx"
    assert kept(sheet(), "名册.xlsx") == "xlsx"
    assert set(KINDS) == {"pdf", "png", "jpeg", "docx", "xlsx", "txt"}


def test_a_hyperlink_may_stay() -> None:
    part = {"word/_rels/document.xml.rels": linked("hyperlink")}
    assert kept(office(part), "a.docx") == "docx"


def test_only_the_owner_can_read_the_store(home: Path) -> None:
    kept(PDF, "a.pdf")
    for path in (home / "files").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_same_bytes_are_kept_once(home: Path) -> None:
    kept(PDF, "a.pdf")
    kept(PDF, "b.pdf")
    assert len(everything(home / "files")) == 1


def test_keeping_again_heals_a_damaged_file() -> None:
    kept(PDF, "a.pdf")
    store.place(hashlib.sha256(PDF).hexdigest()).write_bytes(b"damaged")
    kept(PDF, "a.pdf")


def linked(kind: str) -> bytes:
    return RELS.format(kind=kind).encode()


REFUSED = [
    (b"", "a.txt", "is empty"),
    (b"MZ\x90\x00\x03", "a.pdf", "of no kind"),
    (b"<html>", "a.html", "not what its name says"),
    (PNG, "a.pdf", "not what its name says"),
    (PNG, "png", "not what its name says"),
    (b"\xd0\xcf\x11\xe0" + b"0" * 600, "a.doc", "old Office format"),
    (PDF + b"<< /S /JavaScript /JS (app.alert(1)) >>", "a.pdf", "scripts"),
    (b"%PDF-1.7\n" + b"x" * (1024 * 1024 - 14) + b"/Launch ", "a.pdf", "scripts"),
    (b"PK\x03\x04 but no archive", "a.docx", "is damaged"),
    (office({})[:-30], "a.docx", "is damaged"),
    (office({"word/vbaProject.bin": b"x"}), "a.docx", "macros"),
    (office({"xl/vbaProject.bin": b"x"}, "xl/workbook.xml"), "a.xlsm", "macros"),
    (office({"word/embeddings/oleObject1.bin": b"x"}), "a.docx", "embedded program"),
    (office({"[Content_Types].xml": TYPES.replace(b"/>", b">macroEnabled</Types>")}), "a.docx", "macros"),
    (office({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "xl/workbook.xml"), "a.xlsx", "macros"),
    (office({"word/_rels/settings.xml.rels": linked("attachedTemplate")}), "a.docx",
     "from another place"),
    (office({"word/_rels/document.xml.rels": linked("image")}), "a.docx", "from another place"),
    (office({"word/_rels/document.xml.rels": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "a.docx",
     "is damaged"),
    (office({"word/_rels/document.xml.rels": b"<a"}), "a.docx", "is damaged"),
    (office({"word/zeros.xml": b"0" * 40_000_000}), "a.docx", "unpacks to far more"),
    (office({f"word/{n}.xml": b"" for n in range(5_001)}), "a.docx", "unpacks to far more"),
    (office({"word/document.xml": b"<x/>"}, "xl/workbook.xml"), "a.docx", "of no kind"),
    (office({}, "ppt/presentation.xml"), "a.docx", "of no kind"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "name", "said"), REFUSED)
def test_an_unfit_file_is_refused_and_nothing_stays(data: bytes, name: str, said: str, home: Path) -> None:
    with pytest.raises(Refused, match=said) as refused:
        actions.keep(io.BytesIO(data), name)
    assert name in str(refused.value)
    assert everything(home) == []


def test_an_encrypted_office_file_is_refused() -> None:
    data = bytearray(office({}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(Unfit, match="encrypted"):
        kind_of(io.BytesIO(data), "a.docx", len(data))


class Endless(io.RawIOBase):
    """A sender who never stops."""

    read_so_far = 0

    def read(self, size: int = -1) -> bytes:
        self.read_so_far += size
        return b"x" * size


def test_a_file_without_an_end_is_refused_at_the_limit(home: Path) -> None:
    sender = Endless()
    with pytest.raises(Refused):
        actions.keep(sender, "a.txt", limit=3 * 1024 * 1024)
    assert sender.read_so_far <= 5 * 1024 * 1024
    assert everything(home) == []


def test_a_sender_who_breaks_off_leaves_nothing(home: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        actions.keep(Broken(), "a.txt")
    assert everything(home) == []


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "0" * 63, "0" * 64, "A" * 64])
def test_what_was_not_kept_is_not_found(address: str) -> None:
    with pytest.raises(NotFound):
        open_file(address)


def test_a_damaged_file_is_not_given_out() -> None:
    kept(PDF, "a.pdf")
    sha256 = hashlib.sha256(PDF).hexdigest()
    store.place(sha256).write_bytes(PDF.replace(b"obj", b"OBJ"))
    with pytest.raises(Damaged):
        open_file(sha256)


def test_two_people_hand_in_the_same_file_at_once(home: Path) -> None:
    failures: list[BaseException] = []

    def hand_in() -> None:
        try:
            for _ in range(5):
                actions.keep(io.BytesIO(PDF), "a.pdf")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(everything(home / "files")) == 1


@given(st.binary(max_size=300), st.sampled_from(["a.docx", "a.pdf", "a.txt", "a.png"]),
       st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", PNG[:8]]))
def test_no_bytes_break_the_check(data: bytes, name: str, start: bytes) -> None:
    whole = start + data
    with contextlib.suppress(Unfit):
        assert kind_of(io.BytesIO(whole), name, len(whole)) in KINDS
