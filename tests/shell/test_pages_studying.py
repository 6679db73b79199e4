"""Study and research, groups with their rosters on a day, assigned cadres and visits."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.flow.study.models import Rule, RuleStep, Version
from zhixing.ground.ledger import reads as ledger

from .pages import bring_in, signed_in

TABLES = {
    "groups": "code,name,kind,unit,head\nG1,The steering group,leading_group,B,B-1\nG2,Research of N1,research_group,N1,N1-1",
    "members": """
        group,person,from,to
        G1,B-1,2026-03-01,
        G2,N1-2,2026-03-01,2026-04-30
        G2,N1-3,2026-04-15,""",
    "assignments": """
        person,unit,role,from,to
        B-1,N1,contact,2026-03-01,
        B-1,N2,contact,2026-03-01,
        N-1,S1,contact,2026-03-01,2026-04-01""",
    "topics": "code,title,owner,group,unit,due_on\nT1,Rural classes,N1-2,,N1,2026-05-30\nT2,Small schools,S1-1,,S1,2026-05-30",
    "reports": "code,topic,title,author,completed_on\nR1,T1,What we found,N1-2,2026-05-01",
    "rules": "code,title,unit,status,issued_on\nL1,Visits every month,N1,planned,\nL2,Others,S1,planned,",
}
PAGES = ("/c/P1/study/", "/c/P1/groups/", "/c/P1/visits/", "/c/P1/reports/R1/", "/c/P1/rules/L1/")


@pytest.fixture
def studied(kept: Cast, tmp_path: Path) -> Cast:
    bring_in(tmp_path / "study", **TABLES)
    return kept


def pdf(text: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("report.pdf", b"%PDF-1.7\n" + text)


def step(browser: Client, status: str, on: str = "2026-05-10", rule: str = "L1") -> int:
    return browser.post(f"/c/P1/rules/{rule}/", {"status": status, "on": on, "note": "because"}).status_code


def test_a_report_is_replaced_by_a_new_version_and_the_old_one_can_be_read(studied: Cast) -> None:
    secretary = signed_in("secretary")
    for text in (b"one", b"two", b"two"):
        assert secretary.post("/c/P1/reports/R1/", {"file": pdf(text), "note": "more"}).status_code == 302
    assert Version.objects.count() == 2
    for number, text in ((1, b"one"), (2, b"two")):
        answer = secretary.get(f"/c/P1/reports/R1/versions/{number}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7\n" + text
    assert secretary.get("/c/P1/reports/R1/versions/3/").status_code == 404
    assert "version 2" in secretary.get("/c/P1/study/").content.decode()
    assert [each.verb for each in ledger.of_subject("reports/R1", studied.programme_id)] == ["study.version"] * 2


def test_a_report_needs_a_fit_file(studied: Cast) -> None:
    secretary = signed_in("secretary")
    for file in ("", SimpleUploadedFile("x.exe", b"MZ\x00")):
        answer = secretary.post("/c/P1/reports/R1/", {"file": file})
        assert answer.status_code == 422
        assert next(each for each in answer.context["fields"] if each.name == "file").fault
    assert not Version.objects.exists()


def test_a_rule_goes_from_planned_to_repealed_step_by_step(studied: Cast) -> None:
    secretary = signed_in("secretary")
    assert step(secretary, "revised") == 409
    assert step(secretary, "issued") == 302
    assert step(secretary, "issued") == 409
    assert step(secretary, "revised", "2026-05-01") == 422
    assert step(secretary, "revised", "2027-05-01") == step(secretary, "revised", "") == 422
    assert step(secretary, "revised", "2026-05-12") == step(secretary, "revised", "2026-05-13") == 302
    assert step(secretary, "repealed", "2026-05-18") == 302
    assert step(secretary, "issued") == 409
    rule = Rule.objects.get(code="L1")
    assert (rule.status, str(rule.issued_on), RuleStep.objects.count()) == ("repealed", "2026-05-10", 4)


def test_the_register_shows_topics_by_unit_and_only_one_s_own(studied: Cast) -> None:
    assert [each.title for each in signed_in("office").get("/c/P1/study/").context["register"]] == ["Rural classes", "Small schools"]
    assert [each.title for each in signed_in("secretary").get("/c/P1/study/").context["register"]] == ["Rural classes"]
    assert [each.title for each in signed_in("office").get("/c/P1/study/?unit=S").context["register"]] == ["Small schools"]


@pytest.mark.parametrize(("day", "members", "former"), [
    ("2026-04-01", ["Person N1-2"], []),
    ("2026-04-20", ["Person N1-2", "Person N1-3"], []),
    ("2026-05-18", ["Person N1-3"], ["Person N1-2"]),
    ("2026-02-01", [], []),
])
def test_a_roster_is_that_of_the_day(studied: Cast, day: str, members: list[str], former: list[str]) -> None:
    page = signed_in("office").get(f"/c/P1/groups/?as_of={day}")
    group = next(each for _kind, listed in page.context["kinds"] for each in listed if each.name == "Research of N1")
    assert sorted(name for name, _since in group.members) == members
    assert [name for name, _until in group.former] == former


def test_groups_of_another_branch_are_not_shown(studied: Cast) -> None:
    def names(who: str) -> set[str]:
        return {each.name for _kind, listed in signed_in(who).get("/c/P1/groups/").context["kinds"] for each in listed}

    assert names("office") == {"The steering group", "Research of N1"}
    assert names("secretary") == {"Research of N1"}
    assert names("other") == set()


def test_places_not_visited_come_first_and_ended_assignments_are_gone(studied: Cast, tmp_path: Path) -> None:
    lines = signed_in("office").get("/c/P1/visits/").context["lines"]
    assert [(each.unit, each.visits) for each in lines] == [("North School 1", 0), ("North School 2", 1)]
    bring_in(tmp_path / "more", activities="code,kind,title,unit,starts_at\nV1,visit,,N1,2026-05-01\nV2,visit,,N1,2026-05-02")
    lines = signed_in("office").get("/c/P1/visits/").context["lines"]
    assert [(each.unit, each.visits) for each in lines] == [("North School 2", 1), ("North School 1", 2)]
    earlier = signed_in("office").get("/c/P1/visits/?as_of=2026-03-15").context["lines"]
    assert {(each.unit, each.visits) for each in earlier} == {("North School 1", 0), ("North School 2", 0), ("South School 1", 0)}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["office", "leader", "supervisor", "viewer", "district", "secretary", "responsible", "admin"])
def test_every_role_reads_what_is_its_own(studied: Cast, name: str, language: str) -> None:
    browser = signed_in(name, language)
    assert {path: browser.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "responsible"])
def test_those_who_look_change_nothing(studied: Cast, name: str) -> None:
    browser = signed_in(name)
    assert step(browser, "issued") == 403
    assert browser.post("/c/P1/reports/R1/", {"file": pdf(b"x")}).status_code == 403
    assert not Version.objects.exists() and not RuleStep.objects.exists()


@pytest.mark.parametrize("name", ["other", "stranger"])
def test_another_branch_learns_nothing(studied: Cast, name: str) -> None:
    signed_in("secretary").post("/c/P1/reports/R1/", {"file": pdf(b"x")})
    browser = signed_in(name)
    for path in ("/c/P1/reports/R1/", "/c/P1/reports/R1/versions/1/", "/c/P1/rules/L1/", "/c/P1/study/?unit=N1",
                 "/c/P1/groups/?unit=N1", "/c/P1/visits/?unit=N1"):
        assert browser.get(path).status_code == 404, path
    assert step(browser, "issued") == browser.post("/c/P1/reports/R1/", {"file": pdf(b"y")}).status_code == 404


@pytest.mark.parametrize("path", ["/c/P1/study/", "/c/P1/groups/", "/c/P1/visits/"])
def test_pages_cost_the_same_with_more_records(studied: Cast, path: str, tmp_path: Path) -> None:
    office = signed_in("office")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get(path).status_code == 200
        return len(asked)

    before = queries()
    bring_in(tmp_path / "more", groups="code,name,kind,unit\n" + "\n".join(f"H{n},Group {n},research_group,{u}" for n, u in enumerate(("N", "N2", "S", "S2"))), members="group,person\n" + "\n".join(f"H{n},{p}" for n, p in enumerate(("N-1", "N2-2", "S-1", "S2-1"))), assignments="person,unit,role\nN-1,N3,contact\nS-1,S2,contact", topics="code,title,unit\n" + "\n".join(f"U{n},Topic {n},{u}" for n, u in enumerate(("N", "N2", "S", "S2"))), reports="code,topic,title\n" + "\n".join(f"Q{n},U{n},Report {n}" for n in range(4)))
    assert queries() == before
