"""Puts a document together: an outline of the pack, filled with remarks and with sentences around figures.

A part without content is left out, and so is a heading that would stand alone under its superior; the labels
一、（一）1.（1） follow from the levels of what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from zhixing.flow.ballots import reads as ballots
from zhixing.flow.ballots.types import PollView
from zhixing.flow.campaigns.packs import Outline, Pack, Part, Pattern
from zhixing.flow.campaigns.packs.grammar import holes, parse
from zhixing.flow.campaigns.types import CampaignView, PhaseView, RemarkView, StatedFactView
from zhixing.flow.duties import reads as duties
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units.types import UnitView

from . import filling, placing, rules
from .counting import Counting
from .types import Block, Number, Run

SHORT = 60
"""Characters up to which remarks share a paragraph."""

SENTENCES = 4
"""A paragraph with so many sentences is full."""

TITLE_WIDTH = 20
"""Characters of a title's line: 156 mm at 22 points."""


@dataclass(frozen=True)
class Material:
    """What a document is made from."""

    campaign: CampaignView
    unit: UnitView
    phase: PhaseView | None
    phases: Sequence[PhaseView]
    scope: Scope
    pack: Pack
    outline: Outline
    remarks: Sequence[RemarkView]
    facts: Sequence[StatedFactView]
    no_problem_reason: str = ""

    @property
    def language(self) -> str:
        return self.pack.language


@dataclass
class Section:
    """A part with what it came to."""

    level: int
    heading: str
    paragraphs: list[list[Run]] = field(default_factory=list)


@dataclass(frozen=True)
class Composed:
    title: str
    title_lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    numbers: tuple[Number, ...]
    odd: tuple[str, ...]
    unplaced: tuple[RemarkView, ...]
    problems_put_in: bool


class Composer:
    def __init__(self, made_from: Material) -> None:
        self.of = made_from
        self.language = made_from.language
        self.polls: list[PollView] = []
        wanted = {topic for part in made_from.outline.parts for topic in part.sentences}
        asked = {pattern.each for topic in wanted for pattern in made_from.pack.patterns(topic)}
        if asked & {"polls", "aspects"}:
            polls = ballots.polls(made_from.campaign.programme_id)
            self.polls = [poll for poll in polls if self._timely(poll.held_on)]
        self.facts = [fact for fact in made_from.facts if self._timely(fact.stated_on)]
        self.counting = Counting(made_from.scope, made_from.phase, made_from.pack, facts=made_from.facts,
                                 words=self._words())
        self._about: dict[str, frozenset[str]] = {}

    def _timely(self, day: date | None) -> bool:
        """Not known, or within the document's phase (and not after its day)."""
        starts = self.of.phase.starts_on if self.of.phase else None
        return day is None or (day <= self.of.scope.as_of and (starts is None or day >= starts))

    def _words(self) -> dict[tuple[str, str], str]:
        """What codes of this campaign are called."""
        words = {("phase", phase.code): phase.name for phase in self.of.phases}
        words |= {("code", fact.code): fact.name for fact in self.of.facts}
        for poll in self.polls:
            words["poll", poll.code] = poll.title
            words |= {("aspect", aspect.code): aspect.name for aspect in poll.aspects}
        return words

    def names(self) -> dict[str, str]:
        of, phase = self.of, self.of.phase
        first = phase.starts_on if phase else of.campaign.starts_on
        last = phase.ends_on if phase else of.campaign.ends_on
        if last is not None and last > of.scope.as_of and of.outline.kind != "plan":
            last = of.scope.as_of if first is None or first <= of.scope.as_of else last
        return {
            "campaign": of.campaign.name, "unit": of.unit.name or of.unit.code,
            "phase": rules.plain_phase(phase.name) if phase else "",
            "period": rules.period(first, last, self.language),
            "months": rules.months(first, last, self.language),
            "as_of": rules.day(of.scope.as_of, self.language), "so_far": self._so_far(),
        }

    def _so_far(self) -> str:
        """Said of figures that are not those of the phase alone: in every phase but the first they hold what
        came before it too."""
        first = self.of.phase is None or self.of.phase.code == self.of.phases[0].code
        return "" if first else self.of.pack.label("said", "so_far")

    def compose(self) -> Composed:
        outline, names = self.of.outline, self.names()
        parts: Sequence[Part] = outline.parts
        lacking = outline.kind == "stage_summary" and not outline.asks_for_problems
        if lacking:
            parts = placing.with_problems(parts, self.of.pack.label("remark_kinds", "problem"))
        kept, left = placing.placed(parts, self.of.remarks, self._is_about)
        sections: list[Section] = []
        for place, part in enumerate(parts):
            sections.extend(self._sections(part, kept.get(place, []), names))
        blocks, numbers = in_order(numbered(folded(pruned(sections)), self.language), self.counting.numbers)
        opening = self._opening(names if numbers else {**names, "as_of": ""})
        title = parse(outline.title)
        lines = rules.broken(filling.pieces_of(title, names, self.language), TITLE_WIDTH)
        whole = filling.text_of(title, names, self.language)
        return Composed(whole, lines if self.language == "zh" else (whole,), (*opening, *blocks), numbers,
                        tuple(self.counting.odd), tuple(left), lacking)

    def _opening(self, names: Mapping[str, str]) -> tuple[Block, ...]:
        runs = filling.fill(parse(self.of.outline.opening), names, lambda _hole: None, self.language)
        return (Block(filling.merged(filling.ended(runs, self.language))),) if runs else ()

    def _sections(self, part: Part, remarks: Sequence[RemarkView], names: Mapping[str, str]) -> list[Section]:
        if part.each == "phases":
            return [self._section(replace(part, each=""), [], {**names, **self._phase_names(phase)}, phase)
                    for phase in self.of.phases]
        return [self._section(part, remarks, names, self.of.phase)]

    def _phase_names(self, phase: PhaseView) -> dict[str, str]:
        return {"phase": rules.plain_phase(phase.name), "phase_code": phase.code,
                "months": rules.months(phase.starts_on, phase.ends_on, self.language)}

    def _section(self, part: Part, remarks: Sequence[RemarkView], names: Mapping[str, str],
                 phase: PhaseView | None) -> Section:
        heading = filling.text_of(parse(part.heading), names, self.language) if part.heading else ""
        made = Section(part.level, heading[:1].upper() + heading[1:] if self.language == "en" else heading)
        texts = [filling.fill(parse(text), names, lambda _hole: None, self.language) for text in part.text]
        made.paragraphs.extend(filling.ended(runs, self.language) for runs in texts if runs)
        counted = self._counted(part, names)
        said = self._said(part, remarks, names)
        made.paragraphs.extend([*said, *counted] if part.sentences_last else [*counted, *said])
        if part.duties and phase is not None:
            made.paragraphs.extend(self._duties(part, phase, names))
        return made

    def _counted(self, part: Part, names: Mapping[str, str]) -> list[list[Run]]:
        """The sentences around figures; a paragraph ends with the topic that fills it."""
        paragraphs: list[list[list[Run]]] = [[]]
        for topic in part.sentences:
            if len(paragraphs[-1]) >= SENTENCES:
                paragraphs.append([])
            paragraphs[-1].extend(
                filling.ended(runs, self.language) for pattern in self.of.pack.patterns(topic)
                for runs in self._pattern(pattern, names) if runs)
        between = "" if self.language == "zh" else " "
        return [filling.joined(sentences, between) for sentences in paragraphs if sentences]

    def _pattern(self, pattern: Pattern, names: Mapping[str, str]) -> list[list[Run]]:
        """The sentence, once for each thing that it goes through; those of one lead joined in one where the
        pattern says so."""
        made: dict[str, list[list[Run]]] = {}
        for each in self._each(pattern.each):
            known = {**names, **each}
            runs = self._sentence(pattern, known)
            if runs:
                made.setdefault(filling.text_of(pattern.lead, known, self.language), []).append(runs)
        if not pattern.joined:
            return [runs for sentences in made.values() for runs in sentences]
        return [[*([Run(lead)] if lead else []), *filling.joined(sentences, pattern.joined)]
                for lead, sentences in made.items()]

    def _sentence(self, pattern: Pattern, names: Mapping[str, str]) -> list[Run] | None:
        """None unless every number outside brackets exists and at least one is printed. A figure that is not
        in the text is a condition."""
        used = {hole.key for hole in holes(pattern.text)}
        for key, spec in pattern.figures.items():
            if key not in used and self.counting.exists(spec, names) is None:
                return None
        runs = filling.fill(
            pattern.text, names,
            lambda hole: self.counting.printed(pattern.figures[hole.key], hole.noun, names)
            if hole.key in pattern.figures else None, self.language)
        return runs if runs and any(run.number is not None for run in runs) else None

    def _each(self, what: str) -> list[dict[str, str]]:
        if what == "facts":
            none = self.of.pack.label("said", "no_source")
            return [{"fact": fact.name, "fact_code": fact.code, "source": fact.source or none}
                    for fact in self.facts]
        if what == "phases":
            return [self._phase_names(phase) for phase in self.of.phases]
        polls = [{"poll": poll.title, "poll_code": poll.code} for poll in self.polls]
        if what == "polls":
            return polls
        if what == "aspects":
            return [
                {"poll": poll.title, "poll_code": poll.code, "aspect": aspect.name,
                 "aspect_code": aspect.code, **self._grades(poll)}
                for poll in self.polls for aspect in poll.aspects
            ]
        return [{}]

    def _grades(self, poll: PollView) -> dict[str, str]:
        """Which grades count, always printed with the rate: those the poll states, else its best grade."""
        counted = poll.counted or poll.scale[:1]
        labels = [self.of.pack.label("grades", grade) for grade in counted]
        if self.language == "zh":
            said = "和".join(f"“{label}”" for label in labels)
        else:
            said = " or ".join(label.lower() for label in labels)
        return {"counted": said, "grades": ";".join(counted)}

    def _said(self, part: Part, remarks: Sequence[RemarkView], names: Mapping[str, str]) -> list[list[Run]]:
        """The remarks of a part, set as it asks; the reason where there is no problem to tell."""
        texts = [remark.text for remark in remarks if remark.text.strip()]
        if "problem" in part.remarks and not texts and self.of.no_problem_reason:
            reason = rules.clause(self.of.no_problem_reason)
            said = self.of.pack.label("said", "no_problems").format(reason=reason)
            return [[Run(rules.sentence(said, self.language))]]
        if not texts:
            return []
        lead = filling.text_of(parse(part.lead), names, self.language) if part.lead else ""
        if texts[0].startswith(rules.clause(lead)):
            lead = ""
        if part.items == "numbers":
            return [[Run(rules.list_label(place, len(texts), self.language)
                         + rules.sentence(text, self.language))] for place, text in enumerate(texts, 1)]
        if part.items == "inline" and not any(rules.several(text) for text in texts):
            return [[Run(lead + rules.enumerated(texts, self.language))]]
        between = "" if self.language == "zh" else " "
        paragraphs: list[str] = []
        for place, text in enumerate(texts):
            whole = rules.sentence((lead if not place else "") + text, self.language)
            if paragraphs and len(paragraphs[-1]) + len(whole) <= 2 * SHORT and len(whole) <= SHORT:
                paragraphs[-1] += between + whole
            else:
                paragraphs.append(whole)
        return [[Run(text)] for text in paragraphs]

    def _duties(self, part: Part, phase: PhaseView, names: Mapping[str, str]) -> list[list[Run]]:
        """What is due in a phase, each with its day: prose of the plan, not figures."""
        owed = duties.duties(self.of.campaign.programme_id, phases=[phase.code])
        if not owed:
            return []
        clauses = []
        for duty in owed:
            by = "" if duty.due_on is None else rules.day(duty.due_on, self.language)
            if self.language == "zh":
                clauses.append(f"{by[by.index('年') + 1:]}前{duty.name}" if by else duty.name)
            else:
                clauses.append(f"{duty.name}, by {by}" if by else duty.name)
        lead = filling.text_of(parse(part.duties), names, self.language)
        between = "；" if self.language == "zh" else "; "
        spaced = "" if self.language == "zh" else " "
        return [[Run(rules.sentence(f"{lead}{spaced}{between.join(clauses)}", self.language))]]

    def _is_about(self, remark: RemarkView, topic: str) -> bool:
        if topic not in self._about:
            records: set[str] = set()
            for spec in self.of.pack.topic(topic):
                if self.counting.value(spec.figure, spec.where) is not None:
                    records.update(figures.records(spec.figure, self.of.scope, spec.where))
            self._about[topic] = frozenset(records)
        return not self._about[topic].isdisjoint(remark.evidence)


def in_order(blocks: Sequence[Block], numbers: Sequence[Number]) -> tuple[list[Block], tuple[Number, ...]]:
    """Only the numbers that are printed, in that order, and the blocks that refer to them."""
    order: dict[int, int] = {}
    for block in blocks:
        for run in block.runs:
            if run.number is not None:
                order.setdefault(run.number, len(order))
    placed = [
        replace(block, runs=tuple(
            run if run.number is None else Run(run.text, order[run.number]) for run in block.runs))
        for block in blocks
    ]
    return placed, tuple(numbers[old] for old in order)


def pruned(sections: Sequence[Section]) -> list[Section]:
    """Without parts that say nothing: no text of their own and none below them."""
    kept: list[Section] = []
    for place, section in enumerate(sections):
        below = []
        for other in sections[place + 1:]:
            if other.level and other.level <= section.level:
                break
            below.append(other)
        if section.paragraphs or (section.level and any(
                other.level > section.level and other.paragraphs for other in below)):
            kept.append(section)
    return kept


def folded(sections: Sequence[Section]) -> list[Section]:
    """A lone subheading under a heading without text of its own is left out; its text stands under that."""
    made = list(sections)
    for place, section in enumerate(made):
        if not section.level or section.paragraphs:
            continue
        children = []
        for other in range(place + 1, len(made)):
            if made[other].level and made[other].level <= section.level:
                break
            if made[other].level == section.level + 1:
                children.append(other)
        if len(children) == 1:
            only = children[0]
            made[only] = Section(0, "", made[only].paragraphs)
    return made


def numbered(sections: Sequence[Section], language: str) -> list[Block]:
    """Blocks with the labels that follow from the levels."""
    blocks: list[Block] = []
    counts = [0, 0, 0, 0]
    for section in sections:
        if section.level:
            counts[section.level - 1] += 1
            counts[section.level:] = [0] * (4 - section.level)
            label = rules.heading_label(section.level, counts[section.level - 1], counts[:section.level - 1],
                                        language)
            blocks.append(Block((Run(section.heading),), section.level, label))
        blocks.extend(Block(filling.merged(paragraph)) for paragraph in section.paragraphs if paragraph)
    return blocks
