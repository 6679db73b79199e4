"""The numbers of one draft: each asked of the figures engine once, kept where it was first printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import quote, urlencode

from zhixing.flow.campaigns.packs import FigureSpec, Pack
from zhixing.flow.campaigns.packs.grammar import parse
from zhixing.flow.campaigns.types import PhaseView, StatedFactView
from zhixing.ground.figures import reads as figures
from zhixing.ground.figures.types import Value
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.figures import figure
from zhixing.ground.kernel.types import Scope

from . import filling, rules
from .types import Number, Run

_SECTIONS = {
    "activities": "activity_kinds", "groups": "group_kinds", "channels": "channel_kinds",
    "filings": "filing_kinds", "publicity": "publicity_kinds", "information": "information_kinds",
    "study": "note_kinds",
}
_KEY_SECTIONS = {
    "pair_kind": "pair_kinds", "category": "person_categories", "channel_kind": "channel_kinds",
    "target": "targets", "disposition": "dispositions", "state": "issue_states", "basis": "bases",
    "grades": "grades",
}


class Counting:
    """Answers the sentences of one draft. `numbers` are those that sentences asked for, printed in the end or
    not. `odd` are the reasons why a figure that the pack names could not be asked."""

    def __init__(self, scope: Scope, phase: PhaseView | None, pack: Pack, *,
                 facts: Sequence[StatedFactView] = (),
                 words: Mapping[tuple[str, str], str] | None = None) -> None:
        self.scope, self.phase, self.pack = scope, phase, pack
        self.facts = {fact.code: fact for fact in facts}
        self.words = dict(words or {})
        self.numbers: list[Number] = []
        self.odd: list[str] = []
        self._asked: dict[tuple[object, ...], Value | None] = {}
        self._placed: dict[tuple[object, ...], int] = {}

    def where(self, spec: FigureSpec, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """The filter with names filled in, and the document's phase where the figure knows phases."""
        where: dict[str, tuple[str, ...]] = {}
        for key, values in spec.where.items():
            filled = [filling.text_of(parse(value), names, self.pack.language) for value in values]
            where[key] = tuple(part for value in filled for part in value.split(";") if part)
        found = figure(spec.figure)
        if self.phase and found and not spec.whole and "phase" in found.offered() and "phase" not in where:
            where["phase"] = (self.phase.code,)
        return where

    def value(self, name: str, where: Mapping[str, tuple[str, ...]]) -> Value | None:
        """Asked once. None for a figure or filter that there is not."""
        key = (name, tuple(sorted(where.items())))
        if key not in self._asked:
            try:
                self._asked[key] = figures.value(name, self.scope, where)
            except Refused as error:
                self.odd.append(str(error))
                self._asked[key] = None
        return self._asked[key]

    def exists(self, spec: FigureSpec, names: Mapping[str, str]) -> Value | None:
        """The value, if it is one that may be printed: known, above 0 unless `zero`, within its bounds."""
        value = self.value(spec.figure, self.where(spec, names))
        if value is None or value.value is None or (not value.value and not spec.zero):
            return None
        if (spec.least is not None and value.value < spec.least) or (
                spec.most is not None and value.value > spec.most):
            return None
        return value

    def printed(self, spec: FigureSpec, noun: str | None, names: Mapping[str, str]) -> Run | None:
        """The run that prints the number, None where it does not exist."""
        value = self.exists(spec, names)
        if value is None or value.value is None:
            return None
        where = self.where(spec, names)
        usual = self._noun(spec.figure, where, value.measure)
        word = usual if noun is None else noun
        text = rules.amount(value.value, value.qualifier, value.measure, word, self.pack.language,
                            several=value.evidence > 1)
        key = (spec.figure, tuple(sorted(where.items())))
        if key not in self._placed:
            self._placed[key] = len(self.numbers)
            fact = self.facts.get(where.get("code", ("",))[0]) if spec.figure == "facts.stated" else None
            kept = (word if self.pack.language == "zh" else "") or usual
            self.numbers.append(Number(
                spec.figure, where, self.scope, value.value, value.qualifier, value.measure, value.evidence,
                self.said(spec.figure, where), text,
                kept, fact.source if fact else "", value.why))
        return Run(text, self._placed[key])

    def _noun(self, name: str, where: Mapping[str, tuple[str, ...]], measure: str) -> str:
        if name == "facts.stated":
            fact = self.facts.get(where.get("code", ("",))[0])
            stated = fact.measure if fact else ""
            return self.pack.label("stated_measures", stated) if stated else ""
        usual = self.pack.words("measures_of").get(name, self.pack.words("measures").get(measure, ""))
        return str(usual)

    def written(self, name: str, where: Mapping[str, tuple[str, ...]], value: Decimal | None,
                qualifier: str, evidence: int) -> str:
        """A value with its usual word; a dash where it is not known."""
        found = figure(name)
        measure = found.measure if found else ""
        if value is None:
            return "–"
        return rules.amount(value, qualifier, measure, self._noun(name, where, measure), self.pack.language,
                            several=evidence > 1)

    def nouns(self, name: str, measure: str) -> tuple[str, ...]:
        """The words that may stand after the figure's number."""
        return tuple(filter(None, self._noun(name, {}, measure).split("|")))

    def said(self, name: str, where: Mapping[str, tuple[str, ...]]) -> str:
        """What a figure counts, in words: 开展的活动（集中学习，学习调研阶段）."""
        chinese = self.pack.language == "zh"
        parts = []
        for key, values in where.items():
            section = _SECTIONS.get(name.split(".")[0], "") if key == "kind" else _KEY_SECTIONS.get(key, "")
            said = [self.words.get((key, value)) or self.pack.label(section, value) for value in values]
            if key == "prominent":
                said = [self.pack.label("said", "prominent" if value == "yes" else "not_prominent")
                        for value in values]
            parts.append(("、" if chinese else ", ").join(said))
        title = self.pack.label("figures", name)
        if name == "facts.stated" and parts:
            return parts[0]
        if not parts:
            return title
        return f"{title}（{'，'.join(parts)}）" if chinese else f"{title} ({', '.join(parts)})"


def address(name: str, where: Mapping[str, Sequence[str]], as_of: date, site: str, campaign: str, unit: str,
            frozen_id: int | None) -> str:
    """The page of a figure from a unit, as at a day. Its own filter `unit` is written `in` there."""
    pairs = [("unit", unit), ("as_of", as_of.isoformat())]
    pairs += [("in" if key == "unit" else key, value) for key, values in sorted(where.items())
              for value in values]
    if frozen_id is not None:
        pairs.append(("frozen", str(frozen_id)))
    return f"{site}/c/{quote(campaign)}/figures/{quote(name)}/?{urlencode(pairs)}"


def with_address(number: Number, site: str, campaign: str, unit: str) -> Number:
    return replace(number, url=address(number.figure, number.where, number.scope.as_of, site, campaign, unit,
                                       number.frozen_id))
