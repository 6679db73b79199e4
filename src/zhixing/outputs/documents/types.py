"""A draft: what a document says before it is set. It is plain data, so that the same draft gives the same
page, .docx, .html and .pdf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhixing.flow.campaigns.types import CampaignView, PhaseView
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units.types import UnitView

Where = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Number:
    """A figure that the document prints. `words` says what it counts; `printed` is how the text prints it
    the first time; `url` opens its page. `frozen_id` and `digest` are empty in a preview, which
    keeps nothing. `source` is who stated it, "" for what is counted."""

    figure: str
    where: Where
    scope: Scope
    value: Decimal
    qualifier: str
    measure: str
    evidence: int
    words: str
    printed: str
    noun: str = ""
    source: str = ""
    why: str = ""
    frozen_id: int | None = None
    digest: str = ""
    url: str = ""

    @property
    def key(self) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """What was asked, whoever asks: the same question is one entry of the annex."""
        return self.figure, tuple(sorted(self.where.items()))


@dataclass(frozen=True)
class Run:
    """A stretch of text; `number` is the place in `Draft.numbers` of the figure that it prints."""

    text: str
    number: int | None = None


@dataclass(frozen=True)
class Block:
    """A paragraph: a heading of `level` 1 to 4 (`label` is its number, 一、 or （一）), or body text (0)."""

    runs: tuple[Run, ...]
    level: int = 0
    label: str = ""

    @property
    def text(self) -> str:
        return self.label + "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Notice:
    """Something the author should see before the document goes out: a contradiction of the records, or a hint
    on the draft itself. `table` and `code` name the record to open first."""

    rule: str
    title: str
    message: str
    records: tuple[str, ...] = ()
    table: str = ""
    code: str = ""
    hint: bool = False


@dataclass(frozen=True)
class Planned:
    """A line of a plan's schedule, in words."""

    phase: str
    what: str
    due: str
    who: str


@dataclass(frozen=True)
class Draft:
    """A document as it would be printed. `signed` is the unit under it and `dated` its day; `schedule` is a plan's."""

    kind: str
    outline: str
    language: str
    campaign: CampaignView
    unit: UnitView
    phase: PhaseView | None
    scope: Scope
    title: str
    title_lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    numbers: tuple[Number, ...]
    notices: tuple[Notice, ...]
    signed: str
    dated: date
    no_problem_reason: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    schedule: tuple[Planned, ...] = ()

    @property
    def annexes(self) -> tuple[str, ...]:
        """The titles of what follows on pages of its own."""
        return tuple(self.labels.get(title, "") for title, there in (
            ("schedule_title", self.schedule), ("annex_title", self.numbers)) if there)

    @property
    def contradictions(self) -> tuple[Notice, ...]:
        return tuple(each for each in self.notices if not each.hint)

    @property
    def hints(self) -> tuple[Notice, ...]:
        return tuple(each for each in self.notices if each.hint)

    @property
    def text(self) -> str:
        """The words of the document, a paragraph a line."""
        planned = (" ".join((each.phase, each.what, each.due, each.who)) for each in self.schedule)
        return "\n".join([self.title, *(block.text for block in self.blocks), *planned])


@dataclass(frozen=True)
class Choice:
    """One of the documents that can be drafted."""

    kind: str
    label: str
    outlines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """A document that was made earlier, as the ledger keeps it."""

    seq: int
    kind: str
    title: str
    unit_code: str
    phase_code: str
    outline: str
    language: str
    as_of: str
    made_on: date
    by: str
    frozen_ids: tuple[int, ...]
