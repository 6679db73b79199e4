"""The official layout, measured on the page that LibreOffice makes of it (GB/T 9704-2012)."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.outputs.documents.drafts import draft, number, whole
from zhixing.ground.kernel.errors import Refused
from zhixing.outputs.documents import actions
from zhixing.outputs.documents.layout import annex, measures, pdf
from zhixing.outputs.documents.types import Block, Draft, Run

pytestmark = pytest.mark.office
POINT = 25.4 / 72
"""Millimetres."""


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    lines: tuple[tuple[Word, ...], ...]


def ran(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    except FileNotFoundError:
        missing("pdftotext", "Install it: apt-get install poppler-utils")


def pages(folder: Path, made: Draft) -> list[Page]:
    """Every page with its lines of words, in millimetres."""
    path = folder / "paper.pdf"
    path.write_bytes(actions.content(made, ".pdf"))
    found = []
    for width, height, inner in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>',
                                           ran("pdftotext", "-bbox-layout", str(path), "-"), re.S):
        lines = tuple(
            tuple(Word(word, *(float(each) * POINT for each in place)) for *place, word in re.findall(
                r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', line))
            for line in re.findall(r"<line .*?>(.*?)</line>", inner, re.S))
        found.append(Page(float(width) * POINT, float(height) * POINT, lines))
    return found


def text(line: tuple[Word, ...]) -> str:
    return "".join(word.text for word in line)


def full_page() -> Draft:
    """More than a page of nothing but Chinese characters."""
    text = "集中学习深入调查研究广泛征求意见认真分析检查切实整改落实见" * 60
    return draft([Block((Run(text),))], title=("小结",))


def test_a_page_is_a4_with_22_lines_of_28_characters_in_its_type_area(tmp_path: Path) -> None:
    page = pages(tmp_path, full_page())[1]
    assert page.width == pytest.approx(210, abs=0.3) and page.height == pytest.approx(297, abs=0.3)
    body = [line for line in page.lines if "—" not in text(line)]
    assert len(body) == measures.LINES
    assert {len(text(line)) for line in body} == {measures.CHARACTERS}
    assert min(word.left for line in body for word in line) == pytest.approx(28, abs=1)
    assert page.width - max(word.right for line in body for word in line) == pytest.approx(26, abs=1)
    tops = sorted(line[0].top for line in body)
    assert tops[0] == pytest.approx(37, abs=3)
    assert (tops[-1] - tops[0]) / 21 * 22 == pytest.approx(225, abs=1)


def test_the_page_number_is_below_the_type_area_right_on_odd_and_left_on_even_pages(tmp_path: Path) -> None:
    found = pages(tmp_path, full_page())
    for place, page in enumerate(found[:2], 1):
        line = next(line for line in page.lines if "—" in text(line))
        assert text(line) == f"—{place}—"
        middle = (line[0].top + line[0].bottom) / 2
        assert middle - (page.height - 35) == pytest.approx(7, abs=1.5)
        if place % 2:
            assert page.width - line[-1].right == pytest.approx(26 + 14 * POINT, abs=2)
        else:
            assert line[0].left == pytest.approx(28 + 14 * POINT, abs=2)


def test_a_page_is_used_to_its_foot_and_a_heading_never_stands_alone(tmp_path: Path) -> None:
    for page in pages(tmp_path, whole()):
        body = [text(line) for line in page.lines if "—" not in text(line)]
        assert not re.match(r"^([一二三]、|（[一二三]）)", body[-1]), body


def test_title_and_headings_have_their_sizes_and_stand_in_fonts(tmp_path: Path) -> None:
    first = pages(tmp_path, whole())[0]
    title = next(line for line in first.lines if "县教育局活动" in text(line))
    heading = next(line for line in first.lines if "一、主要做法" in text(line))
    middle = (title[0].left + title[-1].right) / 2
    assert middle == pytest.approx(28 + 78, abs=2)
    size = (title[-1].right - title[0].left) / len(text(title)) / POINT
    assert size == pytest.approx(22, abs=0.6)
    assert heading[0].left == pytest.approx(28 + 2 * 16 * POINT, abs=1)
    fonts = ran("pdffonts", str(tmp_path / "paper.pdf"))
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), "a font is not embedded"


def test_the_annex_begins_a_page_and_its_links_open_the_figures(tmp_path: Path) -> None:
    made = whole()
    found = pages(tmp_path, made)
    first = next(page for page in found if text(page.lines[0]) == "附件")
    assert any("数字及其依据" in text(line) for line in first.lines)
    links = ran("pdfinfo", "-url", str(tmp_path / "paper.pdf"))
    for each in made.numbers:
        assert links.count(each.url) == 2, "once in the text, once in the annex"


@pytest.mark.parametrize("lines", [15, 17, 19])
def test_the_last_paragraph_stays_with_the_signature(tmp_path: Path, lines: int) -> None:
    made = draft([*(Block((Run("一段。"),)) for _line in range(lines)), Block((Run("最后一段。"),))],
                 numbers=[number()], title=("小结",))
    found = pages(tmp_path, made)
    signed = next(page for page in found if any("2026年5月31日" in text(line) for line in page.lines))
    assert any("最后一段" in text(line) for line in signed.lines)


def test_an_english_page_is_a4_too(tmp_path: Path) -> None:
    paragraph = Block((Run("The staff met and talked about what parents had said. " * 8),))
    counted = Block((Run("We held "), Run("13 visits", 0), Run(".")))
    made = draft([Block((Run("What was done"),), 1, "1. "), counted, *[paragraph] * 12], language="en",
                 numbers=[number()], signed="County Bureau", title=("Summary of the study phase",))
    first = pages(tmp_path, made)[0]
    assert first.width == pytest.approx(210, abs=0.3)
    assert text(first.lines[0]) == "Summaryofthestudyphase"
    assert max(word.right for line in first.lines for word in line) <= 210 - 25


def test_without_libreoffice_a_pdf_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-program",))
    with pytest.raises(Refused, match=r"docx"):
        actions.content(whole(), ".pdf")


def test_an_ending_that_is_not_known_is_refused() -> None:
    with pytest.raises(Refused, match=r"\.docx, \.pdf, \.html"):
        actions.content(whole(), ".odt")


def _annex_rows(folder: Path, language: str, count: int) -> list[int]:
    """How many numbers stand on each page of an annex of so many."""
    made = draft([Block((Run("一段。"),))], language=language, numbers=[number(place) for place in range(1, count + 1)])
    return [rows for page in pages(folder, made) if (rows := sum("2026-" in word.text for line in page.lines
                                                                 for word in line))]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_the_annex_has_a_last_row_or_two_alone(tmp_path: Path, language: str) -> None:
    full = _annex_rows(tmp_path, language, 50)[0]
    assert full >= 28, "what the numbers count has room in one line"
    for more in (0, 1, 2):
        rows = _annex_rows(tmp_path, language, full + more)
        assert sum(rows) == full + more
        assert rows[-1] >= annex.TOGETHER, rows
