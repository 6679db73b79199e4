"""187 signed-in secretaries enter their sessions: with 5 to 20 seconds of thinking between steps, and all at once.

A real server (`zhixing serve`) on 127.0.0.1, its own data folder, SQLite or, with DATABASE_URL, PostgreSQL. Each
secretary opens the form, taps two absences, hands in, reads the session's page, and begins anew. Promised: no error,
no lost entry, 95 of 100 answers within 500 ms; in the burst: no error and no lost entry, whatever it takes.

    python -m benchmarks.load_secretaries            two sessions each, about a minute
    python -m benchmarks.load_secretaries --quick    40 who think for 1 to 4 seconds, as many requests a second: for CI
    python -m benchmarks.load_secretaries --full     six sessions each
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import harness

PASSWORD = "a-word-for-the-load"
WITHIN = 500
"""Milliseconds in which 95 of 100 answers are promised."""


@dataclass(frozen=True)
class Size:
    secretaries: int
    sessions: int
    least: float
    most: float


QUICK, USUAL, FULL = Size(40, 2, 1.1, 4.3), Size(187, 2, 5, 20), Size(187, 6, 5, 20)


@dataclass
class Seen:
    """What the secretaries saw: milliseconds by step, what went wrong, and what they were told is in."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    entered: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, step: str, seconds: float) -> None:
        with self.lock:
            self.times.setdefault(step, []).append(seconds * 1000)

    def wrong(self, words: str) -> None:
        with self.lock:
            self.errors.append(words)


class Secretary:
    """One person with one browser: keeps cookies and one connection."""

    def __init__(self, name: str, campaign: str, port: int, seen: Seen) -> None:
        self.name, self.campaign, self.port, self.seen = name, campaign, port, seen
        self.cookies: dict[str, str] = {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, step: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
                   "Accept-Language": "en", "Accept-Encoding": "gzip"}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in (1, 2):
            began = time.perf_counter()
            try:
                self.line.request("POST" if form is not None else "GET", path, body, headers)
                answer = self.line.getresponse()
                raw = answer.read()
                break
            except (http.client.HTTPException, OSError):
                # A connection that the server shut while its owner was thinking is opened again, as browsers do.
                self.line.close()
                if attempt == 2:
                    raise
        if step:
            self.seen.took(step, time.perf_counter() - began)
        for line in answer.headers.get_all("Set-Cookie") or ():
            key, _equals, value = line.split(";")[0].partition("=")
            self.cookies[key] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            raw = gzip.decompress(raw)
        return answer.status, answer.headers.get("Location", ""), raw.decode()

    def sign_in(self) -> None:
        _status, _to, page = self.ask("", "/sign-in/")
        status, _to, page = self.ask("", "/sign-in/", {
            "csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken"), "name": self.name, "password": PASSWORD})
        if status != 302:
            sys.exit(f"{self.name} cannot sign in: {status} {re.sub('<[^>]+>', ' ', page)[:400]}")

    def open_form(self) -> dict[str, str]:
        status, _to, page = self.ask("open the form", f"/c/{self.campaign}/capture/")
        if status != 200:
            self.seen.wrong(f"form: {status}")
            return {}
        people = re.findall(r'name="m\.([^"]+)" value="leave"', page)
        marks = dict(zip((f"m.{person}" for person in random.sample(people, min(2, len(people)))),
                         ("leave", "absent"), strict=False))
        roster = re.search(r'<select id="f-roster".*?</select>', page, re.S)
        chosen = re.search(r'<option value="([^"]*)" selected', roster.group(0)) if roster else None
        day = re.search(r'name="starts_at" value="([^"]+)"', page)
        return {"csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken"), "code": _hidden(page, "code"),
                "kind": "group_study", "starts_at": day.group(1) if day else "", "starts_at.time": "14:30",
                "place": "Room 2", "title": f"Study of {self.name}", "host": "The head",
                "roster": chosen.group(1) if chosen else "", "headcount": "" if marks else "23", **marks}

    def hand_in(self, form: Mapping[str, str]) -> str:
        status, to, page = self.ask("hand in", f"/c/{self.campaign}/capture/", form)
        if status != 302:
            self.seen.wrong(f"hand in: {status} {re.sub('<[^>]+>', ' ', page)[:200]}")
            return ""
        with self.seen.lock:
            self.seen.entered[form["code"]] = str(sum(name.startswith("m.") for name in form))
        return to

    def read(self, path: str) -> None:
        status, _to, _page = self.ask("read the session", path)
        if status != 200:
            self.seen.wrong(f"session: {status}")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return found.group(1) if found else ""


def think(secretaries: list[Secretary], size: Size) -> None:
    """Each at their own pace."""
    def work(each: Secretary) -> None:
        own = random.Random(each.name)
        time.sleep(own.uniform(0, size.most))
        for _session in range(size.sessions):
            form = each.open_form()
            time.sleep(own.uniform(size.least, size.most))
            to = each.hand_in(form) if form else ""
            time.sleep(own.uniform(size.least, size.most))
            if to:
                each.read(to)

    _together(secretaries, work)


def burst(secretaries: list[Secretary]) -> float:
    """All hand in at the same moment; the seconds until the last was answered."""
    forms = {each.name: each.open_form() for each in secretaries}
    gate = threading.Barrier(len(secretaries) + 1)

    def work(each: Secretary) -> None:
        gate.wait()
        each.hand_in(forms[each.name])

    threads = [threading.Thread(target=_guarded, args=(work, each), daemon=True) for each in secretaries]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _guarded(work: Callable[[Secretary], None], each: Secretary) -> None:
    try:
        work(each)
    except (http.client.HTTPException, OSError) as error:
        each.seen.wrong(f"{type(error).__name__}: {error}")


def _together(secretaries: list[Secretary], work: Callable[[Secretary], None]) -> None:
    threads = [threading.Thread(target=_guarded, args=(work, each), daemon=True) for each in secretaries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def served(env: Mapping[str, str]) -> Iterator[int]:
    """The program, serving on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(env["ZHIXING_HOME"]) / "load.log"
    with log.open("w") as told:
        server = subprocess.Popen([harness.PROGRAM, "serve", "--port", str(port)], env=dict(env), stdout=told,
                                  stderr=subprocess.STDOUT)
        try:
            for _each in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                sys.exit(f"The server did not start:\n{log.read_text()[-2000:]}")
            yield port
        finally:
            server.terminate()
            server.wait(30)


def share(times: list[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def report(title: str, seen: Seen, lost: int) -> float:
    print(f"\n{title}")
    rows = [[step, len(times), f"{share(times, .5):.0f}", f"{share(times, .95):.0f}", f"{max(times):.0f}"]
            for step, times in seen.times.items()]
    every = [each for times in seen.times.values() for each in times]
    rows.append(["all", len(every), f"{share(every, .5):.0f}", f"{share(every, .95):.0f}", f"{max(every):.0f}"])
    harness.table(["step", "requests", "p50 ms", "p95 ms", "most ms"], rows)
    print(f"entered {len(seen.entered)}, lost {lost}, errors {len(seen.errors)}")
    for words, count in sorted({words: seen.errors.count(words) for words in seen.errors}.items())[:5]:
        print(f"  {count} × {words}")
    return share(every, .95)


# ---- inside the data folder's own environment ----

def prepare(count: int) -> list[str]:
    """Makes a secretary for each of so many units; prints their names."""
    harness.start()
    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.ground.accounts import actions, reads
    from zhixing.ground.kernel.types import CONSOLE

    campaign = campaigns.campaigns()[0]
    taking_part = [code for _id, (code, _kind) in sorted(campaigns.participants(campaign.programme_id).items())][:count]
    names = []
    for code in taking_part:
        name = f"load-{code}".lower()
        if reads.account(name) is None:
            actions.add_account(name, PASSWORD, role="secretary", unit=code, campaign=campaign.code, actor=CONSOLE)
        names.append(name)
    print(json.dumps({"campaign": campaign.code, "names": names}))
    return names


def lost(entered: Mapping[str, str]) -> int:
    """How many sessions whose secretaries were told that they are in are not there with their marks."""
    harness.start()
    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.workbook import reads as workbook

    programme = campaigns.campaigns()[0].programme_id
    found: dict[str, int] = {}
    for table in ("activities", "attendance"):
        number = 1
        while True:
            page = workbook.list_rows(table, programme, CONSOLE, page=number, per_page=5_000)
            for row in page.rows:
                code = row["code" if table == "activities" else "activity"]
                found[code] = found.get(code, 0) + 1
            if number >= page.pages:
                break
            number += 1
    gone = sum(found.get(code, 0) != 1 + int(marks) for code, marks in entered.items())
    print(gone)
    return gone


def _inside(env: Mapping[str, str], *words: str) -> str:
    ended = subprocess.run([sys.executable, "-m", "benchmarks.load_secretaries", "--inside", *words], env=dict(env),
                           cwd=harness.REPO, capture_output=True, encoding="utf-8", check=False)
    if ended.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{ended.stdout[-1000:]}\n{ended.stderr[-3000:]}")
    return ended.stdout.strip().splitlines()[-1]


def _lost(env: Mapping[str, str], seen: Seen) -> int:
    listed = Path(env["ZHIXING_HOME"]) / "entered.json"
    listed.write_text(json.dumps(seen.entered))
    return int(_inside(env, "lost", str(listed)))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a size for CI")
    parser.add_argument("--full", action="store_true", help="six sessions each")
    parser.add_argument("--inside", nargs=2, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        what, value = asked.inside
        if what == "prepare":
            prepare(int(value))
        else:
            lost(json.loads(Path(value).read_text()))
        return 0
    size = QUICK if asked.quick else FULL if asked.full else USUAL
    env = harness.demo_home(harness.homes())
    made = json.loads(_inside(env, "prepare", str(size.secretaries)))
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(f"{len(made['names'])} secretaries, {size.sessions} sessions each, {size.least:g}–{size.most:g} s of "
          f"thinking, {os.cpu_count()} cores, {database}")
    with served(env) as port:
        thinking, at_once = Seen(), Seen()
        people = [Secretary(name, made["campaign"], port, thinking) for name in made["names"]]
        for each in people:
            each.sign_in()
        think(people, size)
        for each in people:
            each.seen = at_once
        took = burst(people)
        at_once.times.pop("open the form", None)
    gone, gone_at_once = _lost(env, thinking), _lost(env, at_once)
    p95 = report("with thinking", thinking, gone)
    report(f"all at once ({took:.1f} s until the last was answered)", at_once, gone_at_once)
    wanted = len(people) * size.sessions
    holds = [
        harness.verdict(not thinking.errors and not gone and len(thinking.entered) == wanted,
                        "no error and no lost entry while secretaries work"),
        harness.verdict(p95 < WITHIN, f"95 of 100 answers within {WITHIN} ms"),
        harness.verdict(not at_once.errors and not gone_at_once and len(at_once.entered) == len(people),
                        "no error and no lost entry when all hand in at once"),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
