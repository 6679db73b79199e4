"""`zhixing ledger`: the tamper-evident record, from the command line."""

from __future__ import annotations

import click

from . import output
from .helping import Group
from .progress import progress
from .setup import start

MACHINE = click.option("--json", "machine", is_flag=True, help="For machines.")


@click.group("ledger", cls=Group)
def ledger_command() -> None:
    """The tamper-evident record of every write.

    \b
    Keep a head elsewhere, on paper or with your superior office:
      zhixing ledger head > head-2026-05-18.txt
    Later, show that nothing up to then was touched:
      zhixing ledger verify --head "$(cat head-2026-05-18.txt)"
    """


@ledger_command.command("head", epilog="Example: zhixing ledger head")
@MACHINE
def head_command(machine: bool) -> None:
    """One line to keep elsewhere: size:root:time:signature."""
    start()
    from zhixing.ground.ledger import reads

    head = reads.head()
    if machine:
        output.as_json({"head": str(head), "size": head.size, "root": head.root.hex(), "at": head.at,
                        "signature": head.signature.hex(), "public_key": reads.public_key().hex()})
    else:
        click.echo(str(head))


@ledger_command.command("verify", epilog="Example: zhixing ledger verify --head 3:5f3c…:20260518T143000:kQ…")
@click.option("--head", "line", metavar="HEAD", help="A head kept elsewhere, as `ledger head` printed it.")
@MACHINE
def verify_command(line: str | None, machine: bool) -> None:
    """Recomputes the whole ledger and finds what was changed, dropped, added or moved.

    Against a head kept elsewhere it also finds what was cut off. Ends with 1 when anything is wrong."""
    start()
    from django.utils.translation import gettext as _

    from zhixing.ground.ledger import reads
    from zhixing.ground.ledger.types import Head

    kept = Head.parse(line) if line is not None else None
    size = reads.size()
    with progress(_("Verifying"), hidden=machine or size < 10_000) as told:
        found = reads.faults(kept, progress=told)
    if machine:
        output.as_json({
            "ok": not found, "entries": size, "compared_with": kept.size if kept else None,
            "first_bad": found[0].seq if found else None,
            "faults": [{"seq": fault.seq, "message": fault.text} for fault in found],
        })
    elif found:
        click.echo(_("The ledger does not hold:"), err=True)
        for fault in found:
            click.echo(f"  {fault.text}", err=True)
    elif kept:
        click.echo(_("The ledger holds: %(size)s entries, and the first %(kept)s are those of the head kept "
                     "elsewhere.") % {"size": size, "kept": kept.size})
    else:
        click.echo(_("The ledger holds: %(size)s entries. Compare with a head kept elsewhere (--head) to be "
                     "sure that none were cut off.") % {"size": size})
    if found:
        raise click.exceptions.Exit(1)
