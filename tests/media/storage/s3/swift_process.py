"""OpenStack Swift with its S3 interface in one process: run by path, with a folder and a port.

Account and container servers keep SQLite files in the folder, the object server keeps bytes in memory, or with
`--disk` in the folder too. Prints “ready” once it answers.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi  # noqa: E402
from paste.deploy import loadapp  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

ACCESS, SECRET = "test:tester", "testing"
_SWIFT = "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
_BACKEND = """[DEFAULT]
devices = {devices}
swift_dir = {folder}
mount_check = false
disable_fallocate = true
log_level = ERROR
fsync_every_mb = 1024
[app:main]
use = egg:swift#{kind}
allow_versions = true
"""
_PROXY = """[DEFAULT]
swift_dir = {folder}
log_level = ERROR
bind_port = {port}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
min_segment_size = 1
s3_acl = false
auth_pipeline_check = false
allow_multipart_uploads = true
check_bucket_owner = false
[filter:slo]
use = egg:swift#slo
min_segment_size = 1
rate_limit_after_segment = 100000
[filter:dlo]
use = egg:swift#dlo
[filter:bulk]
use = egg:swift#bulk
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
"""


def main(folder: Path, port: int, disk: bool) -> None:
    """Serve until killed."""
    (folder / "devices" / "sda1").mkdir(parents=True)
    (folder / "swift.conf").write_text(_SWIFT)
    os.environ["SWIFT_CONF_FILE"] = str(folder / "swift.conf")
    from swift.common import utils

    utils.SWIFT_CONF_FILE = str(folder / "swift.conf")
    utils.validate_configuration()
    kinds = {"account": "account", "container": "container", "object": "object" if disk else "mem_object"}
    for name, kind in kinds.items():
        listening = eventlet.listen(("127.0.0.1", 0))
        _ring(folder, name, listening.getsockname()[1])
        _write(folder / f"{name}.conf", _BACKEND, devices=folder / "devices", folder=folder, kind=kind)
        _serve(listening, folder / f"{name}.conf")
    _write(folder / "proxy.conf", _PROXY, folder=folder, port=port)
    proxy = _serve(eventlet.listen(("127.0.0.1", port), backlog=512), folder / "proxy.conf")
    print("ready", flush=True)
    proxy.wait()


def _write(file: Path, text: str, **values: object) -> None:
    file.write_text(text.format(**values))


def _serve(listening: object, configuration: Path) -> object:
    app = loadapp(f"config:{configuration}")
    return eventlet.spawn(wsgi.server, listening, app, log_output=False, debug=False, minimum_chunk_size=1)


def _ring(folder: Path, name: str, port: int) -> None:
    builder = RingBuilder(1, 1, 1)
    builder.add_dev(
        {"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "sda1", "weight": 1.0}
    )
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{name}.ring.gz"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), "--disk" in sys.argv)
