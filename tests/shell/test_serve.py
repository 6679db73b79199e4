"""The server: it says its address once it answers, says plainly when it cannot, and stops cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.conftest import PROGRAM, Cli
from zhixing.ground.kernel.errors import Refused
from zhixing.shell import server

HOST = "127.0.0.1"


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(cli: Cli, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program serving, as a terminal would start it, and its address."""
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port), "--workers", "2", *words], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", env=cli.env() | {"ZHIXING_LANG": "en"}, cwd=cli.home,
        start_new_session=True)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert f"http://{HOST}:{port}" in first, first + process.stdout.read()
        yield process, f"http://{HOST}:{port}"
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def refuses(url: str) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((HOST, int(url.rsplit(":", 1)[1]))) != 0


@pytest.mark.parametrize("stop", ["ctrl-c", "term"])
def test_it_answers_then_stops(cli: Cli, stop: str) -> None:
    with serving(cli) as (process, url):
        with urllib.request.urlopen(f"{url}/", timeout=30) as reply:
            assert reply.status == 200 and "/sign-in/" in reply.url
        if stop == "ctrl-c":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGTERM)
        assert process.wait(server.STOP_WITHIN - 2) == 0
        assert process.stdout is not None and process.stdout.read().strip() == "Stopped."
        assert refuses(url)


def test_workers_go_when_their_parent_is_killed(cli: Cli) -> None:
    """They hold the other end of the pipe: it ends when the last of them is gone."""
    with serving(cli) as (process, url):
        process.kill()
        assert process.stdout is not None
        process.stdout.read()
        assert refuses(url)


def test_static_files_are_sent_compressed(cli: Cli) -> None:
    with serving(cli) as (_process, url):
        asked = urllib.request.Request(f"{url}/static/zhixing.css", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked, timeout=30) as reply:
            assert reply.headers["Content-Encoding"] == "gzip"


def test_it_listens_on_this_machine_alone(cli: Cli) -> None:
    with serving(cli) as (_process, url):
        port = int(url.rsplit(":", 1)[1])
        own = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)} - {HOST}
        for address in own:
            with closing(socket.socket()) as probe:
                assert address.startswith("127.") or probe.connect_ex((address, port)) != 0


def test_a_port_in_use_is_said_plainly(cli: Cli) -> None:
    with closing(socket.socket()) as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = cli("serve", "--port", str(port), expect=1, ZHIXING_LANG="en")
        demo = cli("demo", "--units", "12", "--port", str(port), expect=1, ZHIXING_LANG="en")
    for each in (said, demo):
        assert f"Port {port} on {HOST} is in use" in each.err and "--port" in each.err
        assert "Traceback" not in each.err


@pytest.mark.parametrize("host", ["203.0.113.7", "not a host"])
def test_an_address_that_is_not_this_machines_is_said_plainly(host: str, english: None) -> None:
    with pytest.raises(Refused, match="Nothing can listen"):
        server.require_free(host, 8000)


def test_a_site_that_does_not_answer_in_time() -> None:
    assert server.answer(f"http://{HOST}:{free_port()}/", 0.2, threading.Event()) == 0


def test_init_says_where_things_are(cli: Cli) -> None:
    said = cli("init", json=True).data
    assert said["home"] == str(cli.home.resolve())
    assert said["kind"] in ("sqlite", "postgresql")
