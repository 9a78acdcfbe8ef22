#!/bin/sh
# Sets up .venv and the browser libraries. Needs Python ≥ 3.11 with venv, and npm; nothing else.
set -eu
PYTHON="${PYTHON:-python3}"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "set-up: $PYTHON is older than 3.11; run: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
command -v npm >/dev/null || { echo "set-up: npm was not found; install Node.js (Debian: apt-get install npm)." >&2; exit 1; }
"$PYTHON" -c 'import venv, ensurepip' 2>/dev/null || {
  echo "set-up: Python's venv module is missing (Debian: apt-get install python3-venv)." >&2; exit 1; }
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
echo "Installing Python packages …"
.venv/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
echo "Installing browser libraries …"
npm ci --no-audit --no-fund --silent
touch .venv/ready
