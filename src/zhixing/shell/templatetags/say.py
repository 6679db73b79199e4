"""How days, numbers and figures are written, in Chinese and in English: each once, here.

Days are written as people write them (Mon 18 May; 5月18日 周一), with the year when it is not this one.
Numbers have thousands separators; an unknown one is the words "not known", never 0. In tables a vague count
is `≥ 80`; in sentences it is "over 80" and 80余."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock, counts

register = template.Library()

THIN = "\u202f"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def shortday(value: date | None) -> str:
    """18 May, 5月18日; the year where it is not this year; "" where there is no day."""
    if value is None:
        return ""
    year = value.year != clock.today().year
    if chinese():
        return f"{f'{value.year}年' if year else ''}{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]}{f' {value.year}' if year else ''}"


@register.filter
def day(value: date | None) -> str:
    """Mon 18 May, 5月18日 周一; the year where it is not this year."""
    if value is None:
        return ""
    if chinese():
        return f"{shortday(value)} 周{'一二三四五六日'[value.weekday()]}"
    return f"{_WEEKDAYS[value.weekday()]} {shortday(value)}"


@register.filter
def moment(value: datetime | None) -> str:
    """The day and the time: Mon 18 May 14:30."""
    return "" if value is None else f"{day(value.date())} {clocktime(value.time())}"


@register.filter
def clocktime(value: time | None) -> str:
    return "" if value is None else f"{value:%H:%M}"


@register.simple_tag
def span(first: date | None, last: date | None) -> str:
    """20 Sep – 10 Nov; an open end is said in words; "" where neither end is known. The year stands once
    where both ends share it."""
    if first and last:
        start = shortday(first)
        if first.year == last.year != clock.today().year:
            start = start[5:] if chinese() else start[:-5]
            if chinese():
                return f"{shortday(first)}–{last.month}月{last.day}日"
        return f"{start}–{shortday(last)}" if chinese() else f"{start} – {shortday(last)}"
    if first:
        return _("from %(day)s") % {"day": shortday(first)}
    return _("until %(day)s") % {"day": shortday(last)} if last else ""


@register.filter
def number(value: Decimal | int | float | None, places: int = 4) -> str:
    """3,127 and 0.5: thousands separators, no trailing zeros; "" where there is none."""
    if value is None:
        return ""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """98.7 %. Rounded down where rounding would make less than everything look like everything."""
    hundred = Decimal(str(value)) * 100
    rounded = hundred.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == 100 and hundred < 100:
        rounded = hundred.quantize(Decimal("0.1"), ROUND_DOWN)
    text = f"{rounded:f}".removesuffix(".0")
    return f"{text}%" if chinese() else f"{text}{THIN}%"


def digits(value: Decimal, measure: str) -> str:
    """The number alone, as its measure is written."""
    if measure == "share":
        return percent(value)
    return number(value, 2) if measure == "score" else number(value)


@register.simple_tag
def amount(value: Decimal | None, qualifier: str = "=", measure: str = "") -> str:
    """For tables: `80`, `≥ 80`, `≈ 24`, `98.7 %`; "not known" where it is not."""
    if value is None:
        return _("not known")
    sign = {">=": f"≥{THIN}", "~": f"≈{THIN}"}.get(qualifier, "")
    return f"{sign}{digits(value, measure)}"


@register.simple_tag
def said(value: Decimal | None, qualifier: str = "=", measure: str = "", noun: str = "", records: int = 1) -> str:
    """For sentences, as documents write it: `over 80 people`, `80余人`, `nearly 24`, `近24条`; of several records
    together `about 24`, `约24条`."""
    if value is None:
        return _("not known")
    tail = f" {noun}" if noun and not chinese() else noun
    return counts.in_words(digits(value, measure), counts.Count(value, qualifier), "zh" if chinese() else "en",
                           noun=tail, rounds=measure not in ("share", "score"), several=records > 1)


@register.filter
def cell(value: object) -> str | SafeString:
    """What a record's cell holds, for people: days as days, yes and no as words, lists with commas, and a
    dash for what is not known, with the words for those who do not see it."""
    if value is None or value == "" or value == [] or value == ():
        return format_html(
            '<span class="soft" aria-hidden="true">–</span><span class="off">{}</span>', _("not known")
        )
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ("、" if chinese() else ", ").join(str(each) for each in value)
    return str(value)
