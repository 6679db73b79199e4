"""The day's letter: at most one a day for each person, and none without a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cast import Cast
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.ledger import reads as ledger
from zhixing.shell.desk import jobs

from .pages import bring_in, signed_in

pytestmark = pytest.mark.usefixtures("english")
ALL = ["district", "office", "other", "secretary"]
"""Their units owe something, or may ask to pass the gate; the others only look, or only administer."""

OVERDUE = """
    code,phase,name,figure,where,at_least,due_on,applies_to
    D3,PH1,Hand in the plan,filings.filed,kind=plan,1,2026-05-10,school"""


@pytest.fixture
def owing(kept: Cast, tmp_path: Path) -> Cast:
    """Every school owes its plan."""
    bring_in(tmp_path / "more", duties=OVERDUE)
    return kept


def test_whoever_has_something_to_do_gets_one_letter(owing: Cast, tmp_path: Path) -> None:
    assert jobs.write_letters(tmp_path / "out") == ALL
    files = sorted(each.name for each in (tmp_path / "out").iterdir())
    assert files == [f"2026-05-18-{name}.{kind}" for name in ALL for kind in ("eml", "txt")]
    text = (tmp_path / "out" / "2026-05-18-secretary.txt").read_text(encoding="utf-8")
    assert "Hand in the plan (was due 10 May)" in text
    assert "http://127.0.0.1:8000/c/P1/hand-in/?" in text and "kind=plan" in text


def test_the_second_call_of_a_day_writes_none_and_the_next_day_does(owing: Cast, tmp_path: Path,
                                                                   clock: datetime) -> None:
    jobs.write_letters(tmp_path / "out")
    size = ledger.size()
    assert jobs.write_letters(tmp_path / "again") == []
    assert list((tmp_path / "again").iterdir()) == []
    assert ledger.size() == size
    with kernel_clock.fixed(clock + timedelta(days=1)):
        assert jobs.write_letters(tmp_path / "out") == ALL


def test_a_letter_is_a_mail_in_text_and_in_html(owing: Cast, tmp_path: Path) -> None:
    user = owing.users["secretary"]
    user.email = "n1@example.org"
    user.save()
    jobs.write_letters(tmp_path)
    mail = message_from_bytes((tmp_path / "2026-05-18-secretary.eml").read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("n1@example.org", "1 thing to do, Mon 18 May")
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    other = message_from_bytes((tmp_path / "2026-05-18-other.eml").read_bytes(), policy=policy.default)
    assert other["To"] is None


def test_a_letter_tells_nothing_of_other_units(owing: Cast, tmp_path: Path) -> None:
    signed_in("other").post("/c/P1/ask/D3/S1/", {"kind": "waive", "reason": "Closed for repairs"})
    jobs.write_letters(tmp_path)
    assert "Closed for repairs" in (tmp_path / "2026-05-18-office.txt").read_text(encoding="utf-8")
    assert "Closed for repairs" not in (tmp_path / "2026-05-18-secretary.txt").read_text(encoding="utf-8")


def test_an_account_that_was_switched_off_gets_none(owing: Cast, tmp_path: Path) -> None:
    user = owing.users["secretary"]
    user.is_active = False
    user.save()
    assert "secretary" not in jobs.write_letters(tmp_path)


def test_the_letters_name_is_safe_as_a_file(owing: Cast, tmp_path: Path) -> None:
    user = owing.users["secretary"]
    user.username = "../n1"
    user.save()
    jobs.write_letters(tmp_path / "out")
    assert (tmp_path / "out" / "2026-05-18-..%2Fn1.txt").is_file()
