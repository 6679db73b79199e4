"""Files that are broken or meant to do harm: a clear refusal, nothing written, no traceback."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.books import COUNTY, write_book
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.types import Faulty, TableReport

pytestmark = pytest.mark.django_db


def refusal(path: Path) -> str:
    """What is said of a file that does not come in."""
    with pytest.raises(Refused) as error:
        import_workbook(path, actor=CONSOLE)
    assert ledger.size() == 0
    return str(error.value)


def spoil(folder: Path, name: str, content: bytes) -> Path:
    write_book(folder)
    (folder / f"{name}.csv").write_bytes(content)
    return folder


@pytest.mark.parametrize(("encoding", "told"), [("gbk", "looks like GBK"), ("utf-16", "looks like UTF-16")])
def test_another_encoding_is_named_with_the_remedy(tmp_path: Path, encoding: str, told: str) -> None:
    message = refusal(spoil(tmp_path / "book", "phases", "code,name\nP1,学习调研\n".encode(encoding)))
    assert told in message
    assert "Save As" in message


def test_a_wrong_encoding_far_into_the_file_is_found(tmp_path: Path) -> None:
    rows = "".join(f"P{number},Phase\n" for number in range(20_000)).encode() + "Z,调研\n".encode("gbk")
    assert "GBK" in refusal(spoil(tmp_path / "book", "phases", b"code,name\n" + rows))


@pytest.mark.parametrize(("content", "told"), [
    (b"code,name\nP1,One\0\0\0", "no text has"),
    (b'code,name\nP1,"One\nP2,Two\n', "never closed"),
    (b'code,name\nP1,"One"x\n', "near a quotation mark"),
    (b"", "the file is empty"),
    (b"code;name\nP1;One\n", "separated by something else"),
    (b"code,name\nP1," + b"x" * 500_000 + b"\n", "longer than 100000"),
    (bytes(range(128, 256)) * 20, "not UTF-8"),
])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refusal(spoil(tmp_path / "book", "phases", content))


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    assert "holds no tables" in refusal(tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    assert "holds no tables" in refusal(tmp_path)


@pytest.mark.parametrize(("name", "content"), [
    ("letter.pdf", b"%PDF-1.7"), ("letter.docx", b"no zip"), ("nothing.xlsx", b""), ("page.html", b"<html>")])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert "is not a workbook" in refusal(tmp_path / name)
    assert "There is no" in refusal(tmp_path / "nowhere")


def test_an_old_excel_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "save it as .xlsx" in refusal(tmp_path / "old.xls")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("code,name\nP1,Secret\n")
    folder = write_book(tmp_path / "book")
    (folder / "phases.csv").unlink()
    (folder / "phases.csv").symlink_to(secret)
    message = refusal(folder)
    assert "leads out of the folder" in message
    assert "Secret" not in message


def test_a_pipe_in_the_folder_is_not_opened(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    os.mkfifo(folder / "rules.csv")
    assert "was not opened" in refusal(folder)


# Excel

def book(path: Path, fill: Callable[[xlsxwriter.Workbook], None] | None = None, **tables: str) -> Path:
    """An .xlsx of the county, and what `fill` adds."""
    made = xlsxwriter.Workbook(str(path))
    for name, text in {**COUNTY, **tables}.items():
        sheet = made.add_worksheet(name)
        for row, line in enumerate(text.split("\n")):
            for place, cell in enumerate(line.split(",")):
                sheet.write_string(row, place, cell)
    if fill is not None:
        fill(made)
    made.close()
    return path


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    """The same archive with parts added, replaced or taken out (None)."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**parts, **changes}.items():
            if content is not None:
                new.writestr(name, content)
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def test_an_excel_workbook_comes_in(tmp_path: Path) -> None:
    told = import_workbook(book(tmp_path / "book.xlsx"), actor=CONSOLE).tables
    assert told["units"] == TableReport(3, 0, 0)


def test_a_formula_is_named_by_its_cell(tmp_path: Path) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("rules")
        sheet.write_row(0, 0, ["code", "title"])
        sheet.write_row(1, 0, ["R1", "One"])
        sheet.write_string(2, 0, "R2")
        sheet.write_formula(2, 1, '="Two"&"!"', value="Two!")

    with pytest.raises(Faulty) as error:
        import_workbook(book(tmp_path / "book.xlsx", fill), actor=CONSOLE)
    [fault] = error.value.faults
    assert (fault.table, fault.row, fault.column, fault.kind) == ("rules", 3, "title", "formula")
    assert "paste as value" in fault.message
    assert ledger.size() == 0


@pytest.mark.parametrize(("last", "through", "told"), [(3, 1, "B2:B4"), (1, 2, "B2:C2")])
def test_merged_cells_are_named_with_the_remedy(tmp_path: Path, last: int, through: int, told: str) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("opinions")
        sheet.write_row(0, 0, ["code", "unit", "channel"])
        sheet.write_column(1, 0, ["O1", "O2", "O3"])
        sheet.merge_range(1, 1, last, through, "s1")

    with pytest.raises(Faulty) as error:
        import_workbook(book(tmp_path / "book.xlsx", fill), actor=CONSOLE)
    [fault] = [each for each in error.value.faults if each.kind == "merged"]
    assert (fault.table, fault.row, fault.column) == ("opinions", 2, "unit")
    assert told in fault.message and "take the merge apart" in fault.message
    assert ledger.size() == 0


def test_merged_cells_that_say_nothing_and_those_of_the_heading_do_no_harm(tmp_path: Path) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("rules")
        sheet.write_row(0, 0, ["code", "title"])
        sheet.write_row(1, 0, ["R1", "One"])
        sheet.merge_range(0, 1, 0, 2, "title")
        sheet.merge_range(4, 0, 6, 1, "")

    assert import_workbook(book(tmp_path / "book.xlsx", fill), actor=CONSOLE).tables["rules"] == TableReport(1, 0, 0)


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    import_workbook(book(path, phases="code,name\nP1,=1+1"), actor=CONSOLE)


def test_a_macro_file_is_refused(tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "book.xlsm"), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert "macros" in refusal(path)
    path = book(tmp_path / "other.xlsx")
    types = part(path, "[Content_Types].xml").replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in refusal(rewritten(path, {"[Content_Types].xml": types}))


def test_links_to_other_files_are_refused(tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "book.xlsx"), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert "values from other files" in refusal(path)


@pytest.mark.parametrize("inside", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_an_xml_bomb_is_refused(tmp_path: Path, inside: str) -> None:
    path = book(tmp_path / "book.xlsx")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = part(path, inside)
    cut = content.index(b"?>") + 2
    assert "declarations" in refusal(rewritten(path, {inside: content[:cut] + bomb + content[cut:]}))


def test_an_xml_bomb_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx")
    inside = "xl/worksheets/sheet1.xml"
    text = part(path, inside).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert "declarations" in refusal(rewritten(path, {inside: text.encode("utf-16")}))
    path = book(tmp_path / "other.xlsx")
    text = part(path, inside).decode().replace('encoding="UTF-8"', 'encoding="UTF-7"')
    assert "declarations" in refusal(rewritten(path, {inside: text.encode()}))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "book.xlsx"), {"xl/worksheets/sheet9.xml": b" " * 30_000_000})
    assert path.stat().st_size < 100_000
    assert "unpacks to far more" in refusal(path)


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "book.xlsx"), {"xl/media/zz.xml": b" " * 30_000_000})
    content = path.read_bytes().replace((30_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    path.write_bytes(content)
    assert any(words in refusal(path) for words in ("unpacks to far more", "damaged or cut off"))


def test_an_archive_of_countless_parts_is_refused(tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "book.xlsx"), {f"xl/media/{number}.png": b"" for number in range(2_500)})
    assert "unpacks to far more" in refusal(path)


def test_too_many_rows_are_refused_with_the_limit(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx")
    inside = "xl/worksheets/sheet1.xml"
    content = part(path, inside)
    import random

    draw = random.Random(1)  # rows that do not pack so well as to look like a bomb
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (number, number, draw.getrandbits(60))
                    for number in range(5, 200_100))
    message = refusal(rewritten(path, {inside: content.replace(b"</sheetData>", rows + b"</sheetData>")}))
    assert "more than 200000 rows or 4000000 cells" in message
    assert "CSV files" in message


def test_a_cell_at_the_end_of_the_sheet_needs_too_much_memory(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", lambda made: made.add_worksheet("rules").write_string(1_048_575, 16_383, "far"))
    assert any(words in refusal(path) for words in ("needs more memory", "takes too long"))


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_excel_file_is_refused(tmp_path: Path, share: float) -> None:
    path = book(tmp_path / "book.xlsx")
    content = path.read_bytes()
    path.write_bytes(content[:int(len(content) * share)])
    assert "damaged or cut off" in refusal(path)


def test_a_truncated_sheet_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx")
    inside = "xl/worksheets/sheet2.xml"
    content = part(path, inside)
    rewritten(path, {inside: content[:len(content) // 2]})
    refusal(path)


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    import docx

    docx.Document().save(str(tmp_path / "letter.docx"))
    assert "is not a workbook" in refusal(tmp_path / "letter.docx")


def test_numbers_dates_and_booleans_are_what_people_meant(tmp_path: Path) -> None:
    from datetime import date, datetime

    from zhixing.ground.units import reads as units
    from zhixing.ground.workbook import reads

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, text in COUNTY.items():
        sheet = made.create_sheet(name)
        for line in text.split("\n"):
            sheet.append(line.split(","))
    sheet = made.create_sheet("活动")
    sheet.append(["编号", "类别", "开始时间", "人数", "标题"])
    sheet.append([101, "讨论", datetime(2026, 5, 18, 14, 30), 80.0, 3.5])
    sheet.append(["A2", "lecture", date(2026, 5, 18), ">=80", True])
    made.create_sheet("Sheet9")  # empty, so it does not matter
    made.save(str(tmp_path / "book.xlsx"))
    import_workbook(tmp_path / "book.xlsx", actor=CONSOLE)
    first, second = (reads.row("activities", units.programme("C").id, key, CONSOLE) for key in ("101", "A2"))
    assert {"kind": "discussion", "starts_at": "2026-05-18T14:30", "headcount": "80", "title": "3.5"}.items() <= first.items()
    assert {"starts_at": "2026-05-18", "headcount": ">=80", "title": "yes"}.items() <= second.items()


# Zip of CSV files

def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_csv_files_comes_in_whatever_its_folders(tmp_path: Path) -> None:
    files = {f"workbook/{name}.csv": text.encode() for name, text in COUNTY.items()}
    path = zipped(tmp_path / "book.zip", **files, **{"__MACOSX/workbook/._units.csv": b"\0", "notes.txt": b"hello"})
    assert import_workbook(path, actor=CONSOLE).tables["units"].created == 3


def test_names_from_a_chinese_windows_are_understood(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in {**COUNTY, "xxxx": "编号,标题\nR1,制度\n"}.items():
            archive.writestr(f"{name}.csv", text)
    content = io.BytesIO(content.getvalue().replace(b"xxxx.csv", "制度.csv".encode("gbk")))
    (tmp_path / "book.zip").write_bytes(content.getvalue())
    assert import_workbook(tmp_path / "book.zip", actor=CONSOLE).tables["rules"].created == 1


def test_names_that_lead_elsewhere_lead_nowhere(tmp_path: Path) -> None:
    files = {f"../../../../tmp/zhixing-escaped/{name}.csv": text.encode() for name, text in COUNTY.items()}
    import_workbook(zipped(tmp_path / "book.zip", **files), actor=CONSOLE)
    assert not Path("/tmp/zhixing-escaped").exists()


def test_a_zip_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    assert "is not a workbook" in refusal(zipped(tmp_path / "book.zip", **{"notes.txt": b"hello"}))


def test_a_bomb_in_a_zip_is_refused(tmp_path: Path) -> None:
    assert "unpacks to far more" in refusal(zipped(tmp_path / "book.zip", **{"units.csv": b"0" * 50_000_000}))
