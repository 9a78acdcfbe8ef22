"""`make bench`: everything that is measured, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

PARTS = (
    "transcode",
    "transcription",
    "main_job",
    "segmentation",
    "retrieval",
    "restoring",
    "misheard",
    "fitting",
    "merging",
    "scale",
    "live_load",
    "scale_workers",
    "s3",
    "serving",
    "live_latency",
    "live_programme",
)


def main() -> int:
    """Run all parts; a part that fails does not stop the others."""
    chosen = sys.argv[1:] or PARTS
    failed = []
    for part in chosen:
        print(f"\n== {part}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{part}"], check=False).returncode:
            failed.append(part)
    if failed:
        print(f"\nThese parts failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
