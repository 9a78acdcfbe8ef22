from __future__ import annotations

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.archive.editing import EpisodeChanged
from media.archive.episodes import Episode
from media.errors import ArchiveError, InvalidInput, Message, NotFound, Unavailable, Withdrawn

NAMES = st.sampled_from(["name", "place", "id", "self", "message", "values", "lý_do"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
MESSAGES = st.recursive(
    st.builds(lambda text: Message(text.replace("%", "")), TEXTS),
    lambda inner: st.builds(
        lambda text, values: Message(
            text.replace("%", "") + "".join(f" %({name})s" for name in values), **values
        ),
        TEXTS,
        st.dictionaries(NAMES, TEXTS | inner, max_size=3),
    ),
    max_leaves=4,
)


def test_values_are_filled_in() -> None:
    error = InvalidInput("The folder %(home)s is at %(full)s %%.", home="/srv", full=98)
    assert str(error) == "The folder /srv is at 98 %."
    assert error.message == Message("The folder %(home)s is at %(full)s %%.", home="/srv", full="98")


@pytest.mark.parametrize("text", ["At 98 % of %s.", "100%", "%(name)s", "%%", ""])
def test_without_values_a_sentence_stays_as_it_is(text: str) -> None:
    assert str(Message(text)) == str(InvalidInput(text)) == text


def test_an_error_within_another_stays_a_message() -> None:
    inner = Unavailable("The store %(place)s is away.", place="s3")
    outer = ArchiveError("Not copied: %(why)s", why=inner)
    assert outer.message.values == {"why": inner.message}
    assert str(outer) == "Not copied: The store s3 is away."


def test_a_message_is_handed_on() -> None:
    message = NotFound("There is no %(what)s.", what="topic").message
    assert Unavailable(message).message is message


@given(MESSAGES)
def test_messages_are_stored_and_read(message: Message) -> None:
    assert Message.loads(message.dumps()) == message


@given(
    TEXTS | st.sampled_from(['{"message": ', '{"message": 1}', '{"message": "a"}', '{"message": []}', "{}"])
)
def test_what_an_older_version_stored_is_its_own_sentence(text: str) -> None:
    assert str(Message.loads(text)) == text


def test_without_values_the_sentence_itself_is_stored() -> None:
    assert Message("The disk is full.").dumps() == "The disk is full."


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput("“%(name)s” at 5 %%.", name="x"),
        Withdrawn("“%(slug)s” was withdrawn: %(reason)s", "No.", slug="a", reason="No."),
        EpisodeChanged(Episode("a", "p", "A", date(2026, 1, 1))),
    ],
)
def test_errors_go_between_processes(error: ArchiveError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.__dict__) == (str(error), error.__dict__)
