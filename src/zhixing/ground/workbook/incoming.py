"""Opinions from any table that somebody else made: a CSV or an .xlsx with a text column."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import heading_labels
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units

from . import checks, guessing, importing, opening
from .cells import Bad, parse_moment
from .faults import Faults
from .folder import BATCH, Batch, Sheet, Unreadable, csv_rows
from .headings import folded, nearest
from .importing import Run, layouts
from .layout import quoted
from .resolving import CHANGED
from .rows import Rows
from .types import Columns, Fault, Faulty, Report

TABLE = "opinions"


@dataclass(frozen=True)
class Source:
    """Which columns of the file hold what; "" where there is none."""

    text: str = ""
    title: str = ""
    on: str = ""
    unit: str = ""
    code: str = ""


@dataclass
class _Messages(Sheet):
    """The file's rows as rows of the table opinions."""

    channel: str = ""
    found: Mapping[str, int] = field(default_factory=dict)
    """What (text, title, on, unit, code) → the place in the file's rows."""

    def read(self, faults: Faults, progress: Callable[[int], None] | None = None) -> Iterator[Batch]:
        numbers: list[int] = []
        rows: list[list[str]] = []
        seen: Counter[str] = Counter()
        try:
            for number, row in csv_rows(self.path, progress):
                if number == 1 or not any(cell.strip() for cell in row):
                    continue
                if len(row) <= max(self.found.values()):
                    faults.add(TABLE, number, "", "", _("this row has fewer cells than the heading"), "row")
                    continue
                numbers.append(number)
                rows.append(self._opinion(number, row, seen, faults))
                if len(rows) == BATCH:
                    yield numbers, rows
                    numbers, rows = [], []
        except Unreadable as error:
            faults.add(TABLE, 0, "", "", str(error), error.kind)
        if rows:
            yield numbers, rows

    def _opinion(self, number: int, row: Sequence[str], seen: Counter[str], faults: Faults) -> list[str]:
        given = {name: row[place] for name, place in self.found.items()}
        parts = [given[name].strip() for name in ("title", "text") if given.get(name, "").strip()]
        if not parts:
            faults.add(
                TABLE,
                number,
                "text",
                "",
                _("an opinion without words; take the row out or fill it in"),
                "required",
            )
        cells = {"text": "\n".join(parts), "channel": self.channel}
        if "on" in given:
            cells["received_on"] = self._day(number, given["on"], faults)
        if "unit" in given:
            cells["unit"] = given["unit"]
        cells["code"] = given["code"] if "code" in given else _made_code(cells, seen)
        return [cells[name] for name in self.columns]

    @staticmethod
    def _day(number: int, cell: str, faults: Faults) -> str:
        """The day of a time that people or machines wrote."""
        if not cell.strip():
            return ""
        try:
            return parse_moment(cell)[0].isoformat()
        except Bad as error:
            faults.add(TABLE, number, "received_on", cell, str(error), error.kind)
            return ""


def _made_code(cells: Mapping[str, str], seen: Counter[str]) -> str:
    """A code from what the row says, so that the same file adds nothing the second time. Rows that say the
    same are told apart by their number."""
    said = "\0".join(cells.get(name, "") for name in ("channel", "received_on", "unit", "text"))
    code = f"m{sha256(said.encode()).hexdigest()[:15]}"
    seen[code] += 1
    return code if seen[code] == 1 else f"{code}-{seen[code]}"


class _Adding(Run):
    verb = "opinions.add"

    def prepare(self) -> tuple[int, dict[str, str]]:
        size, roots = super().prepare()
        if TABLE in self.plan.ready and not self.faults:
            self._refuse_other_channels()
        return size, roots

    def _refuse_other_channels(self) -> None:
        """A code that an opinion of another channel has is most likely another opinion's."""
        rest = (f"{quoted(self.plan.layouts[TABLE].ready)} r WHERE row_state = {CHANGED} "
                "AND was__channel_id IS NOT NULL AND was__channel_id <> channel_id")
        for row, code in checks.limited("row_n, code", rest, self.faults, TABLE, "duplicate"):
            self.faults.add(
                TABLE,
                row,
                "code",
                code,
                _(
                    "“%(code)s” is an opinion of another channel already; give these "
                    "opinions codes of their own"
                )
                % {"code": code},
                "duplicate",
            )


def add(path: Path, source: Source, *, programme: str, channel: str, actor: Actor,
        progress: importing.Progress | None = None) -> Report:
    """See `actions.add_opinions`."""
    view = units.programme(programme)
    _require_channel(view.id, channel)
    faults = Faults((TABLE,))
    with _table_file(path, faults) as file:
        try:
            heading = next(csv_rows(file), (1, []))[1]
        except Unreadable as error:
            raise Refused(f"{path.name}: {error}") from None
        found = _found(heading, source)
        columns = ["code", "channel", "text"]
        columns += [column for name, column in (("on", "received_on"), ("unit", "unit")) if name in found]
        sheet = _Messages(
            layouts()[TABLE], file, columns, list(range(len(columns))), len(columns), False, channel, found
        )
        try:
            return importing.run(_Adding(actor, [sheet], faults, view.code, False, progress))
        except Faulty as error:
            named = {"received_on": "on", "text": "text", "unit": "unit", "code": "code"}
            raise Faulty(
                [
                    Fault(
                        path.name,
                        fault.row,
                        _title(heading, found, named.get(fault.column, "")),
                        fault.value,
                        fault.message,
                        fault.kind,
                    )
                    for fault in error.faults
                ],
                {(path.name, kind): count for (_table, kind), count in error.totals.items()},
            ) from None


@contextmanager
def _table_file(path: Path, faults: Faults) -> Iterator[Path]:
    """The CSV file that holds the rows: the file itself, or the first sheet of an .xlsx that has any."""
    if not path.is_file():
        raise Refused(_("There is no file %(path)s.") % {"path": path})
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if not packed:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="zhixing-opinions-") as folder:
        named = opening.taken_apart(path, Path(folder), faults)
        faults.raise_if_any()
        yield named[0][1]


def _require_channel(programme_id: int, channel: str) -> None:
    rows = Rows(layouts()["channels"].table, programme_id)
    known = [rows.key_of(cells) for cells in rows.read(rows.records().order_by("code"))]
    if channel in known:
        return
    if not known:
        raise Refused(
            _(
                "This campaign has no channels yet. Add the channel “%(channel)s” first (table "
                "channels), then "
                "the opinions."
            )
            % {"channel": channel}
        )
    raise Refused(
        _(
            "This campaign has no channel “%(channel)s”. Its channels: %(known)s. Name one of them, or "
            "add the "
            "channel first."
        )
        % {"channel": channel, "known": ", ".join(known)}
    )


def _found(heading: Sequence[str], source: Source) -> dict[str, int]:
    """Where in the file's rows each of what was asked for stands. Raises Refused, naming the file's
    columns."""
    places = {folded(title): place for place, title in reversed(list(enumerate(heading)))}
    found: dict[str, int] = {}
    for name in ("text", "title", "on", "unit", "code"):
        wanted = getattr(source, name)
        if wanted:
            if folded(wanted) not in places:
                near = nearest(wanted, heading)
                raise Refused(_("The file has no column “%(wanted)s”. Its columns: %(columns)s.")
                              % {"wanted": wanted, "columns": ", ".join(heading)}
                              + (" " + _("Did you mean “%(near)s”?") % {"near": near} if near else ""))
            found[name] = places[folded(wanted)]
    if "text" not in found:
        place = _usual_text(places)
        if place is not None:
            found["text"] = place
        elif "title" not in found:
            raise Refused(
                _("Say which column holds the opinions, with --text. The file's columns: %(columns)s.")
                % {"columns": ", ".join(heading)}
            )
    return found


def _usual_text(places: Mapping[str, int]) -> int | None:
    """The column that is called as the opinions' text is in a workbook."""
    usual = ["text", *heading_labels().get((TABLE, "text"), ())]
    return next((places[folded(word)] for word in usual if folded(word) in places), None)


def columns(path: Path) -> Columns:
    """See `reads.columns_for_opinions`."""
    with _table_file(path, Faults((TABLE,))) as file:
        try:
            rows = csv_rows(file)
            heading = next(rows, (1, []))[1]
            sample = [row for _number, row in islice(rows, guessing.SAMPLE)]
        except Unreadable as error:
            raise Refused(f"{path.name}: {error}") from None
    places = {folded(title): place for place, title in enumerate(heading)}
    return Columns(tuple(heading), _usual_text(places) is not None, guessing.guessed(heading, sample))


def _title(heading: Sequence[str], found: Mapping[str, int], name: str) -> str:
    return heading[found[name]] if name in found else ""


def sheet(path: Path, most: int) -> list[tuple[int, list[str]]]:
    """See `reads.sheet`."""
    faults = Faults(("",))
    with _table_file(path, faults) as file:
        listed: list[tuple[int, list[str]]] = []
        try:
            for number, row in csv_rows(file):
                if any(cell.strip() for cell in row):
                    listed.append((number, [cell.strip() for cell in row]))
                if len(listed) > most:
                    raise Refused(_("%(path)s has more than %(count)s rows. Hand it in in parts.")
                                  % {"path": path.name, "count": most})
        except Unreadable as error:
            raise Refused(f"{path.name}: {error}") from None
    return listed
