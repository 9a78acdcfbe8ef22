from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from media.archive.episodes import Episode, EpisodeState
from media.archive.publishing import FOLLOWERS, Material, Need, check_follows, check_list, ready
from media.errors import Conflict

TODAY = date(2026, 11, 22)
EPISODE = Episode("a", "dh", "Số tháng Mười", date(2026, 10, 4), topics=("thai-san",), captions_read=3)
WHOLE = Material(playable=True, confirmed=2, suggested=0, transcript=3)


def unmet(episode: Episode, material: Material) -> set[Need]:
    return {check.need for check in check_list(episode, material, TODAY) if not check.met}


def test_an_episode_with_everything_is_ready() -> None:
    assert unmet(EPISODE, WHOLE) == set()
    assert ready(check_list(EPISODE, WHOLE, TODAY))


@pytest.mark.parametrize(
    ("episode", "material", "need", "blocks"),
    [
        (replace(EPISODE, title=" "), WHOLE, Need.TITLE, True),
        (replace(EPISODE, date=date(2026, 11, 23)), WHOLE, Need.DATE, True),
        (EPISODE, replace(WHOLE, playable=False), Need.PLAYABLE, True),
        (EPISODE, replace(WHOLE, confirmed=0), Need.ANSWER, True),
        (replace(EPISODE, topics=()), WHOLE, Need.TOPICS, False),
        (EPISODE, replace(WHOLE, transcript=4), Need.CAPTIONS, False),
        (replace(EPISODE, captions_read=0), replace(WHOLE, transcript=0), Need.CAPTIONS, False),
        (EPISODE, replace(WHOLE, suggested=1), Need.SUGGESTIONS, False),
    ],
)
def test_each_need(episode: Episode, material: Material, need: Need, blocks: bool) -> None:
    assert unmet(episode, material) == {need}
    assert ready(check_list(episode, material, TODAY)) is not blocks


def test_what_may_follow_what() -> None:
    assert FOLLOWERS.keys() == set(EpisodeState)
    allowed = {(a, b) for a in EpisodeState for b in EpisodeState if b in FOLLOWERS[a]}
    assert allowed == {
        (EpisodeState.PROCESSING, EpisodeState.PUBLISHED),
        (EpisodeState.REVIEW, EpisodeState.PUBLISHED),
        (EpisodeState.WITHDRAWN, EpisodeState.PUBLISHED),
        (EpisodeState.PUBLISHED, EpisodeState.WITHDRAWN),
    }
    with pytest.raises(Conflict):
        check_follows(EpisodeState.PUBLISHED, EpisodeState.PUBLISHED)
