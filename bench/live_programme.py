"""A whole broadcast by script: an encoder, five phones in Chromium, a moderator, cuts, a killed server; then the archive.

Run as `python -m bench.live_programme`. Three minutes of a recording of the demo go out as an encoder would send them
(RTMP, real time). Five phones (360 px) follow the live page and ask 20 questions through the page, some of them the
same; the moderator merges what the desk suggests and what is listed here, and has four answered. Twice the encoder is
away for 20 s; once everything of the server's is killed with -9 and started again. At the end it looks for: a replay
as long as what was sent, to within one segment for each time the line was cut; the four answers by search, at their
second; the receipts of everybody who asked those.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench.live_actors import Encoder, Moderator, Phone, Server, wait_for
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Episode, Guest, Programme
from tests.end_to_end.serving import browser
from tests.media.storage.s3.s3_server import free_port
from web.domain.accounts.accounts import Account, Role

SEGMENT_SECONDS = 2.0
GUESTS = (
    Guest("Bà Hoa", "Phó giám đốc", "Bảo hiểm xã hội tỉnh"),
    Guest("Ông Bình", "Trưởng ban", "Công đoàn tỉnh"),
)

# Each line: one question that several people ask in their own words. The first four are answered.
QUESTIONS = (
    ("Em mang thai tháng thứ bảy thì có phải làm ca đêm không ạ?", "Bầu 7 tháng có bị bắt làm ca đêm không?",
     "mang bau 7 thang co phai lam ca dem khong"),
    ("Công ty trả lương chậm nửa tháng thì chúng em khiếu nại ở đâu?", "Cty chậm lương 15 ngày khiếu nại ở đâu ạ?"),
    ("Làm thêm giờ ngày chủ nhật được tính lương thế nào?", "Tăng ca chủ nhật tính lương bao nhiêu ạ?",
     "tang ca chu nhat tinh luong the nao"),
    ("Nghỉ việc rồi bao lâu thì lãnh được bảo hiểm xã hội một lần?", "Nghỉ việc bao lâu được rút BHXH một lần?"),
    ("Con ốm em nghỉ ở nhà chăm thì có được hưởng lương không?", "Nghỉ chăm con ốm có được hưởng chế độ gì không?"),
    ("Hết hạn hợp đồng mà công ty không ký lại thì em được gì?",),
    ("Bữa ăn ca của xưởng em ít quá, công đoàn có can thiệp được không?",),
    ("Phép năm chưa nghỉ hết có được trả tiền không ạ?", "Phép năm còn thừa có được quy ra tiền không?"),
    ("Nhà trọ tăng giá điện, công nhân thuê trọ được tính giá điện thế nào?",),
    ("Em bị tai nạn trên đường đi làm có được tính tai nạn lao động không?",),
    ("Thử việc hai tháng rồi công ty bắt thử thêm có đúng không?",),
    ("Cha có vợ sinh con được nghỉ mấy ngày?",),
)  # fmt: skip


def prepare(home: Path) -> tuple[str, str, str]:
    """An archive with a planned broadcast; its slug, the stream key, and the moderator's session."""
    with open_archive(Settings(home=home)) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn công nhân"))
        episode = Episode("truc-tiep", "dh", "Hỏi đáp trực tiếp tháng Mười Một", date.today(), guests=GUESTS,
                          publish_when_ready=True)  # fmt: skip
        planned = archive.live.broadcasts.plan(episode)
        account = archive.studio.sign_in.accounts.add(Account("", "minh", "Anh Minh", Role.EDITOR))
        session = archive.studio.sign_in.start(account, "bench")
        return planned.episode, archive.live.broadcasts.stream_key(planned.episode), session


def answer_times() -> list[tuple[float, float]]:
    """When the four answers begin and end, in seconds of the broadcast's run."""
    return [(42, 60), (66, 84), (128, 146), (152, 168)]


def broadcast(server: Server, slug: str, key: str, session: str, say: Any) -> dict[str, Any]:
    """The broadcast's run; what was marked when, the phones' receipts, what was sent."""
    with browser() as chromium:
        contexts = [
            chromium.new_context(
                viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="vi-VN"
            )
            for _ in range(5)
        ]
        desk = chromium.new_context(viewport={"width": 1280, "height": 800})
        desk.add_cookies([{"name": "studio", "value": session, "url": server.address}])
        moderator = wait_for(lambda: Moderator(desk, server.address, slug), 60, "the desk")
        encoder = Encoder(f"rtmp://127.0.0.1:{server.rtmp}/live/{key}")
        phones = [Phone(context, server.address, slug, context.new_page()) for context in contexts]
        for phone in phones:
            phone.watch()
        began = time.monotonic()

        def at() -> float:
            return time.monotonic() - began

        texts = [text for group in QUESTIONS for text in group]
        plan: list[tuple[float, str, Any]] = []
        for number, text in enumerate(texts):
            plan.append((2 + number * 1.6, "ask", (number % 5, text)))
        plan += [(36.0, "merge", None), (90.0, "cut", True), (110.0, "cut", False), (118.0, "kill", None)]
        plan += [(172.0, "cut", True), (192.0, "cut", False), (215.0, "end", None)]
        for number, (start, end) in enumerate(answer_times()):
            plan += [(start, "begin", number), (end, "done", number)]
        marks: dict[int, dict[str, float]] = {}
        merged = 0
        for when, what, how in sorted(plan, key=lambda each: each[0]):
            while at() < when:
                time.sleep(0.2)
                if int(at()) % 5 == 0:
                    for phone in phones:
                        phone.look()
                    time.sleep(0.8)
            match what:
                case "ask":
                    phones[how[0]].ask(how[1])
                case "merge":
                    suggested = moderator.call(f"episodes/{slug}/desk/similar")["groups"]
                    say(
                        f"{at():.0f} s: the desk suggests {len(suggested)} groups of {sum(map(len, suggested))} questions"
                    )
                    for group in QUESTIONS:
                        ids = [moderator.by_text(text)["id"] for text in group]
                        if len(ids) > 1:
                            moderator.call(f"questions/{ids[0]}/merge", {"questions": ids[1:]})
                            merged += len(ids) - 1
                case "cut":
                    encoder.cut(how)
                    say(f"{at():.0f} s: the encoder is {'away' if how else 'back'}")
                case "kill":
                    server.stop(9)
                    say(f"{at():.0f} s: the server was killed")
                    server.start()
                    wait_for(lambda: moderator.open() or True, 60, "the site's return")
                    say(f"{at():.0f} s: the site is back")
                case "begin":
                    question = moderator.by_text(QUESTIONS[how][0])
                    guest = GUESTS[how % 2].name
                    moderator.call(
                        f"questions/{question['id']}/begin", {"guest": guest, "seen": question["version"]}
                    )
                    marks[how] = {"began": round(at(), 1)}
                case "done":
                    moderator.call(f"episodes/{slug}/desk/done", {})
                    marks[how]["ended"] = round(at(), 1)
                case "end":
                    encoder.end()
                    moderator.end()
                    say(f"{at():.0f} s: the broadcast has ended")
        ended = time.monotonic()
        for phone in phones:
            phone.look()
        public = contexts[0].new_page()
        replay = wait_for(lambda: _plays(public, f"{server.address}/episodes/{slug}"), 120, "the replay")
        say(f"a replay plays {time.monotonic() - ended:.0f} s after the end ({replay})")
        return {
            "sent": [round(each, 2) for each in encoder.sent],
            "marks": marks,
            "merged": merged,
            "receipts": {text: url for phone in phones for text, url in phone.receipts.items()},
            "watched_to": [max(phone.positions, default=0.0) for phone in phones],
            "replay_after": round(time.monotonic() - ended, 1),
        }


def _plays(page: Page, url: str) -> str:
    page.goto(url)
    return str(
        page.evaluate("""async () => {
        const pause = (ms) => new Promise((done) => setTimeout(done, ms));
        const video = document.querySelector("video");
        video.muted = true;
        document.querySelector("[data-begin]")?.click();
        video.play().catch(() => {});
        for (let n = 0; n < 20 && video.currentTime < 0.3; n += 1) await pause(300);
        return video.currentTime > 0.3 ? video.currentSrc || "playing" : ""; }""")
    )


def examine(home: Path, server: Server, slug: str, run: dict[str, Any], say: Any) -> dict[str, Any]:
    """Wait for the archive to be done with the recording, and look."""
    import urllib.parse
    import urllib.request

    def get(path: str) -> Any:
        with urllib.request.urlopen(server.address + path, timeout=20) as answer:
            return json.load(answer)

    with open_archive(Settings(home=home)) as archive:
        job = wait_for(lambda: archive.jobs.job_of(slug), 120, "the recording's job")
        wait_for(lambda: archive.jobs.job(job.id).state in ("done", "failed"), 600, "the end of processing")
        episode = archive.catalogue.episode(slug)
        say(f"processed: {archive.jobs.job(job.id).state}, the episode is {episode.state}")
        recording = archive.catalogue.recording(episode.recording or "")
        segments = [s for s in archive.transcripts.segments(slug) if s.origin == "live"]
        wait_for(lambda: not archive.changes.pending(1), 60, "the index")
    found = []
    for number in range(4):
        text = QUESTIONS[number][0]
        hits = get(f"/api/v1/search?kind=answer&q={urllib.parse.quote(text)}")["hits"]
        wanted = next(s for s in segments if s.question == text)
        first = hits[0] if hits else None
        found.append(bool(first and first["episode"] == slug and abs(first["start"] - wanted.start) < 0.5))
    told = []
    for group in QUESTIONS[:4]:
        for text in group:
            with urllib.request.urlopen(run["receipts"][text], timeout=20) as answer:
                page = answer.read().decode()
            told.append(f"/episodes/{slug}?t=" in page)
    waiting = []
    for group in QUESTIONS[4:]:
        for text in group:
            with urllib.request.urlopen(run["receipts"][text], timeout=20) as answer:
                waiting.append(f"/episodes/{slug}?t=" not in answer.read().decode())
    sent = sum(run["sent"])
    return {
        "seconds_sent": round(sent, 2),
        "seconds_recorded": round(recording.info.duration, 2),
        "missing": round(sent - recording.info.duration, 2),
        "takes": len(run["sent"]),
        "allowed": SEGMENT_SECONDS * len(run["sent"]),
        "live_segments": [(round(s.start, 1), round(s.end, 1), s.answerers) for s in segments],
        "answers_found_first": found,
        "receipts_told": f"{sum(told)} of {len(told)}",
        "receipts_still_open": f"{sum(waiting)} of {len(waiting)}",
        "state": str(episode.state),
    }


def main() -> None:
    """Run it and print what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keep", action="store_true", help="keep the data folder")
    chosen = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tualai-live-"))
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    slug, key, session = prepare(home)
    server = Server(home, free_port(), free_port())
    server.start()
    try:
        run = broadcast(server, slug, key, session, say)
        result = examine(home, server, slug, run, say)
        print(json.dumps({**run, "receipts": len(run["receipts"]), **result}, ensure_ascii=False, indent=1))
    except BaseException:
        for log in home.glob("*.log"):
            print(f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-2500:]}")
        raise
    finally:
        server.stop(signal.SIGTERM)
        if chosen.keep:
            print(home)
        else:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
