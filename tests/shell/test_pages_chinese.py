"""A walk over every page that links lead to, as a reader of Chinese: no page fails, no link is dead, and no
English is left."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhixing.ground.accounts.models import Grant
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units.models import Unit
from zhixing.ground.workbook.actions import import_workbook

from .pages import signed_in

TABLES = {
    "campaign": """
        code,name,template,host_unit,starts_on,ends_on
        Z1,学习实践活动,study-practice-zh,Z0,2026-03-01,2026-12-31""",
    "units": """
        code,name,kind,parent,participates
        Z0,教育局,bureau,,yes
        Z10,第一学区,school_district,Z0,yes
        Z11,中心小学,school,Z10,yes
        Z12,育才学校,school,Z10,yes""",
    "people": "code,name,unit,categories\nZ21,局长,Z0,leader\nZ22,教师甲,Z11,teacher\nZ23,教师乙,Z12,teacher",
    "phases": """
        code,name,order,starts_on,ends_on
        Z31,学习调研,1,2026-03-01,2026-05-31
        Z32,分析检查,2,2026-06-01,2026-12-31""",
    "activities": """
        code,kind,title,unit,phase,starts_at,roster,headcount
        Z41,mobilisation,动员大会,Z0,Z31,2026-03-05T09:00,,>=80
        Z42,mobilisation,动员大会,Z11,Z31,2026-03-12T14:30,unit,
        Z43,group_study,集中学习,Z11,Z31,2026-04-02,unit,""",
    "duties": """
        code,phase,name,figure,where,at_least,due_on,applies_to
        Z51,Z31,召开动员大会,activities.held,kind=mobilisation,1,2026-03-31,
        Z52,Z31,集中学习两次,activities.held,kind=group_study&phase=Z31,2,2026-08-31,school""",
    "waivers": "duty,unit,reason,by,on\nZ51,Z12,学校正在合并,教育局,2026-03-20",
    "channels": "code,kind,name,unit\nZ61,box,意见箱,Z0",
    "form_batches": """
        code,channel,title,unit,issued_on,issued,returned_on,returned
        Z71,Z61,征求意见表,Z10,2026-04-01,80,2026-04-20,103""",
    "opinions": "code,channel,received_on,unit,target,text\nZ81,Z61,2026-04-10,Z11,team,表格太多",
    "issues": """
        code,title,target,lead_unit,listed_on,due_on,state
        Z91,表格多,team,Z0,2026-04-12,2026-05-01,dispatched""",
    "mapping": "opinion,issue,relation\nZ81,Z91,merged",
    "events": "issue,kind,on,by\nZ91,dispatched,2026-04-13,教育局",
    "stated_facts": "code,name,value,measure,source,on\nZ99,全市排名,3,名,市教育局通报,2026-05-01",
}

ALLOWED = re.compile(
    r"""English|Excel|CSV|PDF|Word|docx|xlsx|zip|MB|UTF|JPEG|PNG|TOML
    |Z\d+\w*                                  # codes of these records
    |office|zhixing                           # who is signed in; the command
    |kind=[\w]+|group:|people:|(?:unit|listed)(?::\w+)?  # what is written into a cell as it is
    |School\ self-review                      # an English pack's own name
    |(?:great-discussion|study-practice|school-self-review)-(?:zh|en)  # packs by their short names
    |XXSJ2026                                 # a code as an example
    |https?://\S+""",
    re.X,
)
LATIN = re.compile(r"[A-Za-z]{2,}")
LIMIT = 400


class Reader(HTMLParser):
    """The words a person reads or hears, and the links."""

    SILENT = ("script", "style", "svg")
    HEARD = ("aria-label", "title", "placeholder", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.silent += tag in self.SILENT
        self.words += [known[name] or "" for name in self.HEARD if name in known]
        if tag == "a" and known.get("href"):
            self.links.append(str(known["href"]))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.words.append(data.strip())


def leftovers(words: list[str]) -> list[str]:
    return [text for text in words if LATIN.search(ALLOWED.sub("", text))]


def read(browser: Client, path: str) -> Reader:
    reader = Reader()
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200, path
    if answer.headers["Content-Type"].startswith("text/html"):
        reader.feed(answer.content.decode())
    return reader


@pytest.fixture
def office(clock: object, db: None, tmp_path: Path) -> Client:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(textwrap.dedent(text).strip() + "\n", encoding="utf-8")
    import_workbook(tmp_path, actor=CONSOLE)
    Grant.objects.create(user=User.objects.create_user("office"), role="office")
    return signed_in("office", "zh-hans")


@pytest.mark.slow
def test_no_english_is_left_and_no_link_is_dead(office: Client) -> None:
    waiting, seen = ["/?all=1", "/c/Z1/", "/workbook/", "/c/Z1/?state=overdue"], set()
    found: dict[str, list[str]] = {}
    while waiting and len(seen) < LIMIT:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        reader = read(office, path)
        if left := leftovers(reader.words):
            found[path] = left[:8]
        for link in reader.links:
            parts = urlsplit(urljoin(path, link))
            assert parts.netloc == "", f"{path} leads to another host: {link}"
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            # Every page once, not every sorting and day of it.
            if "sort=" not in parts.query and "format=" not in parts.query:
                waiting.append(target)
    assert found == {}
    assert len(seen) > 60


def test_a_leftover_is_noticed() -> None:
    assert leftovers(["总览", "Overview", "Z41", "导出 CSV"]) == ["Overview"]


def test_refusals_and_faults_are_in_chinese(office: Client) -> None:
    answers = [
        office.get("/c/Z1/?unit=Z77"),
        office.get("/c/Z1/?as_of=2026-02-30"),
        office.get("/nowhere/"),
        office.post(
            "/c/Z1/add/activities/", {"code": "", "unit": "Z77", "starts_at": "x", "headcount": "-1"}
        ),
        office.post("/workbook/"),
        office.post("/c/Z1/remove/units/Z11/"),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        reader = Reader()
        reader.feed(answer.content.decode())
        assert leftovers(reader.words) == [], answer.request["PATH_INFO"]


def zipped(**tables: str) -> SimpleUploadedFile:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, text in tables.items():
            file.writestr(f"{name}.csv", text)
    return SimpleUploadedFile("表.zip", whole.getvalue())


@pytest.mark.parametrize(("role", "unit", "table", "text"), [
    ("office", "", "attendance", "activity,person,status\nZ41,Z21,到场"),
    ("office", "", "activities", "code,kind,unit,starts_at,roster\nZ47,开会,Z0,2026-02-30,全部"),
    ("office", "", "duties", "code,figure,where\nZ57,activities.held,place=x\nZ58,没有,"),
    ("office", "", "phases", "code,starts_on,ends_on\nZ31,2026-05-01,2026-03-01"),
    ("office", "Z10", "units", "code,name,parent\nZ12,育才学校,Z10\nZ13,新学校,Z0"),
    ("office", "Z10", "people", "code,name,unit\nZ21,另一局长,Z0"),
    ("secretary", "Z11", "people", "code,name,unit\nZ29,教师丁,Z12"),
])
def test_the_faults_of_a_workbook_are_in_chinese(office: Client, role: str, unit: str, table: str, text: str) -> None:
    other = Grant(user=User.objects.create_user("office2"), role=role)
    other.unit = Unit.objects.get(code=unit) if unit else None
    other.save()
    browser = signed_in("office2", "zh-hans")
    sent = browser.post("/workbook/?campaign=Z1", {"file": zipped(**{table: text})})
    answer = browser.get(sent.headers["Location"])
    assert answer.status_code in (403, 422)
    reader = Reader()
    reader.feed(answer.content.decode())
    allowed = ("place=x", "place")
    assert [word for word in leftovers(reader.words) if not any(each in word for each in allowed)] == []


def test_what_is_not_there_is_said_in_chinese(office: Client) -> None:
    for path in ("/c/Z1/records/activities/Z404/", "/c/Z404/", "/c/Z1/records/nothing/"):
        answer = office.get(path)
        assert answer.status_code == 404, path
        reader = Reader()
        reader.feed(answer.content.decode())
        assert leftovers(reader.words) == [] or path.endswith("nothing/"), path
