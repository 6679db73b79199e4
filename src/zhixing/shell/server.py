"""Serves the site in one command: worker processes that share one port, an address printed once it answers,
and a clean stop.

The address is taken before anything is started, so that a port in use is said plainly and at once."""

from __future__ import annotations

import errno
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module

from zhixing.ground.kernel.errors import Refused

LOCAL = ("127.0.0.1", "localhost", "::1")
STOP_WITHIN = 10
"""Seconds a worker is given to finish what it is answering."""

THREADS = 8
"""Requests that one worker answers at a time; each thread keeps a database connection of its own."""


def workers_by_default() -> int:
    return max(1, min(4, os.cpu_count() or 1))


def address(host: str, port: int) -> str:
    """The address people type. A server that listens everywhere is reached here by 127.0.0.1."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"


def require_free(host: str, port: int) -> None:
    """Raises Refused when nothing can listen there, saying why."""
    from django.utils.translation import gettext as _

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            place = {"host": host, "port": port}
            if error.errno == errno.EADDRINUSE:
                raise Refused(_("Port %(port)s on %(host)s is in use. Stop what uses it, or choose another "
                                "with --port.") % place) from error
            if error.errno == errno.EACCES:
                raise Refused(_("This account may not use port %(port)s. Choose one above 1023 with --port.")
                              % place) from error
            raise Refused(_("Nothing can listen on %(host)s: %(why)s. Give an address of this machine "
                            "with --host.")
                          % {**place, "why": error.strerror or str(error)}) from error
        except OverflowError as error:
            raise Refused(_("%(port)s is not a port; they go from 1 to 65535.") % {"port": port}) from error


def answer(url: str, within: float, stopped: threading.Event) -> int:
    """Waits until the site answers there and returns the status; 0 when none came or it was stopped."""
    until = time.monotonic() + within
    while time.monotonic() < until and not stopped.wait(0.05):
        try:
            with urllib.request.build_opener(_Stay()).open(url, timeout=5) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as reply:
            return reply.code
        except OSError:
            continue
    return 0


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


def _collect_static() -> None:
    """Puts the static files, compressed, into the data folder, where the workers take them from. While
    developing (ZHIXING_DEBUG=1) they are taken from the rooms as they are."""
    from django.conf import settings
    from django.core.management import call_command

    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
        settings.WHITENOISE_USE_FINDERS = False


def _become_worker() -> None:
    """What a worker does first. It leaves the group that a terminal's Ctrl-C goes to, since the server would have
    it stop a second time in the midst of stopping. Until it has handlers of its own it drops its parent's copied
    ones, which only set a flag. And it stops when its parent is gone, so that none keeps the port."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def serve(host: str, port: int, workers: int, *, ready: Callable[[str, int], None]) -> None:
    """Serves until Ctrl-C or SIGTERM. `ready` is told the address and the status of the first answer, 0 when
    none came within a minute. Returns after a clean stop; raises Refused when the workers could not start."""
    from django.conf import settings
    from django.db import connections
    from django.utils.translation import gettext as _
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _collect_static()
    # Loaded once here, so that workers share it and start at once, and a fault shows before anything listens.
    import_module(settings.ROOT_URLCONF)
    # Workers are copies of this process: a connection they shared would mix up their answers.
    connections.close_all()
    server = Granian(
        "zhixing.shell.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=THREADS, backlog=1024, websockets=False, log_level=LogLevels.error,
        respawn_failed_workers=True, workers_kill_timeout=STOP_WITHIN,
    )
    url, stopped = address(host, port), threading.Event()

    def tell() -> None:
        status = answer(url + "/", 60, stopped)
        if not stopped.is_set():
            ready(url, status)

    server.on_startup(threading.Thread(target=tell, daemon=True).start)
    os.register_at_fork(after_in_child=_become_worker)
    try:
        server.serve()
    except SystemExit as end:
        if end.code and not server.interrupt_signal:
            raise Refused(_("The server stopped because its workers fail; see the messages above.")) from end
    finally:
        stopped.set()
