"""How days, numbers and figures are written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from zhixing.outputs.documents import rules
from zhixing.shell.templatetags import say

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("en", date(2026, 5, 18), "Mon 18 May"),
        ("zh-hans", date(2026, 5, 18), "5月18日 周一"),
        ("en", date(2009, 5, 18), "Mon 18 May 2009"),
        ("zh-hans", date(2009, 5, 18), "2009年5月18日 周一"),
        ("en", None, ""),
    ],
)
def test_a_day_is_written_as_people_write_it(language: str, value: date | None, said: str) -> None:
    with translation.override(language):
        assert say.day(value) == said


@pytest.mark.parametrize(
    ("language", "first", "last", "said"),
    [
        ("en", date(2026, 9, 20), date(2026, 11, 10), "20 Sep – 10 Nov"),
        ("zh-hans", date(2026, 9, 20), date(2026, 11, 10), "9月20日–11月10日"),
        ("en", date(2009, 3, 24), date(2009, 5, 22), "24 Mar – 22 May 2009"),
        ("zh-hans", date(2009, 3, 24), date(2009, 5, 22), "2009年3月24日–5月22日"),
        ("zh-hans", date(2026, 11, 9), date(2027, 1, 10), "11月9日–2027年1月10日"),
        ("en", None, date(2026, 5, 18), "until 18 May"),
        ("en", date(2026, 5, 18), None, "from 18 May"),
        ("en", None, None, ""),
    ],
)
def test_a_period_names_a_shared_year_once(
    language: str, first: date | None, last: date | None, said: str
) -> None:
    with translation.override(language):
        assert say.span(first, last) == said


def test_a_moment_has_its_time() -> None:
    with translation.override("en"):
        assert say.moment(datetime(2026, 5, 18, 14, 30)) == "Mon 18 May 14:30"


@pytest.mark.parametrize(
    ("value", "qualifier", "measure", "said"),
    [
        ("3127", "=", "person_times", "3,127"),
        ("80", ">=", "people", "≥\u202f80"),
        ("24", "~", "items", "≈\u202f24"),
        ("0.987", "=", "share", "98.7\u202f%"),
        ("0.9996", "=", "share", "99.9\u202f%"),
        ("1", "=", "share", "100\u202f%"),
        ("88.934", "=", "score", "88.93"),
        ("0", "=", "items", "0"),
    ],
)
def test_numbers_in_tables(value: str, qualifier: str, measure: str, said: str) -> None:
    with translation.override("en"):
        assert say.amount(Decimal(value), qualifier, measure) == said


@pytest.mark.parametrize(
    ("language", "value", "qualifier", "noun", "said"),
    [
        ("en", "80", ">=", "people", "over 80 people"),
        ("zh-hans", "80", ">=", "人", "80余人"),
        ("en", "3127", ">=", "person-times", "at least 3,127 person-times"),
        ("zh-hans", "3127", ">=", "人次", "3,127人次以上"),
        ("en", "24", "~", "items", "nearly 24 items"),
        ("zh-hans", "24", "~", "条", "近24条"),
        ("en", "5", "=", "meetings", "5 meetings"),
    ],
)
def test_vague_numbers_in_sentences(language: str, value: str, qualifier: str, noun: str, said: str) -> None:
    with translation.override(language):
        assert say.said(Decimal(value), qualifier, "", noun) == said


@pytest.mark.parametrize(("language", "qualifier", "records", "said"), [
    ("zh", "~", 1, "近24条"), ("zh", "~", 3, "约24条"), ("en", "~", 1, "nearly 24 items"), ("en", "~", 3, "about 24 items"),
    ("zh", ">=", 3, "24条以上"), ("en", ">=", 3, "at least 24 items"), ("en", "=", 3, "24 items"),
])
def test_pages_and_documents_say_vague_numbers_alike(language: str, qualifier: str, records: int, said: str) -> None:
    noun = "条" if language == "zh" else "items"
    with translation.override("zh-hans" if language == "zh" else "en"):
        assert say.said(Decimal(24), qualifier, "items", noun, records) == said
    assert rules.amount(Decimal(24), qualifier, "items", noun, language, several=records > 1) == said


def test_the_unknown_is_never_zero() -> None:
    with translation.override("en"):
        assert say.amount(None) == "not known"
        assert say.said(None, noun="people") == "not known"
        assert "not known" in say.cell("")
