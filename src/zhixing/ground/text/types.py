"""What goes into the text engine and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Opinion:
    id: str
    text: str
    title: str = ""


@dataclass(frozen=True)
class Reason:
    """Why an opinion stands in its group: what it shares with others of the group, as it writes it."""

    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    id: str
    group: int
    confidence: float
    """0 to 1: how much nearer the opinion is to its group than to any other."""
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True)
class Group:
    """One matter of one place: a proposed issue."""

    number: int
    members: tuple[str, ...]
    label: str
    """A sentence of the member that stands nearest to all others."""
    words: tuple[str, ...]
    confidence: float
    place: int
    """Groups with the same number are about one place; -1: about none that is named."""
    place_name: str = ""
    settled: str = ""
    """The settled group that this one carries on."""


@dataclass(frozen=True)
class Collation:
    groups: tuple[Group, ...]
    members: tuple[Member, ...]
    """In the order of the opinions as given."""
    language: str
