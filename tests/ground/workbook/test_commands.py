"""`zhixing import`, `export`, `template`, `opinions add` as people and scripts call them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tests.books import write_book

if TYPE_CHECKING:
    from tests.conftest import Cli


def test_import_says_what_it_did(cli: Cli, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    assert "Units" in cli("import", folder, "--dry-run").out
    told = cli("import", folder, json=True).data
    assert (told["campaign"], told["dry_run"]) == ("C", False)
    assert told["tables"][0] == {"table": "units", "created": 3, "updated": 0, "unchanged": 0}


def test_faults_go_to_standard_error_and_the_exit_is_1(cli: Cli, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", activities="code,kind,unit\nA1,lectur,nowhere")
    said = cli("import", folder, expect=1)
    assert said.out == ""
    assert "Activities, row 2, Kind: “lectur” is not one of" in said.err
    assert "2 faults. Nothing was written." in said.err
    told = cli("import", folder, json=True, expect=1).data
    assert told["total"] == 2
    assert told["faults"][1] == {
        "table": "activities", "row": 2, "column": "unit", "value": "nowhere", "kind": "unknown",
        "message": told["faults"][1]["message"]}
    assert told["totals"] == [{"table": "activities", "kind": "choice", "count": 1},
                              {"table": "activities", "kind": "unknown", "count": 1}]


def test_messages_are_chinese_for_those_who_ask(cli: Cli, tmp_path: Path) -> None:
    said = cli("--lang", "zh", "import", write_book(tmp_path / "book", rules="code,issued_on\nR1,2026-02-30"), expect=1)
    assert "制度（rules），第 2 行，印发日期（issued_on）：" in said.err
    assert "2026-02-28" in said.err


def test_a_fault_names_tables_columns_and_choices_in_the_readers_language(cli: Cli, tmp_path: Path) -> None:
    folder = write_book(
        tmp_path / "book", attendance="activity,person,status\nA1,l1,出度\nA2,l1,lat", units="code,parnt\nb,\ns1,b")
    chinese = cli("--lang", "zh", "import", folder, expect=1).err
    assert "考勤（attendance），第 2 行，状态（status）：“出度”不是可选的词，可填：出席、请假、缺席、补学" in chinese
    assert "没有“parnt”这一列，是不是“上级单位（parent）”？" in chinese
    assert not re.search(r"present|absent|made_up|made up", chinese, re.IGNORECASE)
    english = cli("import", folder, expect=1).err
    assert "Attendance, row 2, Status: “出度” is not one of Present, On leave, Absent, Made up" in english
    machine = [cli("--lang", language, "import", folder, json=True, expect=1).data for language in ("zh", "en")]
    for each in machine:
        assert {(fault["table"], fault["column"]) for fault in each["faults"]} >= {("attendance", "status")}
    assert machine[0]["totals"] == machine[1]["totals"]


def test_a_heading_with_another_key_has_the_key_beside_it(cli: Cli, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", units="code,name,parent\nb,Bureau,\ns1,School 1,nowhere\ns2,School 2,b")
    assert "Units, row 3, Superior unit (parent): " in cli("import", folder, expect=1).err


def test_what_is_no_workbook_has_no_traceback(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    for path in (tmp_path / "letter.pdf", tmp_path / "nowhere"):
        said = cli("import", path, expect=1)
        assert "Traceback" not in said.err
        assert len(said.err.strip().splitlines()) == 1


def test_help_states_the_limits(cli: Cli) -> None:
    text = " ".join(cli("import", "--help").out.split())
    assert "200,000 rows and 4,000,000 cells" in text
    assert "Example: zhixing import" in text


def test_export_and_template_say_what_they_wrote(cli: Cli, tmp_path: Path) -> None:
    cli("import", write_book(tmp_path / "book"))
    told = cli("export", "C", tmp_path / "out.xlsx", json=True).data
    assert told["tables"][0] == {"table": "units", "rows": 3}
    assert (tmp_path / "out.xlsx").is_file()
    assert len(cli("template", "study-practice-zh", tmp_path / "empty.xlsx", json=True).data["tables"]) > 30
    assert "There is no template pack" in cli("template", "nothing", tmp_path / "x.xlsx", expect=1).err


def test_opinions_add(cli: Cli, tmp_path: Path) -> None:
    cli("import", write_book(tmp_path / "book", channels="code,kind\nWEB,web"))
    (tmp_path / "messages.csv").write_text("id,body\n1,Too noisy\n", encoding="utf-8")
    words = ("opinions", "add", tmp_path / "messages.csv", "--campaign", "C", "--text", "body", "--code", "id", "--channel")
    assert cli(*words, "WEB", json=True).data["tables"] == [
        {"table": "opinions", "created": 1, "updated": 0, "unchanged": 0}]
    assert "Its channels: WEB" in cli(*words, "BOX", expect=1).err


def test_opinions_add_names_everything_that_is_missing_at_once(cli: Cli, tmp_path: Path) -> None:
    cli("import", write_book(tmp_path / "book", channels="code,kind\nWEB,web"))
    path = tmp_path / "my messages.csv"
    path.write_text("msg_id,留言主题,date,reply\n1,Noise,2026-05-01,\"The street is far too noisy at night\"\n", encoding="utf-8")
    said = cli("opinions", "add", path, expect=2)
    assert said.out == ""
    assert "Missing: --campaign, --channel, --text." in said.err
    assert "The file's columns: msg_id, 留言主题, date, reply." in said.err
    command = next(line for line in said.err.splitlines() if line.startswith("  zhixing "))
    assert command.endswith("--campaign C --channel WEB --title 留言主题 --text reply --on date --code msg_id")
    assert cli(*shlex.split(command)[1:], json=True).data["tables"][0]["created"] == 1
    assert "缺少：--channel、--text。" in cli("--lang", "zh", "opinions", "add", path, "--campaign", "C", expect=2).err
    assert "Missing: --text." in cli("opinions", "add", path, "--campaign", "C", "--channel", "WEB", expect=2).err


def test_opinions_in_a_column_of_the_usual_name_need_not_be_pointed_to(cli: Cli, tmp_path: Path) -> None:
    cli("import", write_book(tmp_path / "book", channels="code,kind\nWEB,web\nBOX,box"))
    (tmp_path / "box.csv").write_text("内容,时间\n太吵了,2026-05-01\n", encoding="utf-8")
    said = cli("opinions", "add", tmp_path / "box.csv", expect=2).err
    assert "Missing: --campaign, --channel." in said and "Channels: WEB, BOX." in said
    assert "--channel CODE --on 时间" in said
    cli("opinions", "add", tmp_path / "box.csv", "--campaign", "C", "--channel", "BOX")
