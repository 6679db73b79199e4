"""The photos and papers of a record, for the piece that shows them on any page."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template.defaultfilters import filesizeformat

from zhixing.ground.files import reads
from zhixing.ground.files.types import EvidenceView
from zhixing.outputs.boards.reads import link
from zhixing.outputs.boards.types import Standpoint

register = template.Library()

ACCEPT = "image/jpeg,image/png,.pdf,.docx,.xlsx,.txt,.csv"
"""What a file chooser offers; told so, a phone hands a photo over as JPEG."""


@dataclass(frozen=True)
class Shown:
    """One file: `url` downloads the original, `large` and `small` are its picture ("" where it has none)."""

    file: EvidenceView
    size: str
    url: str
    large: str
    small: str
    off: str


@dataclass(frozen=True)
class Files:
    """The files of a record; `may`: the reader may add to them and take them off."""

    files: tuple[Shown, ...]
    may: bool
    url: str
    accept: str = ACCEPT


def shown(at: Standpoint, file: EvidenceView) -> Shown:
    number = str(file.id)

    def picture(width: str) -> str:
        return link(at, "file-picture", number, width, unit=None, as_of=None) if file.is_picture else ""

    return Shown(file, filesizeformat(file.size), link(at, "file", number, unit=None, as_of=None), picture("1280"),
                 picture("320"), link(at, "file-off", number, unit=None, as_of=None))


@register.simple_tag
def evidence_of(at: Standpoint, table: str, key: str) -> Files:
    """The files of a record that the reader may see."""
    programme = at.campaign.programme_id
    listed = reads.evidence_of(table, key, programme, at.actor)
    return Files(tuple(shown(at, each) for each in listed), reads.may_attach(table, key, programme, at.actor),
                 link(at, "evidence", table, key, unit=None, as_of=None))
