"""A .docx as .pdf, by LibreOffice where it is installed. It gets a profile of its own each time, the list of
stand-in fonts, no network and a limit of time."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused

from . import fonts

PROGRAMS = ("soffice", "libreoffice")
LIMIT = 120
"""Seconds."""


def program() -> str | None:
    """LibreOffice, where it is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def from_docx(content: bytes) -> bytes:
    """Raises Refused, with the remedy, where LibreOffice is missing, fails or takes too long."""
    office = program()
    if office is None:
        raise Refused(_("A PDF needs LibreOffice, which is not installed here. Write a .docx instead, or ask "
                        "whoever runs this server to install LibreOffice Writer."))
    with tempfile.TemporaryDirectory(prefix="zhixing-pdf-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(content)
        (folder / "fonts.conf").write_text(fonts.aliases(), encoding="utf-8")
        profile = (folder / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
                   "--convert-to", "pdf:writer_pdf_Export", "--outdir", name, str(folder / "paper.docx")]
        environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": name}
        try:
            done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise Refused(_("LibreOffice took longer than %(seconds)s seconds. Write a .docx instead, or try "
                            "again.") % {"seconds": LIMIT}) from None
        made = folder / "paper.pdf"
        if not made.is_file():
            raise Refused(_("LibreOffice could not make the PDF (it ended with %(code)s). Write a .docx "
                            "instead.") % {"code": done.returncode})
        return made.read_bytes()
