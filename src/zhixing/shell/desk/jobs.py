"""The day's letter: *My duties today* on paper or by mail, at most once a day for each person. There is no alarm for a
single duty, and nobody else reads of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.flow.duties import actions
from zhixing.flow.duties import reads as duties
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.sharing import sharing
from zhixing.ground.kernel.types import CONSOLE
from zhixing.shell.templatetags import say

from .mine import Item, Mine, mine

LATER = 5


@dataclass(frozen=True)
class Letter:
    """One person's letter. `address` is their e-mail, "" where none is known."""

    account: str
    address: str
    subject: str
    text: str
    html: str


def write_letters(folder: Path, told: Callable[[int, int], None] = lambda done, total: None) -> list[str]:
    """Writes today's letters into the folder, a .txt and an .eml for each account that has something to do and has not
    had a letter today; the accounts. `told` hears (looked at, of how many). Raises OSError before anything is noted."""
    day = clock.today()
    folder.mkdir(parents=True, exist_ok=True)
    had = duties.written(day)
    people = [each for each in accounts.holders() if each.get_username() not in had]
    letters = []
    with sharing():
        for number, each in enumerate(people, 1):
            found = mine(accounts.actor_of(each))
            if letter := letter_of(each.get_username(), each.email, found, day):
                letters.append(letter)
            told(number, len(people))
    for letter in letters:
        for name, content in _files(letter, day).items():
            (folder / f".{name}.part").write_bytes(content)
    new = set(actions.write_letters([letter.account for letter in letters], day, actor=CONSOLE))
    for letter in letters:
        for name in _files(letter, day):
            part = folder / f".{name}.part"
            if letter.account in new:
                part.replace(folder / name)
            else:
                part.unlink()
    return sorted(new)


def letter_of(account: str, address: str, found: Mine, day: date) -> Letter | None:
    """None where there is nothing to do."""
    if not found.today:
        return None
    subject = ngettext("%(count)s thing to do, %(day)s", "%(count)s things to do, %(day)s", found.today) % {
        "count": found.today, "day": say.day(day)}
    context = {
        "subject": subject, "url": f"{settings.ZHIXING_URL}/today/",
        "parts": [(title, [_whole(each) for each in items]) for title, items in (
            (_("What came back"), found.back), (_("What you owe"), found.owed), (_("What waits for you"), found.waits),
            (_("Coming up"), found.later[:LATER])) if items],
    }
    return Letter(account, address, subject, render_to_string("desk/letter.txt", context),
                  render_to_string("desk/letter.html", context))


def _whole(item: Item) -> Item:
    """With the whole address, as a letter needs it."""
    return replace(item, url=f"{settings.ZHIXING_URL}{item.url}")


def _files(letter: Letter, day: date) -> dict[str, bytes]:
    stem = f"{day.isoformat()}-{quote(letter.account, safe='@.+-_')}"
    mail = EmailMessage()
    mail["Subject"] = letter.subject
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    if letter.address:
        mail["To"] = letter.address
    mail["Date"] = format_datetime(clock.now().astimezone())
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return {f"{stem}.txt": letter.text.encode(), f"{stem}.eml": bytes(mail)}
