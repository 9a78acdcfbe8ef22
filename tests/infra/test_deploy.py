"""The files of infra/deploy, by the programs that read them; what is not installed here is said loudly."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
import yaml

from infra.commands.app import app
from infra.configuration.settings import Settings

DEPLOY = Path(__file__).parents[2] / "infra/deploy"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
ASKED = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=tualai.example"
TEXTS = {file: file.read_text("utf-8") for file in DEPLOY.rglob("*") if file.is_file()}


def _needed(program: str) -> str:
    found = shutil.which(program, path="/usr/bin:/usr/sbin:/usr/local/bin")
    if not found:
        pytest.skip(f"{program} is not installed: its files under infra/deploy were NOT checked")
    return found


@pytest.mark.parametrize("name", ["tualai.conf", "container.conf"])
def test_nginx_takes_its_configuration(tmp_path: Path, name: str) -> None:
    nginx = _needed("nginx")
    openssl = _needed("openssl")
    subprocess.run(
        [openssl, *ASKED.split(), "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True,
        capture_output=True,
    )
    for part in (name, "cache.conf", "locations.conf"):
        text = (DEPLOY / "nginx" / part).read_text("utf-8")
        for there in ("/etc/ssl/tualai", "/etc/nginx/tualai", "/var/cache/nginx", "/var/log/nginx"):
            text = text.replace(there, str(tmp_path))
        (tmp_path / part).write_text(text.replace("server site:", "server 127.0.0.1:"), "utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}\n"
        f"http {{ include {tmp_path}/cache.conf; include {tmp_path / name}; }}\n",
        "utf-8",
    )
    done = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr, done.stderr


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = _needed("systemd-analyze")
    for unit in (DEPLOY / "systemd").iterdir():
        # Only the program's path does not exist here.
        text = unit.read_text("utf-8").replace("/opt/tualai/venv/bin/tualai", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = sorted(tmp_path.iterdir())
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stderr.splitlines() if "tualai" in line]
    assert wrong == []


def test_every_command_named_exists() -> None:
    units = (re.findall(r"^ExecStart=\S*/tualai (\w+)", text, re.MULTILINE) for text in TEXTS.values())
    services = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text("utf-8"))["services"]
    ours = [service["command"][0] for service in services.values() if service.get("image") == "tualai"]
    named = {*ours, *(name for names in units for name in names)}
    assert {"serve", "worker", "live", "migrate", "backup"} <= named
    assert named - set(COMMANDS) == set()


def test_every_setting_named_exists() -> None:
    fields = {f"TUALAI_{name.upper()}" for name in Settings.model_fields}
    named = {name for text in TEXTS.values() for name in re.findall(r"\bTUALAI_[A-Z_]+\b", text)}
    assert named
    assert named - fields == set()
