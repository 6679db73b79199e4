"""The campaign's page with its board, through Django's test client, beside a bare page of the same states. Promised:
at most 200 rows, 150 ms and 100 kB compressed, for 187 units and for ten thousand. What pages count is remembered
until the next write; the first page after one is shown beside the others."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable
from typing import Any

from benchmarks import data, harness

MILLISECONDS, BYTES, ROWS = 150.0, 100_000, 200
NAME, PASSWORD = "bench-office", "a password for benchmarks"


def bare(states: Iterable[Any]) -> bytes:
    """The least a page of these states can be: a table of words, by units and duties."""
    rows: dict[int, list[str]] = {}
    for each in states:
        rows.setdefault(each.unit_id, []).append(f"<td>{each.state}</td>")
    body = "".join(f"<tr><th>{unit}</th>{''.join(cells)}</tr>" for unit, cells in rows.items())
    return f"<table>{body}</table>".encode()


def after_a_write(client: Any, page: str) -> None:
    from zhixing.ground.kernel import sharing

    sharing.forget()
    client.get(page)


def measure(campaign: str) -> bool:
    harness.start()
    from django.test import Client

    from zhixing.flow.duties import reads
    from zhixing.ground.accounts import actions
    from zhixing.ground.accounts import reads as accounts
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.units import reads as units

    if accounts.account(NAME) is None:
        actions.add_account(NAME, PASSWORD, role="office", campaign=campaign, actor=CONSOLE)
    client = Client(headers={"accept-encoding": "gzip", "host": "127.0.0.1"})
    user = accounts.account(NAME)
    assert user is not None
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/c/{campaign}/"
    programme = units.programme(campaign).id
    reply = client.get(page)
    if reply.status_code != 200:
        return harness.verdict(False, f"{page} answers {reply.status_code}")
    if reply.headers.get("Content-Encoding") != "gzip":
        return harness.verdict(False, f"{page} is not compressed")
    text = gzip.decompress(reply.content).decode()
    rows = max((len(re.findall("<tr", part)) for part in re.findall("<tbody.*?</tbody>", text, re.S)), default=0)
    ours = harness.best(lambda: client.get(page))
    first = harness.best(lambda: after_a_write(client, page))
    states = harness.best(lambda: reads.states(programme, data.AS_OF))
    found = reads.states(programme, data.AS_OF)
    peer = states + harness.best(lambda: bare(found))
    harness.table(["", "ms", "rows", "bytes", "compressed"], [
        ("the page", f"{ours:.1f}", rows, f"{len(text.encode()):,}", f"{len(reply.content):,}"),
        ("the first after a write", f"{first:.1f}", "", "", ""),
        ("a bare table of all states", f"{peer:.1f}", "", f"{len(bare(found)):,}",
         f"{len(gzip.compress(bare(found))):,}"),
        ("ratio", f"{ours / peer:.2f}", "", "", ""), ("ratio of the first", f"{first / peer:.2f}", "", "", "")])
    good = harness.verdict(ours <= MILLISECONDS, f"the page in {ours:.0f} ms, ≤ {MILLISECONDS:g} ms")
    good &= harness.verdict(0 < rows <= ROWS, f"{rows} rows at once, ≤ {ROWS}")
    return good & harness.verdict(len(reply.content) <= BYTES, f"{len(reply.content):,} bytes compressed, ≤ {BYTES:,}")


def main() -> int:
    asked = harness.asked()
    if asked.inside:
        return 0 if measure(asked.inside) else 1
    folder = harness.homes()
    print(f"\n{harness.SMALL} units", flush=True)
    good = harness.inside(harness.demo_home(folder), __file__, "XXSJ")
    print(f"\n{asked.big.units:,} units", flush=True)
    good &= harness.inside(harness.big_home(folder, asked.big), __file__, data.CAMPAIGN)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
