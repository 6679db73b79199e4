"""`zhixing collate` and `zhixing copies`: the text engine without a database."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import click

from zhixing.ground.kernel.spreadsheets import harmless

TITLES = ("title", "subject", "标题", "主题", "留言主题")
TEXTS = ("text", "body", "content", "opinion", "内容", "正文", "意见", "意见内容", "留言详情", "full_text")
IDS = ("id", "code", "msg_id", "编号", "留言编号", "序号")
LONGEST_CELL = 1_000_000
LARGEST_WORD = 200 << 20


class Said:
    """Progress on standard error for people who look: the step, the share and an honest estimate.

    The time left is reckoned from the time used, and only once a tenth of the work and two seconds are behind."""

    def __init__(self) -> None:
        self.began = self.last = time.monotonic()
        self.shown = sys.stderr.isatty()

    def __call__(self, step: str, share: float) -> None:
        now = time.monotonic()
        if not self.shown or now - self.last < 0.3:
            return
        self.last = now
        used = now - self.began
        left = f", about {round(used / share * (1 - share))} s left" if share > 0.1 and used > 2 else ""
        click.echo(f"\r{step}: {share:.0%}{left}\x1b[K", err=True, nl=False)

    def done(self) -> None:
        if self.shown:
            click.echo("\r\x1b[K", err=True, nl=False)


@contextlib.contextmanager
def written(target: str | None) -> Iterator[TextIO]:
    """A file that appears only when it is whole; without a target, standard output."""
    if target is None or target == "-":
        held = io.StringIO()
        yield held
        click.echo(held.getvalue(), nl=False)
        return
    path = Path(target)
    if not path.parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent}.")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def decoded(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or GB 18030; damaged bytes become the replacement sign."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("utf-8-sig", "replace")


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """Heading and rows of a CSV file."""
    csv.field_size_limit(LONGEST_CELL * 16)
    text = decoded(path.read_bytes()).replace("\x00", "")
    try:
        found = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise click.ClickException(f"{path.name} cannot be read as CSV: {error}.") from error
    if not found:
        raise click.ClickException(f"{path.name} is empty.")
    return [cell.strip() for cell in found[0]], found[1:]


def _column(heading: Sequence[str], wanted: str, path: Path) -> int:
    if wanted not in heading:
        raise click.ClickException(f"{path.name} has no column “{wanted}”; it has: {', '.join(heading[:20])}.")
    return heading.index(wanted)


def _known(heading: Sequence[str], names: Sequence[str]) -> int | None:
    lower = [cell.lower() for cell in heading]
    return next((lower.index(name) for name in names if name in lower), None)


def _opinions(path: Path, texts: tuple[str, ...], id_column: str | None) -> Iterator[tuple[str, str, str]]:
    """(id, title, text) of every row; a row without an id is named by its number."""
    heading, rows = rows_of(path)
    title: int | None
    if texts:
        columns = [_column(heading, name, path) for name in texts]
        title = columns.pop(0) if len(columns) > 1 else None
    else:
        known = _known(heading, TEXTS)
        if known is None:
            raise click.ClickException(
                f"{path.name}: which column holds the text? Say --text COLUMN; it has: {', '.join(heading[:20])}."
            )
        columns, title = [known], _known(heading, TITLES)
    named = _column(heading, id_column, path) if id_column else _known(heading, IDS)
    used: set[str] = set()
    for number, row in enumerate(rows, 2):
        cells = row + [""] * (len(heading) - len(row))
        own = cells[named].strip() if named is not None else ""
        if not own or own in used:
            own = f"{own}#{number}" if own else f"row {number}"
        used.add(own)
        text = "\n".join(cells[column] for column in columns)
        yield own, cells[title] if title is not None else "", text


@click.command(epilog="Example: zhixing collate opinions.csv --text title --text body --id code -o groups.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text", "texts", multiple=True, metavar="COL",
              help="Column with the text; of several, the first is the title (default: found by its name).")
@click.option("--id", "id_column", metavar="COL", help="Column with the id (default: found, or the row's number).")
@click.option("-o", "target", metavar="OUT.csv", help="Where to write (default: standard output).")
@click.option("--model", metavar="FOLDER", help="Folder with a small BERT model that helps with the meaning.")
def collate_command(
    file: Path, texts: tuple[str, ...], id_column: str | None, target: str | None, model: str | None
) -> None:
    """Groups the opinions in FILE that are about the same matter, as proposals for people to decide on.

    Needs no database. Writes one row per opinion: id, group, label, confidence, reason, place.
    """
    from zhixing.ground.text.reads import collate, local_model
    from zhixing.ground.text.types import Opinion

    opinions = [Opinion(own, text, title) for own, title, text in _opinions(file, texts, id_column)]
    try:
        helper = local_model(model) if model else None
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    said = Said()
    found = collate(opinions, model=helper, progress=said)
    said.done()
    groups = {group.number: group for group in found.groups}
    with written(target) as out:
        writer = csv.writer(out)
        writer.writerow(["id", "group", "label", "confidence", "reason", "place"])
        for member in found.members:
            group = groups[member.group]
            reason = " ".join([*member.reason.places, *member.reason.words])
            writer.writerow([
                harmless(member.id), group.number, harmless(group.label), f"{member.confidence:.2f}",
                harmless(reason), harmless(group.place_name),
            ])
    several = sum(len(group.members) > 1 for group in found.groups)
    click.echo(
        f"{len(opinions)} opinions: {len(found.groups)} matters, {several} of them raised more than once. "
        "These are proposals; people decide.", err=True,
    )


def _word(path: Path) -> str:
    """The paragraphs of a Word document, those in tables too, one a line."""
    from docx import Document as Word
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    unreadable = click.ClickException(f"{path.name} cannot be read as a Word document.")
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_WORD:
                raise click.ClickException(f"{path.name} unpacks to more than {LARGEST_WORD >> 20} MB.")
        document = Word(str(path))
        inner = document.element.body.iter(qn("w:p"))
        return "\n".join(Paragraph(element, document).text for element in inner)
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError) as error:
        raise unreadable from error


def _documents(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of a .txt, .docx or .csv file, or of all such files of a folder."""
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            if inner.suffix.lower() in (".txt", ".docx", ".csv") and inner.is_file():
                yield from _documents(inner)
        return
    kind = path.suffix.lower()
    if kind == ".csv":
        heading, rows = rows_of(path)
        text = _known(heading, TEXTS)
        if text is None:
            raise click.ClickException(f"{path.name} has no column for the text ({', '.join(TEXTS[:5])}).")
        named = _known(heading, (*IDS, "province", "name", "unit"))
        for number, row in enumerate(rows, 2):
            cells = row + [""] * (len(heading) - len(row))
            own = cells[named].strip() if named is not None else ""
            yield own or f"{path.name}:{number}", cells[text]
    elif kind == ".docx":
        yield path.name, _word(path)
    else:
        yield path.name, decoded(path.read_bytes())


@click.command(epilog="Example: zhixing copies reports/ --against templates/ -o copies.html")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--against", multiple=True, type=click.Path(exists=True, path_type=Path),
              help="Templates or the superior's documents; may be given several times.")
@click.option("-o", "target", metavar="OUT", help="Where to write, .json or .html (default: JSON on standard output).")
def copies_command(paths: tuple[Path, ...], against: tuple[Path, ...], target: str | None) -> None:
    """Passages that stand in more than one of the documents in PATHS (.txt, .docx, .csv, or folders of them).

    Needs no database. Positions are characters of the original text. Hints, no verdicts.
    """
    import dataclasses
    import json

    from zhixing.ground.text.reads import Document, copies, page

    used: set[str] = set()

    def read(places: tuple[Path, ...]) -> list[Document]:
        found = []
        for path in places:
            for own, text in _documents(path):
                name, again = own, 1
                while name in used:
                    again += 1
                    name = f"{own}#{again}"
                used.add(name)
                found.append(Document(name, text))
        return found

    mine, others = read(paths), read(against)
    said = Said()
    found = copies(mine, against=others, progress=said)
    said.done()
    with written(target) as out:
        if target and target.lower().endswith((".html", ".htm")):
            out.write(page(found, [*mine, *others]))
        else:
            json.dump(dataclasses.asdict(found), out, ensure_ascii=False, indent=1)
            out.write("\n")
    click.echo(
        f"{len(mine)} documents: {len(found.pairs)} pairs with passages in common, "
        f"{len(found.shared)} passages shared by many.", err=True,
    )
