"""What is particular to a kind of document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`by_phase`: it is about one phase of the campaign, and stands as at that phase's end. `honest`: it is
    refused without its problems, or the reason why there are none. `scheduled`: a table of what is due follows it."""

    name: str
    by_phase: bool = False
    honest: bool = False
    scheduled: bool = False

    @property
    def address(self) -> str:
        """The name in addresses and on the command line."""
        return self.name.replace("_", "-")
