"""Opinions from any table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter

from tests.books import bring_in
from zhixing.flow.opinions.models import Opinion
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.actions import add_opinions
from zhixing.ground.workbook.types import Faulty, TableReport

pytestmark = pytest.mark.django_db

CHANNELS = "code,kind,name,unit\nWEB,web,网上专栏,b\nBOX,box,意见箱,b"


@pytest.fixture(autouse=True)
def channels(tmp_path: Path) -> None:
    bring_in(tmp_path, channels=CHANNELS)


def add(path: Path, **options: str) -> TableReport:
    options = {"programme": "C", "channel": "WEB", **options}
    return add_opinions(path, actor=CONSOLE, **options).tables["opinions"]  # type: ignore[arg-type]  # forwarded


def file(folder: Path, text: str, name: str = "messages.csv", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def test_the_citys_messages_come_in_as_they_are(shared: Path) -> None:
    path = shared / "data" / "opinions" / "city_messages.csv"
    options = {"title": "title", "text": "body", "on": "time", "code": "msg_id"}
    assert add(path, **options) == TableReport(4326, 0, 0)
    assert add(path, **options) == TableReport(0, 0, 4326)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        first = next(csv.DictReader(lines))
    stored = Opinion.objects.get(code=first["msg_id"])
    assert stored.text == f"{first['title'].strip()}\n{first['body'].strip()}".replace("\r\n", "\n")
    assert str(stored.received_on) == first["time"][:10]
    assert stored.channel.code == "WEB"


@pytest.mark.parametrize(("cell", "day"), [
    ("2019/6/19 23:28:27", "2019-06-19"), ("2019-06-19", "2019-06-19"), ("2019年6月19日", "2019-06-19"), ("", "None")])
def test_of_a_time_the_day_is_kept(tmp_path: Path, cell: str, day: str) -> None:
    add(file(tmp_path, f"内容,时间\n太吵了,{cell}\n"), on="时间")
    assert str(Opinion.objects.get().received_on) == day


def test_without_codes_the_same_file_adds_nothing_twice(tmp_path: Path) -> None:
    path = file(tmp_path, "text,on\nOne,2026-05-01\nTwo,2026-05-01\nOne,2026-05-01\nOne,2026-05-02\n")
    assert add(path, on="on") == TableReport(4, 0, 0)
    assert add(path, on="on") == TableReport(0, 0, 4)
    more = file(tmp_path, "text,on\nThree,2026-05-01\nOne,2026-05-01\n", "more.csv")
    assert add(more, on="on") == TableReport(1, 0, 1)


def test_units_are_codes_that_must_be_there(tmp_path: Path) -> None:
    assert add(file(tmp_path, "text,school\nOne,s1\nTwo,\n"), unit="school").created == 2
    with pytest.raises(Faulty) as error:
        add(file(tmp_path, "text,school\nThree,s1\nFour,nowhere\n"), unit="school")
    [fault] = error.value.faults
    assert (fault.table, fault.row, fault.column, fault.value) == ("messages.csv", 3, "school", "nowhere")


def test_faults_name_the_files_own_columns(tmp_path: Path) -> None:
    before = ledger.size()
    with pytest.raises(Faulty) as error:
        add(file(tmp_path, "id,body,when\n1,Good,2026-02-30\n2,,2026-02-01\n3,Good,2026-02-01\n3,Other,\n"),
            text="body", on="when", code="id")
    assert [(fault.row, fault.column) for fault in error.value.faults] == [(2, "when"), (3, "body"), (5, "id")]
    assert (ledger.size(), Opinion.objects.count()) == (before, 0)


def test_an_excel_file_comes_in_too(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(str(tmp_path / "messages.xlsx"))
    sheet = made.add_worksheet("whatever")
    sheet.write_row(0, 0, ["意见内容", "编码"])
    sheet.write_row(1, 0, ["食堂菜凉", 17])
    made.close()
    assert add(tmp_path / "messages.xlsx", code="编码").created == 1
    assert (Opinion.objects.get().code, Opinion.objects.get().text) == ("17", "食堂菜凉")


def test_an_unknown_channel_is_refused_with_those_there_are(tmp_path: Path) -> None:
    path = file(tmp_path, "text\nOne\n")
    with pytest.raises(Refused, match=r"no channel “PAPER”\. Its channels: BOX, WEB"):
        add(path, channel="PAPER")
    with pytest.raises(NotFound, match="no campaign"):
        add(path, programme="X")


def test_an_unknown_column_is_refused_with_those_there_are(tmp_path: Path) -> None:
    path = file(tmp_path, "msg,body\n1,One\n")
    with pytest.raises(Refused, match=r"no column “bdy”\. Its columns: msg, body\. Did you mean “body”\?"):
        add(path, text="bdy")
    with pytest.raises(Refused, match="Say which column holds the opinions"):
        add(path)


def test_gbk_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="looks like GBK"):
        add(file(tmp_path, "编号,内容\n1,食堂菜凉\n", encoding="gbk"))


def test_a_code_of_another_channel_is_another_opinions(tmp_path: Path) -> None:
    path = file(tmp_path, "code,text\n1,One\n")
    add(path, code="code")
    with pytest.raises(Faulty, match="opinion of another channel"):
        add(path, code="code", channel="BOX")


def test_the_ledger_tells_of_all_in_one_entry(tmp_path: Path) -> None:
    add(file(tmp_path, "text\nOne\nTwo\n"))
    [entry] = ledger.entries(limit=1)
    assert (entry.verb, entry.subject, entry.new["created"]) == ("opinions.add", "opinions", 2)
    assert "One" not in str(entry)
