"""The pipeline's pieces that encode: what to encode, the sound, chunks of the picture, and their joining."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from infra.jobs.plan import Key
from infra.pipeline.steps import rungs_plan, watch_early
from infra.pipeline.work import Work
from media.encoding.chunks import Chunk
from media.encoding.ladder import Rung, plan_ladder
from media.encoding.rungs import SOUND, chunk_file
from media.probing.loudness import gain_for
from media.progress import Progress


def measure(work: Work, progress: Progress) -> dict[str, Any]:
    """Decide which rungs are still missing, and how loud they are to be."""
    info = work.recording.info
    remuxed = work.made("source")
    gain = work.done[Key("playable")]["gain"]
    if remuxed is not None:
        with work.source() as source:
            gain = gain_for(work.encoder.loudness(source, info, progress))
    plan = plan_ladder(info, gain, remuxed)
    missing = [rung for rung in plan.rungs if work.made(rung.name) is None]
    drop = remuxed is not None and not plan.keep_source
    return {"gain": gain, "drop": drop} | rungs_plan(
        work, missing, sound=Key("early-sound") not in work.done
    )


def encode_sound(work: Work, progress: Progress) -> dict[str, Any]:
    """The whole sound, which all rungs share. Returns where it is."""
    with work.source() as source, work.scratch() as folder:
        work.encoder.encode_sound(
            source, work.recording.info, _plan(work)["gain"], folder / SOUND, progress
        )
        work.archive.storage.put_folder(work.place, folder)
    return {"key": f"{work.place}/{SOUND}"}


def encode_chunk(work: Work, progress: Progress) -> dict[str, Any]:
    """One chunk of the picture in all rungs. Returns where they are; nowhere when the picture ended before."""
    plan = _plan(work)
    rungs = [rung for rung in map(_rung, plan["rungs"]) if rung.height]
    chunk = Chunk(*plan["chunks"][work.key.number])
    with work.source() as source, work.scratch() as folder:
        made = work.encoder.encode_chunk(source, work.recording.info, rungs, chunk, folder, progress)
        if made:
            work.archive.storage.put_folder(work.place, folder)
    return {"place": work.place if made else ""}


def join(work: Work, progress: Progress) -> dict[str, Any]:
    """One rung from its chunks and the sound; the early one lets the recording be watched."""
    plan = _plan(work)
    rung = _rung(plan["rungs"][work.key.number])
    with ExitStack() as stack, work.scratch() as folder:
        chunks = _chunks(work, plan, rung, stack) if rung.height else []
        sound = stack.enter_context(work.handed(_sound(work))) if rung.audio_kbps else None
        made = work.encoder.join(rung, chunks, sound, folder, progress)
        work.keep(folder, [made])
    if _early(work):
        watch_early(work)
    return {"name": made.name}


def _chunks(work: Work, plan: dict[str, Any], rung: Rung, stack: ExitStack) -> list[tuple[Chunk, Path]]:
    found = []
    for number, bounds in enumerate(plan["chunks"]):
        place = work.done[Key("early" if _early(work) else "encode", number)]["place"]
        if place:
            path = stack.enter_context(work.handed(f"{place}/{chunk_file(rung)}"))
            found.append((Chunk(*bounds), path))
    return found


def _sound(work: Work) -> str:
    found: str = (work.done.get(Key("sound")) or work.done[Key("early-sound")])["key"]
    return found


def _plan(work: Work) -> dict[str, Any]:
    found: dict[str, Any] = work.done[Key("playable" if _early(work) else "measure")]
    return found


def _early(work: Work) -> bool:
    return work.key.name.startswith("early")


def _rung(stored: dict[str, Any]) -> Rung:
    return Rung(**stored)
