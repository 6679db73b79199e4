"""The pieces that pages are made of, each once; `/look/` shows them all."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.outputs.boards.board import TONES, Row, state_word
from zhixing.outputs.boards.reads import link, narrower
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.navigation import places

from . import say

register = template.Library()

FIRST = 3
"""So many places stand in the phone's bottom bar; the rest under "More"."""


@register.inclusion_tag("pieces/header.html", takes_context=True)
def header(context: RequestContext) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    at = context.get("at")
    shown = places(request, at)
    english = (get_language() or "").startswith("en")
    return {
        "request": request,
        "at": at,
        "places": shown,
        "first": shown[:FIRST],
        "rest": shown[FIRST:],
        "home": link(at, "campaign") if at else "/",
        "csrf_token": context.get("csrf_token"),
        "other": "zh-hans" if english else "en",
        "other_name": "中文" if english else "English",
    }


@register.inclusion_tag("pieces/print_head.html", takes_context=True)
def print_head(context: RequestContext) -> dict[str, Any]:
    return {"at": context.get("at"), "now": clock.now(), "request": context["request"]}


@register.inclusion_tag("pieces/crumbs.html")
def crumbs(at: Standpoint, *further: str) -> dict[str, Any]:
    """The units above, the unit, and what stands below it: label, address, label, address … (an address may
    be "")."""
    pairs = list(zip(further[::2], [*further[1::2], ""], strict=False))
    return {"at": at, "campaign_url": link(at, "campaign"), "further": pairs}


@register.inclusion_tag("pieces/standpoint.html", takes_context=True)
def standpoint(context: RequestContext, at: Standpoint) -> dict[str, Any]:
    """From which unit and as at which day one looks, each to be changed."""
    return {"request": context["request"], "at": at, "parts": narrower(at)}


@register.simple_tag
def go(at: Standpoint, page: str, *parts: str, **query: object) -> str:
    """The address of a page of the campaign, from the same standpoint."""
    return link(at, page, *parts, **query)


@register.simple_tag
def state(name: str) -> SafeString:
    """A duty's state: word, colour and shape."""
    return format_html('<span class="state {}">{}</span>', TONES[name], state_word(name))


@register.simple_tag
def states() -> list[tuple[str, str, str]]:
    """The legend: state, tone, word."""
    return [(name, tone, state_word(name)) for name, tone in TONES.items()]


@register.simple_tag
def chip(value: Any, noun: str = "", url: str = "") -> SafeString:
    """A figure in a line of text or a table: number, measure, qualifier; a link to what stands behind it; the
    words "not known" and why, where it is not."""
    said = _number(value.value, value.qualifier, value.measure, noun)
    kind = "chip" if value.value is not None else "chip unknown"
    title = format_html(' title="{}"', value.why) if value.why else ""
    if not url:
        return format_html('<span class="{}"{}>{}</span>', kind, title, said)
    return format_html('<a class="{}" href="{}"{}>{}</a>', kind, url, title, said)


@register.simple_tag
def big(value: Any, noun: str = "") -> SafeString:
    """A figure that matters, large."""
    kind = "big" if value.value is not None else "big unknown"
    return format_html(
        '<p class="{}" data-value="{}" data-qualifier="{}" data-evidence="{}">{}</p>',
        kind,
        "" if value.value is None else format(value.value, "f"),
        value.qualifier,
        value.evidence,
        _number(value.value, value.qualifier, value.measure, noun),
    )


def _number(value: Decimal | None, qualifier: str, measure: str, noun: str) -> SafeString:
    text = say.amount(value, qualifier, measure)
    return (
        format_html("{}<small>{}</small>", text, noun)
        if noun and value is not None
        else format_html("{}", text)
    )


@register.simple_tag
def number_of(value: Any, noun: str = "") -> SafeString:
    return _number(value.value, value.qualifier, value.measure, noun)


@register.simple_tag
def board_row(row: Row) -> SafeString:
    """One row of the grid. Put together by hand: a board has thousands of cells."""
    nothing = format_html("<td><span>{}</span></td>", _("n/a"))
    cells = "".join(
        f'<td><a class="{cell.tone}" href="{conditional_escape(cell.url)}">'
        f"{conditional_escape(cell.text)}</a></td>"
        if cell.url
        else nothing
        for cell in row.cells
    )
    # Everything that comes from records was escaped above, piece by piece.
    return mark_safe(
        f'<tr class="{row.kind}"><th scope="row"><a href="{conditional_escape(row.url)}" '
        f'hx-boost="false">{conditional_escape(row.name)}</a></th>{cells}</tr>'
    )


@register.inclusion_tag("pieces/bars.html")
def bars(listed: Iterable[Any]) -> dict[str, Any]:
    """Bars with their words and numbers, each a link to its records; a bar is a rectangle of plain SVG."""
    return {"bars": list(listed)}


@register.inclusion_tag("pieces/field.html")
def field(item: Any) -> dict[str, Any]:
    """One question of a form: label above, hint, fault, and the control."""
    described = " ".join(
        filter(None, (f"{item.id}-hint" if item.hint else "", f"{item.id}-fault" if item.fault else ""))
    )
    return {"field": item, "described": described}


@register.inclusion_tag("pieces/summary.html")
def error_summary(fields: Iterable[Any], further: Iterable[str] = ()) -> dict[str, Any]:
    """What is wrong in a form, each fault a link to its field; nothing when nothing is."""
    return {"faults": [item for item in fields if item.fault], "further": list(further)}


@register.inclusion_tag("pieces/empty.html")
def empty(
    title: str, words: str = "", action: str = "", url: str = "", primary: bool = False
) -> dict[str, Any]:
    """What will stand here, and the first step."""
    return {"title": title, "words": words, "action": action, "url": url, "primary": primary}


@register.inclusion_tag("pieces/pages.html", takes_context=True)
def pages(context: RequestContext, page: int, pages: int, total: str = "") -> dict[str, Any]:
    """Which page of how many, with the total, and the way to the others."""
    return {
        "request": context["request"],
        "page": page,
        "pages": pages,
        "total": total,
        "before": page - 1,
        "after": page + 1 if page < pages else 0,
    }


@register.inclusion_tag("pieces/sorted_head.html", takes_context=True)
def sorted_head(context: RequestContext, column: str, label: str) -> dict[str, Any]:
    """A column's head that sorts: up, then down."""
    now = context["request"].GET.get("sort", "")
    return {
        "request": context["request"],
        "label": label,
        "column": column,
        "next": f"-{column}" if now == column else column,
        "direction": "ascending" if now == column else "descending" if now == f"-{column}" else "",
    }
