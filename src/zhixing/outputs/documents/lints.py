"""The contradictions that a document would print: between its remarks, its stated facts, what was printed
before, and the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs import Pack
from zhixing.flow.campaigns.types import RemarkView, StatedFactView
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import DutyView, State
from zhixing.ground.figures import history
from zhixing.ground.figures import reads as figures
from zhixing.ground.figures.types import Frozen
from zhixing.ground.kernel.counts import Count
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units

from . import checks, keeping
from .counting import Counting

SHOWN = 12
"""How many records a finding names."""


def _remarks(scope: Scope) -> list[RemarkView]:
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return []
    within = units.paths_under(path, scope.as_of)
    return [remark for remark in campaigns.remarks(scope.programme_id)
            if remark.unit_id is None or remark.unit_id in within]


def unit_without_duty_record(scope: Scope) -> Iterator[Finding]:
    """A remark says "all units", and units have not met the duty that it speaks of (where it names none, any
    duty of its phase)."""
    saying = [(remark, words) for remark in _remarks(scope) if (words := checks.says_all(remark.text))]
    if not saying:
        return
    pack = campaigns.pack_of(scope.programme_id)
    listed = duties.duties(scope.programme_id)
    for remark, words in saying:
        of_phase = [duty for duty in listed if not remark.phase_code or duty.phase == remark.phase_code]
        meant = [duty for duty in of_phase if _speaks_of(pack, remark.text, duty)]
        if not meant and checks.names_units(words):
            meant = [duty for duty in of_phase if duty.due_on is None or duty.due_on <= scope.as_of]
        yield from _missing(scope, remark, words, meant)


def _speaks_of(pack: Pack, text: str, duty: DutyView) -> bool:
    kinds = [pack.label("activity_kinds", kind) for kind in duty.where.get("kind", ())]
    return any(kind in text for kind in kinds) or checks.shares_words(text, duty.name)


def _missing(scope: Scope, remark: RemarkView, words: str, meant: Sequence[DutyView]) -> Iterator[Finding]:
    if not meant:
        return
    path = units.path_on(remark.unit_id, scope.as_of) if remark.unit_id else None
    states = duties.states(scope.programme_id, scope.as_of, path=path, codes=[duty.code for duty in meant])
    for duty in meant:
        none = [state for state in states if state.duty.code == duty.code and not state.met]
        if none:
            yield _finding(remark, words, duty, none, scope)


def _finding(remark: RemarkView, words: str, duty: DutyView, none: Sequence[State], scope: Scope) -> Finding:
    named = units.units_by_id([state.unit_id for state in none[:SHOWN]], scope.as_of)
    labels = ", ".join(named[state.unit_id].label for state in none[:SHOWN] if state.unit_id in named)
    return Finding(
        (remark.code, *(state.record for state in none)),
        _("Remark %(code)s says “%(words)s”, but these have no record that meets “%(duty)s”: %(units)s."),
        {"code": remark.code, "words": words, "duty": duty.name,
         "units": labels + (" …" if none[SHOWN:] else "")}, "remarks", remark.code, remark.unit_id)


def vague_count_used_exactly(scope: Scope) -> Iterator[Finding]:
    """A remark prints as exact a number that a record gives only vaguely."""
    with_numbers = [remark for remark in _remarks(scope) if list(checks.exact_numbers(remark.text))]
    if not with_numbers:
        return
    vague = [*_vague_facts(campaigns.stated_facts(scope.programme_id, scope.as_of)),
             *_vague_figures(scope, campaigns.pack_of(scope.programme_id))]
    for remark in with_numbers:
        for each in checks.printed_exactly(remark.text, vague):
            said = str(Count(each.value, each.qualifier))
            yield Finding(
                tuple(filter(None, (remark.code, each.record))),
                _("Remark %(code)s prints %(number)s as an exact number; the records say only %(vague)s "
                  "(%(figure)s)."),
                {"code": remark.code, "number": said.lstrip(">=~"), "vague": said, "figure": each.words},
                "remarks", remark.code, remark.unit_id)


def _vague_facts(facts: Sequence[StatedFactView]) -> Iterator[checks.Vague]:
    for fact in facts:
        if fact.value is not None and fact.qualifier != "=":
            yield checks.Vague(fact.value, fact.qualifier, (fact.measure,) if fact.measure else (), fact.name,
                               fact.code)


def _vague_figures(scope: Scope, pack: Pack) -> Iterator[checks.Vague]:
    """The figures of the pack's sentences that are vague as at the date."""
    counting = Counting(scope, None, pack)
    seen: set[tuple[str, Decimal]] = set()
    for topic in pack.words("sentences"):
        for pattern in pack.patterns(topic):
            for spec in () if pattern.each else pattern.figures.values():
                value = counting.value(spec.figure, spec.where)
                if value is None or value.value is None or value.qualifier == "=":
                    continue
                if value.measure != "share" and (spec.figure, value.value) not in seen:
                    seen.add((spec.figure, value.value))
                    nouns = counting.nouns(spec.figure, value.measure)
                    yield checks.Vague(value.value, value.qualifier, nouns,
                                       counting.said(spec.figure, spec.where))


def same_figure_two_values(scope: Scope) -> Iterator[Finding]:
    """Two stated facts of one name with two values; a stated fact beside the figure of the same name; what an
    earlier document printed as at the same date, and what another one or the records say now."""
    facts = campaigns.stated_facts(scope.programme_id, scope.as_of)
    by_name: dict[tuple[str, str], list[StatedFactView]] = {}
    for fact in facts:
        if fact.value is not None:
            by_name.setdefault((checks.plain_name(fact.name), fact.measure), []).append(fact)
    for same in by_name.values():
        first = same[0]
        for other in same[1:]:
            if (other.value, other.qualifier) != (first.value, first.qualifier):
                yield Finding(
                    (first.code, other.code), _("“%(name)s” is stated as %(one)s and as %(two)s."),
                    {"name": first.name, "one": _said(first), "two": _said(other)},
                    "stated_facts", first.code)
    yield from _printed_before(scope)


def _said(fact: StatedFactView) -> str:
    assert fact.value is not None
    return f"{Count(fact.value, fact.qualifier)} ({fact.source})" if fact.source else str(
        Count(fact.value, fact.qualifier))


def _printed_before(scope: Scope) -> Iterator[Finding]:
    pack = campaigns.pack_of(scope.programme_id)
    seen: dict[tuple[object, ...], Frozen] = {}
    told: set[tuple[object, ...]] = set()
    looked_at: set[int] = set()
    words = Counting(scope, None, pack, facts=campaigns.stated_facts(scope.programme_id)).said
    for paper in keeping.papers(scope.programme_id, units.unit_by_id(scope.unit_id, scope.as_of).code):
        if paper.as_of != scope.as_of.isoformat():
            continue
        for frozen_id in paper.frozen_ids:
            if frozen_id in looked_at:
                continue
            looked_at.add(frozen_id)
            frozen = history.by_id(frozen_id)
            where = {key: tuple(values) for key, values in frozen.where.items()}
            key = (frozen.name, tuple(sorted(where.items())))
            other = seen.setdefault(key, frozen)
            if key in told:
                continue
            if (other.value, other.qualifier) != (frozen.value, frozen.qualifier):
                told.add(key)
                yield _two(words(frozen.name, where), other, frozen, ())
                continue
            now = figures.value(frozen.name, frozen.scope, frozen.where)
            if (_number(now.value, now.qualifier)) != _number(frozen.value, frozen.qualifier):
                told.add(key)
                drift = history.drift(frozen_id)
                yield _two(words(frozen.name, where), frozen, None, (*drift.came, *drift.went),
                           now=_number(now.value, now.qualifier))


def _two(words: str, one: Frozen, two: Frozen | None, records: Sequence[str], now: str = "") -> Finding:
    values = {"words": words, "on": one.frozen_at.date(), "one": _number(one.value, one.qualifier)}
    if two is None:
        return Finding(tuple(records[:SHOWN]) or (one.name,),
                       _("%(words)s: the document of %(on)s prints %(one)s, the records now say %(now)s."),
                       {**values, "now": now}, "", one.name)
    return Finding((one.name,),
                   _("%(words)s: the document of %(on)s prints %(one)s, that of %(then)s prints %(two)s."),
                   {**values, "then": two.frozen_at.date(), "two": _number(two.value, two.qualifier)},
                   "", one.name)


def _number(value: Decimal | None, qualifier: str) -> str:
    return "–" if value is None else str(Count(round(value, 4).normalize(), qualifier))


def heading_level_skipped(scope: Scope) -> Iterator[Finding]:
    """The campaign's template pack has an outline whose headings skip a level."""
    for fault in campaigns.pack_of(scope.programme_id).pointed_out:
        if fault.rule == "heading_level_skipped":
            yield Finding((f"{fault.file} {fault.key}",),
                          _("The template pack skips a level of headings: %(fault)s."), {"fault": str(fault)})


register_lints(
    Lint("unit_without_duty_record", _("“All units”, and some have none"), unit_without_duty_record),
    Lint("vague_count_used_exactly", _("A vague number printed as exact"), vague_count_used_exactly),
    Lint("same_figure_two_values", _("One figure with two values"), same_figure_two_values),
    Lint("heading_level_skipped", _("A level of headings is skipped"), heading_level_skipped),
)
