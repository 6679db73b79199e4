from __future__ import annotations

from typing import TYPE_CHECKING

import nacl.signing

from tests.shell.installation import START, fill, python
from zhixing.ground.ledger.types import Head

if TYPE_CHECKING:
    from tests.conftest import Cli


def test_a_head_kept_on_paper_shows_later_that_nothing_was_touched(cli: Cli) -> None:
    fill(cli, 3)
    line = cli("ledger", "head").out.strip()
    assert line.startswith("3:") and "\n" not in line
    assert cli("ledger", "verify").out.startswith("The ledger holds: 3 entries.")
    python(cli, START + "write(3)")
    assert "the first 3 are those" in cli("ledger", "verify", "--head", line).out


def test_what_is_wrong_is_named_and_the_command_ends_with_1(cli: Cli) -> None:
    fill(cli, 3)
    line = cli("ledger", "head").out.strip()
    python(cli, START + "from zhixing.ground.ledger.models import Entry\n"
                        "Entry.objects.filter(seq=2).update(new='{}')")
    said = cli("ledger", "verify", expect=1)
    assert said.out == "" and "Entry 2 was changed after it was written." in said.err
    told = cli("ledger", "verify", "--head", line, json=True, expect=1).data
    assert (told["ok"], told["entries"], told["compared_with"], told["first_bad"]) == (False, 3, 3, 2)
    assert told["faults"][0]["seq"] == 2


def test_a_head_can_be_checked_by_anyone_with_the_public_key(cli: Cli) -> None:
    fill(cli, 2)
    said = cli("ledger", "head", json=True).data
    head = Head.parse(said["head"])
    key = nacl.signing.VerifyKey(bytes.fromhex(said["public_key"]))
    assert key.verify(head.message(), bytes.fromhex(said["signature"])) == head.message()
    assert (said["size"], said["root"]) == (2, head.root.hex())


def test_what_is_no_head_is_refused(cli: Cli) -> None:
    said = cli("ledger", "verify", "--head", "12345", expect=1)
    assert "not a ledger head" in said.err and "Traceback" not in said.err
