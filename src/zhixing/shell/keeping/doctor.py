"""Is this installation fit for use? Each check says what it found and, where something is to be done, what.

Nothing is changed by looking."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from zhixing.ground.kernel import calendar, clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.home import home

from . import doctor_records
from .checks import BROKEN, LOOK, OK, Check, Checks

MEGABYTE = 1024 * 1024
LOW, EMPTY = 2048 * MEGABYTE, 256 * MEGABYTE


def examine() -> list[Check]:
    """Every check, in the order in which a person should read them. A check that cannot be made is itself
    broken, and says why."""
    records = (doctor_records.migrations, doctor_records.ledger, doctor_records.frozen, doctor_records.time)
    found: list[Check] = []
    for examination in (folder, keys, disk, doctor_records.database):
        found += _made(examination)
    if not any(check.about == "no_database" for check in found):
        for examination in records:
            found += _made(examination)
    for examination in (holidays, fonts, office, mail, address):
        found += _made(examination)
    return found


def _made(examination: Callable[[], Checks]) -> list[Check]:
    found: list[Check] = []
    try:
        found.extend(examination())
    except (DatabaseError, OSError, Refused) as error:
        name = examination.__name__
        about = "no_database" if name == "database" else name
        found.append(Check(about, BROKEN, " ".join(str(error).split()),
                           _("Mend this, then run `zhixing doctor` again.")))
    return found


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def folder() -> Checks:
    if _open_to_others(home()):
        yield Check("folder", LOOK, _("Other accounts of this machine can look into %(home)s.")
                                    % {"home": home()},
                    _("chmod 700 %(home)s") % {"home": home()})
    elif not os.access(home(), os.W_OK):
        yield Check("folder", BROKEN, _("%(home)s cannot be written to.") % {"home": home()},
                    _("Give it to the account that runs Zhixing: chown -R."))
    else:
        yield Check("folder", OK, _("%(home)s belongs to this account alone.") % {"home": home()})


def keys() -> Checks:
    place = home() / "keys"
    opened = [path for path in (place, *sorted(place.glob("*"))) if path.exists() and _open_to_others(path)]
    if opened:
        yield Check("keys", BROKEN, _("Other accounts can read the keys: %(names)s.")
                    % {"names": ", ".join(path.name for path in opened)},
                    _("chmod 700 %(folder)s; chmod 600 %(folder)s/*") % {"folder": place})
    else:
        yield Check("keys", OK, _("The keys can be read by this account alone."))


def disk() -> Checks:
    free = shutil.disk_usage(home()).free
    found = _("%(free)s MB are free where the data are.") % {"free": free // MEGABYTE}
    if free < LOW:
        yield Check("disk", BROKEN if free < EMPTY else LOOK, found, _("Make room, or move the data folder."))
    else:
        yield Check("disk", OK, found)


def holidays() -> Checks:
    year = clock.today().year
    if year in calendar.years():
        calendar.work_calendar()
        yield Check("holidays", OK, _("The holidays of %(year)s are known.") % {"year": year})
    else:
        yield Check("holidays", LOOK, _("The holidays of %(year)s are not known: deadlines count Monday to "
                                        "Friday.")
                    % {"year": year},
                    _("Put the year's notice into %(file)s, in the form of %(example)s.") % {
                        "file": home() / "calendars" / f"{year}.toml",
                        "example": calendar.SHIPPED / "example.toml"})


OFFICIAL = {"仿宋": ("仿宋", "FangSong"), "小标宋": ("小标宋", "XiaoBiaoSong"), "黑体": ("黑体", "SimHei"),
            "楷体": ("楷体", "KaiTi")}
"""The fonts of official papers, and by what names a machine may know them."""

FONT_FILES = ("/usr/share/fonts/**/*CJK*", "/usr/share/fonts/**/wqy*", "/usr/share/fonts/**/gbsn*",
              "/System/Library/Fonts/PingFang.ttc", "/Library/Fonts/Songti.ttc")


def fonts() -> Checks:
    listed = _families()
    if not listed and not any(any(Path("/").glob(pattern.lstrip("/"))) for pattern in FONT_FILES):
        yield Check("fonts", LOOK, _("There is no Chinese font here: PDFs would show empty boxes."),
                    _("apt-get install fonts-noto-cjk, or copy the office's own fonts to /usr/share/fonts."))
        return
    lacking = [name for name, known in OFFICIAL.items() if not any(word in listed for word in known)]
    if lacking:
        yield Check("fonts", LOOK, _("Chinese can be printed; of the fonts of official papers these are "
                                     "missing: %(names)s. PDFs use look-alikes, Word files are not "
                                     "concerned.")
                    % {"names": " ".join(lacking)},
                    _("Where your office has a licence, copy them to /usr/share/fonts and run fc-cache."))
    else:
        yield Check("fonts", OK, _("The fonts of official papers are here."))


def _families() -> str:
    """The names of the fonts that have Chinese, as fontconfig knows them."""
    program = shutil.which("fc-list")
    if program is None:
        return ""
    listed = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return listed.stdout


def office() -> Checks:
    program = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
    if program:
        yield Check("office", OK, _("LibreOffice is here (%(program)s): papers can be had as PDF.")
                    % {"program": program})
    else:
        yield Check("office", LOOK, _("LibreOffice is not here: papers can be had as Word, not as PDF."),
                    _("Only where PDFs are wanted: apt-get install libreoffice-writer-nogui."))


def mail() -> Checks:
    if settings.EMAIL_HOST in ("", "localhost"):
        yield Check("mail", OK, _("No mail server is set. Nothing is sent; everything is shown on the "
                                  "pages."))
    else:
        yield Check("mail", OK, _("Mail goes through %(host)s.") % {"host": settings.EMAIL_HOST})


def address() -> Checks:
    if settings.DEBUG:
        yield Check("address", BROKEN, _("ZHIXING_DEBUG is on: error pages show what nobody should see."),
                    _("Unset ZHIXING_DEBUG."))
    elif settings.ZHIXING_URL.startswith("https://"):
        yield Check("address", OK, _("People use %(url)s, encrypted.") % {"url": settings.ZHIXING_URL})
    else:
        here = any(name in settings.ZHIXING_URL for name in ("//127.0.0.1", "//localhost", "//[::1]"))
        yield Check("address", OK if here else LOOK,
                    _("People use %(url)s, without encryption.") % {"url": settings.ZHIXING_URL},
                    "" if here else _("Put a web server with a certificate in front and set ZHIXING_URL."))

