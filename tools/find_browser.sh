#!/bin/sh
# Makes sure there is a Chromium for the browser tests: the one on PATH, else Debian's (as root), else Playwright's own.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Debian's chromium …"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 && exit 0
fi
echo "Installing Playwright's Chromium …"
.venv/bin/playwright install chromium && exit 0
echo "find_browser: no Chromium on PATH, and none could be installed. Install chromium, then run again." >&2
exit 1
