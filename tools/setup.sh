#!/bin/sh
# Makes .venv from requirements.lock (every package by its hash) and installs the program into it.
# PYTHON=/path/to/python3 chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

say() { printf '%s\n' "$*" >&2; }

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
complete() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

python=
incomplete=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
  command -v "$candidate" >/dev/null 2>&1 || continue
  suits "$candidate" || continue
  if complete "$candidate"; then python=$candidate; break; fi
  incomplete=$candidate
done
if [ -z "$python" ] && [ -n "$incomplete" ]; then
  version=$("$incomplete" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  say "$incomplete is new enough ($version), but its modules venv and ensurepip are missing."
  say "On Debian or Ubuntu: apt-get install python3-venv   (or python$version-venv), then run make again."
  exit 1
fi
if [ -z "$python" ]; then
  found=$(python3 --version 2>/dev/null || echo "no python3")
  say "Zhixing needs Python 3.11 or newer; here is: $found."
  say "On Debian 12 or Ubuntu 24.04 and later: apt-get install python3 python3-venv; elsewhere from python.org."
  say "An interpreter that is not on the path: make setup PYTHON=/path/to/python3"
  exit 1
fi

if [ -x .venv/bin/python ] && ! suits .venv/bin/python; then rm -rf .venv; fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "Making .venv with $("$python" --version 2>&1) …"
  rm -rf .venv
  "$python" -m venv .venv
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input -q "$@"; }

# An office that reaches its packages through a mirror has told pip so; uv is told the same.
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
  mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
  if [ -n "$mirror" ]; then UV_DEFAULT_INDEX=$mirror; export UV_DEFAULT_INDEX; fi
fi

say "Installing what requirements.lock names …"
if .venv/bin/uv --version 2>/dev/null | grep -q "^uv $UV_VERSION" || pip install "uv==$UV_VERSION"; then
  VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python \
    --require-hashes requirements.lock \
    || pip install --require-hashes -r requirements.lock
else
  pip install --require-hashes -r requirements.lock
fi
pip install --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q src || true  # every command starts twice as fast
test -x .venv/bin/zhixing || { say "The program was not installed; see the messages above."; exit 1; }
say "Ready: .venv/bin/zhixing"
