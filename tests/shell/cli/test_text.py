"""`zhixing collate` and `zhixing copies`: files in, files out, no database, nothing half written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document as Word

from zhixing.ground.text import grouping
from zhixing.shell.cli.text import collate_command, copies_command

PASSAGE = (
    "本单位利用三个月时间走访了全部村民小组，收集意见一百三十余条，梳理出灌溉渠年久失修、村口桥面塌陷、卫生室缺少值班医生"
    "三个突出问题，已请水利站测量并列入冬修计划，桥面已设警示牌并筹款加固，卫生室每周二、周五有医生坐诊。"
)


def collate(*arguments: str) -> Result:
    return CliRunner().invoke(collate_command, arguments)


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_table_of_opinions_comes_back_with_groups(tmp_path: Path) -> None:
    source = written(tmp_path / "o.csv", [
        ["编号", "标题", "内容"], ["1", "A区丽景苑夜间施工噪音", "工地半夜打桩，噪音太大"],
        ["2", "丽景苑夜间施工", "A区丽景苑工地半夜打桩，噪音让人无法休息"], ["3", "=1+1", ""],
    ])
    out = tmp_path / "g.csv"
    result = collate(str(source), "-o", str(out))
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert list(rows[0]) == ["id", "group", "label", "confidence", "reason", "place"]
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["group"] == rows[1]["group"] != rows[2]["group"]
    assert rows[2]["label"] == "'=1+1"  # no spreadsheet takes it for a formula
    assert out.stat().st_mode & 0o044


def test_the_columns_can_be_named_and_rows_without_an_id_are_named_by_number(tmp_path: Path) -> None:
    source = written(tmp_path / "o.csv", [["a", "b"], ["路灯不亮", "x"], ["路灯不亮", "x"]])
    result = collate(str(source), "--text", "a", "--id", "b")
    assert result.exit_code == 0, result.output
    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == ["x", "x#3"]


@pytest.mark.parametrize(("data", "said"), [
    (b"", "is empty"), (b"\xef\xbb\xbf\n", "is empty"), (b"x,y\n1,2\n", "--text"), (b"text\n", "0 opinions"),
])
def test_a_file_without_opinions_is_refused_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    source = tmp_path / "o.csv"
    source.write_bytes(data)
    result = collate(str(source))
    assert said in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_damaged_bytes_and_other_encodings_are_read(tmp_path: Path) -> None:
    source = tmp_path / "o.csv"
    source.write_bytes("内容\n道路坑洼\n".encode("gb18030"))
    assert "道路坑洼" in collate(str(source)).stdout
    source.write_bytes(b"text\nroad \n" + b"\xff\x80\n\x00x\n")
    assert collate(str(source)).exit_code == 0


def test_a_stop_in_the_middle_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path / "o.csv", [["text"], ["路灯不亮"]])
    before = sorted(tmp_path.iterdir())

    def stopped(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(grouping, "find_matter", stopped)
    assert collate(str(source), "-o", str(tmp_path / "g.csv")).exit_code == 1
    monkeypatch.undo()
    monkeypatch.setattr(csv, "writer", stopped)
    assert collate(str(source), "-o", str(tmp_path / "g.csv")).exit_code == 1
    assert sorted(tmp_path.iterdir()) == before


def test_copies_between_word_text_and_csv(tmp_path: Path) -> None:
    word = Word()
    word.add_paragraph("各位同事，下面汇报我科室的情况。" + PASSAGE)
    word.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.txt").write_text("今年雨水偏多，田里的稻子倒伏不少。" + PASSAGE, encoding="utf-8")
    written(tmp_path / "c.csv", [["id", "text"], ["r1", "图书室开放时间太短。" + PASSAGE]])
    out = tmp_path / "found.json"
    result = CliRunner().invoke(copies_command, [str(tmp_path), "-o", str(out)])
    assert result.exit_code == 0, result.output
    pairs = json.loads(out.read_text(encoding="utf-8"))["pairs"]
    assert [(pair["a"], pair["b"]) for pair in pairs] == [("a.docx", "b.txt"), ("a.docx", "r1"), ("b.txt", "r1")]
    assert set(pairs[0]["passages"][0]) >= {"a_start", "a_end", "b_start", "b_end", "how"}


def test_the_page_shows_both_sides_and_escapes_what_people_wrote(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("<script>alert(1)</script>" + PASSAGE, encoding="utf-8")
    (tmp_path / "b.txt").write_text("另一个单位的开头。" + PASSAGE, encoding="utf-8")
    out = tmp_path / "found.html"
    result = CliRunner().invoke(copies_command, [str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "-o", str(out)])
    assert result.exit_code == 0, result.output
    page = out.read_text(encoding="utf-8")
    assert page.count("<mark>") == 2
    assert "<script>" not in page


def test_a_broken_word_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04 broken")
    result = CliRunner().invoke(copies_command, [str(tmp_path / "a.docx")])
    assert result.exit_code == 1
    assert "cannot be read as a Word document" in result.output
