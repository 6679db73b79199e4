"""Help in the reader's language: what each command does is wrapped, never cut. Needs no Django and no database."""

from __future__ import annotations

import copy
import gettext
import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import click

from .output import width
from .setup import language

_LOCALE = Path(__file__).resolve().parents[2] / "locale"
_DOMAIN = "django"
_AS_IT_IS = "\b"
_ROOM = 76


def gettext_noop(text: str) -> str:
    """Marks a text for translation (Django's own asks for settings, which help does without)."""
    return text


SUMMARIES = {
    "init": gettext_noop("Makes the data folder (ZHIXING_HOME) and the database, or brings them up to date."),
    "demo": gettext_noop("Loads a demonstration campaign and serves it, with one sign-in per role."),
    "serve": gettext_noop("Serves the site until Ctrl-C."),
    "user": gettext_noop("Accounts: who may sign in, and what for."),
    "user add": gettext_noop("Adds an account, or gives an account that exists one more role."),
    "user password": gettext_noop("Sets a new password, asked for or read from standard input."),
    "user withdraw": gettext_noop("Takes a role away; the account stays."),
    "user invite": gettext_noop("Makes one account for each unit that takes part, with a one-time code and a slip."),
    "template": gettext_noop("An empty workbook to fill in, in the language of a template pack."),
    "import": gettext_noop("Brings a workbook into the records, all of it or nothing; every fault is named."),
    "export": gettext_noop("Writes the records of a campaign as a workbook: an .xlsx or a folder of CSV files."),
    "opinions": gettext_noop("Opinions that were collected elsewhere."),
    "opinions add": gettext_noop("Adds the opinions of any CSV or .xlsx with one opinion a row."),
    "figures": gettext_noop("Figures counted from the records of a campaign: all of them, or one."),
    "lint": gettext_noop("Contradictions in the records of a campaign: what cannot all be true."),
    "gate": gettext_noop("May each unit leave the phase? With the duties met, waived and missing."),
    "document": gettext_noop("Writes an official paper around the figures of a campaign: .docx, .pdf or .html."),
    "digest": gettext_noop("Writes the day's letters: what each person owes, what waits, what came back."),
    "ledger": gettext_noop("The tamper-evident record of every write."),
    "ledger head": gettext_noop("One line to keep elsewhere: size, root, time and signature."),
    "ledger verify": gettext_noop("Recomputes the whole ledger and finds what was changed, without trusting it."),
    "collate": gettext_noop("Groups opinions about the same matter, as proposals; needs no database."),
    "copies": gettext_noop("Passages that stand in more than one document; needs no database."),
    "backup": gettext_noop("A whole backup, while the site serves: database, files, keys."),
    "restore": gettext_noop("Brings a backup back."),
    "doctor": gettext_noop("Is this installation fit for use? Ends with 1 when something is broken."),
}
"""What each command does, in one sentence."""

OF_GROUPS = (
    gettext_noop("Zhixing 知行: records in, figures out."),
    gettext_noop("Language of what is printed (default: the locale's)."),
)
"""What stands in the help of the program itself."""

OF_CLICK = (
    gettext_noop("Usage:"), gettext_noop("Options"), gettext_noop("Commands"),
    gettext_noop("Show this message and exit."), gettext_noop("Show the version and exit."),
    gettext_noop("Error: {message}"), gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Missing command."), gettext_noop("Missing argument"), gettext_noop("Missing option"),
    gettext_noop("No such command {name!r}."), gettext_noop("default: {default}"), gettext_noop("required"),
)
"""What the library of commands says of its own accord; here so that it has its Chinese."""


def said(text: str) -> str:
    """A text of the help in the reader's language."""
    if not language().startswith("zh"):
        return text
    return gettext.translation(_DOMAIN, _LOCALE, ["zh_Hans"], fallback=True).gettext(text)


def speak() -> None:
    """Makes the library of commands speak the reader's language as well."""
    if language().startswith("zh"):
        os.environ["LANGUAGE"] = "zh_Hans"
        gettext.bindtextdomain(_DOMAIN, str(_LOCALE))
        gettext.textdomain(_DOMAIN)


def wrapped(text: str, room: int) -> Iterator[str]:
    """Lines no wider than `room` columns, Chinese characters counted as two; broken at blanks and between Chinese
    characters, never before a mark of punctuation."""
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > room:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> list[str]:
    """What may not be broken."""
    found = [""]
    for letter in text:
        wide = width(letter) > 1
        before = found[-1][-1:]
        if letter in "，。；：、）？！”’" or not before:
            found[-1] += letter
        elif wide or width(before) > 1 or before == " ":
            found.append(letter)
        else:
            found[-1] += letter
    return found


def told(command: click.Command) -> click.Command:
    """A single command with its help in the reader's language; its examples stay as they are typed."""
    if isinstance(command, click.Group) or not language().startswith("zh"):
        return command
    spoken = copy.copy(command)
    spoken.help = "\n\n".join(_paragraph(each) for each in inspect.cleandoc(command.help or "").split("\n\n"))
    spoken.epilog = (command.epilog or "").replace("Example:", said("Example:"), 1)
    spoken.params = [copy.copy(param) for param in command.params]
    for option in spoken.params:
        if isinstance(option, click.Option):
            option.help = said(option.help or "")
    return spoken


def _paragraph(text: str) -> str:
    """A paragraph of a command's help; the mark in front tells click that its lines are broken already."""
    if text.startswith(_AS_IT_IS):
        return text.replace("Example:", said("Example:"), 1)
    return f"{_AS_IT_IS}\n" + "\n".join(wrapped(said(" ".join(text.split())), _ROOM))


class Group(click.Group):
    """A group of commands that tells of each what it does, in full."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        command = super().get_command(ctx, name)
        return told(command) if command is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        room = max(map(len, names)) + 2
        within = ctx.command_path.split()[1:]
        with formatter.section(gettext.gettext("Commands")):
            for name in names:
                lines = list(wrapped(said(SUMMARIES[" ".join([*within, name])]), formatter.width - room - 2))
                indent = " " * formatter.current_indent
                formatter.write(f"{indent}{name}{' ' * (room - len(name))}{lines[0]}\n")
                formatter.write("".join(f"{indent}{' ' * room}{line}\n" for line in lines[1:]))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first paragraph in the reader's language, then the examples."""
        first, *rest = (self.help or "").split("\n\n")
        told = click.Command(self.name, help="\n\n".join([said(first), *rest]))
        told.format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for option in self.get_params(ctx):
            if isinstance(option, click.Option):
                option.help = said(option.help or "")
        super().format_options(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are told of here."""
        order = list(SUMMARIES)
        within = ctx.command_path.split()[1:]
        return sorted(super().list_commands(ctx), key=lambda name: order.index(" ".join([*within, name])))
