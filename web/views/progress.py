"""How far the processing of an episode is, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from media.jobs import ENDED, Job, JobState
from web.text.language import Language
from web.text.times import rough_length


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A job as the episode's page shows it. `percent` is 0–100 of the whole; `step` and `left` are
    sentences; `ended` when nothing moves any more, `failed` when it ended with an error."""

    percent: int
    step: str
    left: str
    ended: bool
    failed: bool


def present_progress(job: Job, language: Language) -> ProgressView:
    """Return the view of a job."""
    left = ""
    if job.state == JobState.RUNNING and job.seconds_left is not None:
        left = language.say("còn %(time)s", time=rough_length(job.seconds_left, language))
    return ProgressView(
        percent=round(100 * min(1.0, max(0.0, job.fraction))),
        step=_step(job, language),
        left=left,
        ended=job.state in ENDED,
        failed=job.state == JobState.FAILED,
    )


def _step(job: Job, language: Language) -> str:
    say = language.say
    if job.state == JobState.QUEUED:
        return say("Đang chờ đến lượt")
    if job.state == JobState.FAILED:
        return say("Có bước chưa làm được. Phần đã xong vẫn xem được; ban biên tập sẽ làm lại.")
    if job.state in ENDED:
        return say("Đã xong")
    name = step_name(job.step, language)
    if job.step_count:
        values = {"number": job.step_number, "count": job.step_count, "name": name}
        return say("Bước %(number)s/%(count)s: %(name)s", **values)
    return name


def step_name(step: str, language: Language) -> str:
    """Return the title of a step in `language`; jobs carry it in Vietnamese, as the pipeline declares it."""
    say = language.say
    titles = {
        "Chuẩn bị phát": say("Chuẩn bị phát"),
        "Tạo ảnh xem trước": say("Tạo ảnh xem trước"),
        "Đọc phụ đề": say("Đọc phụ đề"),
        "Nhận dạng lời nói": say("Nhận dạng lời nói"),
        "Ghi lời thoại": say("Ghi lời thoại"),
        "Tìm câu hỏi và câu trả lời": say("Tìm câu hỏi và câu trả lời"),
        "Tạo bản nhẹ cho mạng chậm": say("Tạo bản nhẹ cho mạng chậm"),
    }
    return titles.get(step, step) or say("đang xử lý")
