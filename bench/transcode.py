"""Our transcode against hand-written ffmpeg, and how soon a remuxed recording can be played.

Run `python -m bench.transcode`. Each run is a process of its own, so that the peak memory of its children
(`getrusage`) is its own; the sides alternate and the fastest of the runs counts, because other work
on the machine only ever adds.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from media.encoding.ladder import Rung, plan_ladder
from media.ffmpeg.encoder import FfmpegEncoder
from media.ingest.ingest import ingest
from media.progress import silent
from media.storage.folder import FolderStorage

SECONDS = 30
RUNS = 2
GAIN_DB = 4.0
RESULTS = Path("bench-results/transcode.json")

# A still slide with a noisy, moving part of a quarter of the picture, and syllable-like noise.
PICTURE = (
    f"smptehdbars=size=1920x1080:rate=30:duration={SECONDS}[slide];"
    f"testsrc2=size=640x720:rate=30:duration={SECONDS},boxblur=6,noise=alls=4:allf=t[head];"
    "[slide][head]overlay=x=60+20*sin(t):y=300+10*cos(t*1.3),format=yuv420p"
)
SOUND = f"anoisesrc=color=pink:amplitude=0.2:duration={SECONDS},tremolo=f=4:d=0.9,lowpass=3000"


def main() -> dict[str, Any]:
    """Measure, print a table, write `bench-results/transcode.json`, return what was written."""
    with tempfile.TemporaryDirectory() as folder:
        source = make_source(Path(folder) / "talk.mp4")
        result = {
            "seconds": SECONDS,
            "ladder": compare(source, ours_ladder, written_ladder),
            "playable": compare(source, ours_playable, written_copy),
        }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    return result


def compare(
    source: Path, ours: Callable[[Path, Path], None], theirs: Callable[[Path, Path], None]
) -> dict[str, float]:
    """Best wall time (s) and peak memory of children (MB) of each side, and ours over theirs."""
    runs: dict[str, list[tuple[float, float, float]]] = {"ours": [], "written": []}
    for _ in range(RUNS):
        for name, work in (("ours", ours), ("written", theirs)):
            runs[name].append(measured(work, source))
    best = {name: [min(column) for column in zip(*rows, strict=True)] for name, rows in runs.items()}
    (wall, memory, cpu), (wall_written, memory_written, cpu_written) = best["ours"], best["written"]
    return {
        "ours_s": round(wall, 3),
        "written_s": round(wall_written, 3),
        "wall_ratio": round(wall / wall_written, 3),
        "cpu_ratio": round(cpu / cpu_written, 3),
        "ours_mb": round(memory),
        "written_mb": round(memory_written),
        "memory_ratio": round(memory / memory_written, 3),
    }


def measured(work: Callable[[Path, Path], None], source: Path) -> tuple[float, float, float]:
    """Wall seconds, peak MB of children and CPU seconds of children of `work` in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_alone, args=(work, source, sender))
    process.start()
    result: tuple[float, float, float] = receiver.recv()
    process.join()
    return result


def _alone(work: Callable[[Path, Path], None], source: Path, sender: Any) -> None:
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        encoder().probe(source)  # finding ffmpeg is not measured
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        work(source, Path(folder))
        wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        sender.send((wall, after.ru_maxrss / 1024, cpu))


_ENCODER = FfmpegEncoder()


def encoder() -> FfmpegEncoder:
    """The engine, one in a process."""
    return _ENCODER


def ladder(source: Path) -> list[Rung]:
    """The rungs both sides encode."""
    return list(plan_ladder(encoder().probe(source), GAIN_DB, None).rungs)


def ours_ladder(source: Path, folder: Path) -> None:
    """The ladder by our engine."""
    info = encoder().probe(source)
    encoder().render(source, info, ladder(source), GAIN_DB, folder, silent)


def written_ladder(source: Path, folder: Path) -> None:
    """The same ladder as somebody would write it by hand."""
    rungs = ladder(source)
    pictures = [rung for rung in rungs if rung.height]
    graph = f"[0:v]fps=30,split={len(pictures)}" + "".join(f"[s{rung.name}]" for rung in pictures)
    graph += "".join(f";[s{r.name}]scale={r.width}:{r.height}[v{r.name}]" for r in pictures)
    graph += (
        f";[0:a]aresample=48000,volume={GAIN_DB}dB,alimiter=limit=0.84:level=disabled,asplit={len(rungs)}"
    )
    graph += "".join(f"[a{rung.name}]" for rung in rungs)
    command = ["-i", str(source), "-filter_complex", graph]
    for rung in rungs:
        (folder / rung.name).mkdir()
        if rung.height:
            command += ["-map", f"[v{rung.name}]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "24"]
            command += ["-maxrate", f"{rung.video_kbps}k", "-bufsize", f"{2 * rung.video_kbps}k"]
            command += ["-pix_fmt", "yuv420p", "-sc_threshold", "0"]
            command += ["-force_key_frames", "expr:gte(t,n_forced*4)"]
        command += ["-map", f"[a{rung.name}]", "-c:a", "aac", "-b:a", f"{rung.audio_kbps}k", "-ac", "1"]
        command += hls(folder / rung.name)
    by_hand(command)


def ours_playable(source: Path, folder: Path) -> None:
    """From a file on disk to a playlist in the store: copied, hashed, probed, remuxed, stored."""
    storage = FolderStorage(folder / "store")
    taken = ingest(source, storage=storage, encoder=encoder(), scratch=folder / "scratch", progress=silent)
    made = folder / "made"
    made.mkdir()
    with storage.local_path(taken.recording.storage_key) as stored:
        encoder().remux(stored, taken.recording.info, made, silent)
    storage.put_folder("renditions", made)


def written_copy(source: Path, folder: Path) -> None:
    """The copy and the package by hand: `cp` and `ffmpeg -c copy`."""
    copy = folder / source.name
    shutil.copyfile(source, copy)
    by_hand(["-i", str(copy), "-c", "copy", *hls(folder)])


def hls(folder: Path) -> list[str]:
    """HLS options of the hand-written commands."""
    options = ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    return [*options, "-hls_segment_filename", str(folder / "s%d.m4s"), str(folder / "index.m3u8")]


def by_hand(arguments: list[str]) -> None:
    """Run ffmpeg as it is."""
    program = str(encoder().programs.ffmpeg)
    subprocess.run([program, "-nostdin", "-y", "-loglevel", "error", *arguments], check=True)


def make_source(path: Path) -> Path:
    """A 1080p30 recording with sound."""
    inputs = ["-filter_complex", PICTURE, "-f", "lavfi", "-i", SOUND]
    picture = ["-c:v", "libx264", "-preset", "superfast", "-crf", "23", "-g", "60"]
    sound = ["-c:a", "aac", "-b:a", "128k"]
    by_hand([*inputs, *picture, *sound, "-shortest", str(path)])
    return path


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{SECONDS} s of 1080p30     ours    written   ratio  CPU ratio   memory ours/written (MB)")
    for name in ("ladder", "playable"):
        row = result[name]
        times = f"{row['ours_s']:8.2f}s {row['written_s']:8.2f}s {row['wall_ratio']:7.2f}    {row['cpu_ratio']:7.2f}"
        print(f"{name:16}{times}   {row['ours_mb']}/{row['written_mb']}")


if __name__ == "__main__":
    main()
