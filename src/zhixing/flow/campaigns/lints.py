"""The contradictions this room can see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope

from . import reads

PLACEHOLDER = re.compile(r"X{2,}|×{2,}|某某|_{3,}|＿{2,}|\{[^}]*\}|【[^】]*】|…{3,}")
SHARES = ("%", "％", "share", "rate", "率")


def placeholder_left(scope: Scope) -> Iterator[Finding]:
    for remark in reads.remarks(scope.programme_id):
        found = PLACEHOLDER.search(remark.text)
        if found:
            yield Finding((remark.code,), _("Remark %(code)s still has a blank to fill in: “%(blank)s”."),
                          {"code": remark.code, "blank": found.group()}, "remarks", remark.code, remark.unit_id)


def rate_without_denominator(scope: Scope) -> Iterator[Finding]:
    """A share that somebody stated: the records hold nothing it could be divided by."""
    for fact in reads.stated_facts(scope.programme_id, scope.as_of):
        if fact.value is not None and any(word in fact.measure for word in SHARES):
            yield Finding((fact.code,), _(
                "%(name)s is stated as a share (%(source)s), without what it is a share of. State both numbers, or let "
                "the records give it."), {"name": fact.name, "source": fact.source or _("no source")},
                "stated_facts", fact.code)


def participation_unknown(scope: Scope) -> Iterator[Finding]:
    """Units of which nobody says whether they take part: not known is not "no", but they owe nothing meanwhile."""
    waiting = reads.undecided(scope.programme_id)
    if waiting:
        yield Finding(tuple(waiting), _(
            "%(count)s units do not say whether they take part (%(units)s). Until they do, they owe nothing and are "
            "not counted."), {"count": len(waiting), "units": ", ".join(waiting[:5])}, "units", waiting[0])


register_lints(
    Lint("participation_unknown", _("Units that do not say whether they take part"), participation_unknown),
    Lint("placeholder_left", _("A blank left to fill in"), placeholder_left),
    Lint("rate_without_denominator", _("A rate with nothing to divide by"), rate_without_denominator),
)
