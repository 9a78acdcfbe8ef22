"""What the studio's pages show of episodes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from media.archive.editing import Facts
from media.archive.episodes import Episode, EpisodeState, Guest, Programme
from media.archive.publishing import Need, PublishingCheck
from media.jobs import ENDED, Job, JobState
from web.domain.accounts.presence import Present
from web.text.language import Language
from web.views.progress import present_progress, step_name

STEP_TITLES = (
    "Chuẩn bị phát",
    "Tạo ảnh xem trước",
    "Đọc phụ đề",
    "Nhận dạng lời nói",
    "Ghi lời thoại",
    "Tìm câu hỏi và câu trả lời",
    "Tạo bản nhẹ cho mạng chậm",
)
"""As the pipeline declares them, in their order."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the pipeline; `state` is done, now, failed or waiting."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """What changes of an episode while one looks at the list. `state` is a word for people, `kind` the one
    for styles; `line` says what is being done, `reason` why it failed; `people` who works on it."""

    state: str
    kind: str
    line: str
    percent: int
    steps: tuple[StepView, ...]
    reason: str
    can_retry: bool
    can_cancel: bool
    people: str


@dataclass(frozen=True, slots=True)
class RowView:
    """An episode in the list. `may_edit`: the visitor may change it."""

    slug: str
    title: str
    language: str
    programme: str
    date: str
    may_edit: bool
    live: RowUpdate


@dataclass(frozen=True, slots=True)
class CheckView:
    """A line of the check list; `mend` is the address that mends it, with what it is called there."""

    name: str
    met: bool
    blocking: bool
    mend: str
    mend_name: str


@dataclass(frozen=True, slots=True)
class FactConflict:
    """A fact that two people wrote differently."""

    name: str
    mine: str
    theirs: str


def state_names(language: Language) -> dict[EpisodeState, str]:
    """The states as people call them."""
    say = language.say
    return {
        EpisodeState.PROCESSING: say("Đang xử lý"),
        EpisodeState.REVIEW: say("Chờ duyệt"),
        EpisodeState.PUBLISHED: say("Đã đăng"),
        EpisodeState.WITHDRAWN: say("Đã gỡ"),
        EpisodeState.SCHEDULED: say("Sắp phát"),
        EpisodeState.LIVE: say("Đang phát trực tiếp"),
    }


def state_word(episode: Episode, job: Job | None, language: Language, zone: ZoneInfo) -> str:
    """Where an episode stands: an unfinished one that nothing works on is a draft."""
    if episode.publish_at is not None:
        return language.say("Hẹn đăng %(time)s", time=local_time(episode.publish_at, zone, language))
    if episode.state is EpisodeState.PROCESSING and (job is None or job.state in ENDED):
        return language.say("Bản nháp")
    return state_names(language)[episode.state]


def local_time(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """A time of UTC as people in `zone` say it: “19:00 ngày 30/11/2026”."""
    there = moment.replace(tzinfo=UTC).astimezone(zone)
    return language.say("%(time)s ngày %(day)s", time=f"{there:%H:%M}", day=language.date(there.date()))


def present_live(
    episode: Episode, job: Job | None, people: Sequence[Present], language: Language, zone: ZoneInfo
) -> RowUpdate:
    """Return the view of what changes of an episode."""
    shown = present_progress(job, language) if job else None
    failed = job is not None and job.state is JobState.FAILED
    busy = job is not None and job.state not in ENDED
    line = f"{shown.step}, {shown.left}" if shown and shown.left else shown.step if shown and busy else ""
    return RowUpdate(
        state=state_word(episode, job, language, zone),
        kind="planned" if episode.publish_at else episode.state.value,
        line=line,
        percent=shown.percent if shown else 0,
        steps=_steps(job, language) if busy or failed else (),
        reason=_reason(job, language) if failed and job else "",
        can_retry=job is not None and job.state in (JobState.FAILED, JobState.CANCELLED),
        can_cancel=busy,
        people=_people(people, language),
    )


def _steps(job: Job | None, language: Language) -> tuple[StepView, ...]:
    if job is None or job.step_count != len(STEP_TITLES):
        return ()
    now = "failed" if job.state is JobState.FAILED else "now"
    return tuple(
        StepView(
            step_name(title, language),
            "done" if number < job.step_number else now if number == job.step_number else "waiting",
        )
        for number, title in enumerate(STEP_TITLES, 1)
    )


def _reason(job: Job, language: Language) -> str:
    where = step_name(job.step, language) if job.step else language.say("đang xử lý")
    return language.say(
        "Bước “%(step)s” chưa làm được. %(reason)s Phần đã xong vẫn còn; bấm làm lại để làm tiếp từ đó.",
        step=where,
        reason=language.error(job.error) if job.error else "?",
    )


def _people(people: Sequence[Present], language: Language) -> str:
    places = {
        "facts": language.say("thông tin"),
        "timeline": language.say("dòng thời gian"),
        "transcript": language.say("lời thoại"),
    }
    found = dict.fromkeys(f"{each.name} ({places.get(each.what, each.what)})" for each in people)
    return ", ".join(found)


def present_checks(
    checks: Sequence[PublishingCheck], episode: Episode, language: Language
) -> list[CheckView]:
    """Return the check list in words, each with where to mend it."""
    say, here = language.say, f"/studio/episodes/{episode.slug}"
    words = {
        Need.TITLE: (say("Có tiêu đề"), "#title", say("Điền tiêu đề")),
        Need.DATE: (say("Ngày phát không ở tương lai"), "#date", say("Sửa ngày")),
        Need.PLAYABLE: (say("Phát được"), "/studio", say("Xem tiến độ")),
        Need.ANSWER: (
            say("Có ít nhất một câu trả lời đã duyệt"),
            f"{here}/timeline",
            say("Mở dòng thời gian"),
        ),
        Need.TOPICS: (say("Có chủ đề"), "#topics", say("Chọn chủ đề")),
        Need.CAPTIONS: (
            say("Đã đọc phụ đề bản mới nhất"),
            f"{here}/transcript",
            say("Mở lời thoại"),
        ),
        Need.SUGGESTIONS: (
            say("Không còn gợi ý của máy chờ duyệt"),
            f"{here}/timeline",
            say("Duyệt gợi ý"),
        ),
    }
    return [
        CheckView(words[c.need][0], c.met, c.blocking, words[c.need][1], words[c.need][2]) for c in checks
    ]


def fact_names(language: Language) -> dict[str, str]:
    """The facts as the form calls them."""
    say = language.say
    return {
        "title": say("Tiêu đề"),
        "date": say("Ngày phát"),
        "programme": say("Chương trình"),
        "language": say("Ngôn ngữ"),
        "description": say("Giới thiệu"),
        "notice": say("Lưu ý"),
        "guests": say("Khách mời"),
        "topics": say("Chủ đề"),
        "slug": say("Địa chỉ"),
    }


def differences(mine: Facts, theirs: Facts, language: Language) -> list[FactConflict]:
    """The facts that differ, both versions as text."""
    names = fact_names(language)
    return [
        FactConflict(names[each.name], _text(ours, language), _text(others, language))
        for each in fields(Facts)
        if (ours := getattr(mine, each.name)) != (others := getattr(theirs, each.name))
    ]


def _text(value: object, language: Language) -> str:
    if isinstance(value, date):
        return language.date(value)
    if isinstance(value, tuple):
        return "\n".join(_guest(each) if isinstance(each, Guest) else str(each) for each in value) or "–"
    return str(value) or "–"


def _guest(guest: Guest) -> str:
    return ", ".join(filter(None, (guest.name, guest.role, guest.organisation)))


def present_row(
    episode: Episode, programme: Programme | None, live: RowUpdate, language: Language, may_edit: bool
) -> RowView:
    """Return the view of an episode in the list."""
    return RowView(
        slug=episode.slug,
        title=episode.title,
        language=episode.language,
        programme=programme.title if programme else episode.programme,
        date=language.date(episode.date),
        may_edit=may_edit,
        live=live,
    )
