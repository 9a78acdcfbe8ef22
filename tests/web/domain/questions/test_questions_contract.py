"""The contracts of `Questions` and `Contacts`, over the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from infra.db.base.clock import now
from infra.db.outbox.events import SqlEvents
from infra.db.questions.contacts import SqlContacts
from infra.db.questions.question_rows import answer_address, read_question, tell_question
from infra.db.questions.questions import SqlQuestions
from infra.db.tables.companion import blocked_devices, question_contacts, questions
from media.archive.episodes import EpisodeState
from media.errors import Conflict, Forbidden, NotFound
from tests.fakes.questions_memory import Kept, MemoryContacts, MemoryQuestions
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind
from web.domain.events.events import Event
from web.domain.questions.contacts import Contacts
from web.domain.questions.public_view import public_view
from web.domain.questions.questions import (
    Hold,
    NewQuestion,
    Questions,
    QuestionState,
    ReceiptTaken,
)

TEXT = "Nghỉ sinh được mấy tháng?"


@dataclass
class Asking:
    """The stores, and what the board's would change."""

    questions: Questions
    contacts: Contacts
    events: Callable[[], list[Event]]
    change: Callable[..., None]
    block: Callable[[str], None]
    age: Callable[[str, timedelta], None]

    def told(self, channel: str = "public:thang-ba") -> list[tuple[str, dict[str, object]]]:
        return [(each.kind, each.data) for each in self.events() if each.channel == channel]


def _sql(stores: Stores) -> Asking:
    database = stores.database
    assert database

    def change(id: str, **values: object) -> None:
        with database.write() as c:
            c.execute(questions.update().where(questions.c.id == id).values(**values))

    def block(device: str) -> None:
        row = {"device": device, "until": now() + timedelta(days=1), "actor": "lan"}
        with database.write() as c:
            c.execute(blocked_devices.insert().values(**row))

    def age(question: str, by: timedelta) -> None:
        row = question_contacts.c.question == question
        values = {"created_at": now() - by, "claimed_until": now() - by}
        with database.write() as c:
            c.execute(question_contacts.update().where(row).values(**values))

    return Asking(
        SqlQuestions(database),
        SqlContacts(database),
        partial(SqlEvents(database).after, 0),
        change,
        block,
        age,
    )


def _memory(stores: Stores) -> Asking:
    kept = Kept()

    def change(id: str, **values: object) -> None:
        kept.questions[id] = replace(kept.questions[id], **values)  # type: ignore[arg-type]

    def age(question: str, by: timedelta) -> None:
        for key, (sealed, at) in kept.contacts.items():
            if key[0] == question:
                kept.contacts[key] = sealed, at - by
                kept.claimed.pop(key, None)

    def block(device: str) -> None:
        kept.blocked[device] = now() + timedelta(days=1)

    asked = MemoryQuestions(stores.catalogue, kept, stores.transcripts)
    return Asking(asked, MemoryContacts(kept), lambda: kept.events, change, block, age)


@pytest.fixture
def asking(stores: Stores) -> Asking:
    stores.add()
    return _memory(stores) if stores.database is None else _sql(stores)


def new(text: str = TEXT, **values: object) -> NewQuestion:
    fields = {"episode": "thang-ba", "original": text, "shown": text, "receipt": "r", "device": "d"}
    fields |= {"receipt": f"receipt of {text}", "voter": "v"}
    return NewQuestion(**fields | values)  # type: ignore[arg-type]


def test_a_question_is_kept_and_told(asking: Asking) -> None:
    given = new("Gọi 0912345678 nhé", shown="Gọi … nhé", name="Lan", workplace="Tổ 3", topics=("a",))
    asked = asking.questions.ask(replace(given, id="f" * 32))
    assert asked == asking.questions.question("f" * 32) == asking.questions.by_receipt(given.receipt)
    assert (asked.original, asked.shown, asked.votes, asked.version) == (given.original, given.shown, 1, 1)
    assert asked.state is QuestionState.INCOMING and asked.topics == ("a",) and asked.public
    view = {"id": asked.id, "episode": "thang-ba", "shown": "Gọi … nhé", "name": "Lan", "workplace": "Tổ 3"}
    assert asking.told() == [("question", view | {"state": "incoming", "votes": 1, "answer": ""})]
    assert asking.told("desk:thang-ba") == [("question", {"id": asked.id})]
    for missing in (asking.questions.question, asking.questions.by_receipt):
        with pytest.raises(NotFound):
            missing("nothing")


def test_a_question_to_the_archive_needs_no_episode(asking: Asking) -> None:
    asked = asking.questions.ask(new(episode=None))
    assert asking.questions.of_episode(None, public_only=True) == [asked]
    assert asking.questions.of_episode("thang-ba", public_only=False) == []
    assert [kind for kind, _ in asking.told("public:")] == ["question"]


def test_the_same_again_is_the_same_question(asking: Asking) -> None:
    first = asking.questions.ask(new())
    again = asking.questions.ask(new(f" {TEXT.upper()} ", receipt="other", voter="x"))
    assert again == first
    assert asking.questions.by_receipt("other").id == first.id
    with pytest.raises(NotFound):
        asking.questions.by_receipt(f"receipt of {TEXT}")
    assert len(asking.told()) == 1
    others = [new(receipt="2", device="e"), new(receipt="3", episode=None), new(receipt="4", device="")]
    assert len({asking.questions.ask(each).id for each in others} | {first.id}) == 4
    comments = [new(receipt=str(n), source="youtube", source_key="abc") for n in (5, 6)]
    assert len({asking.questions.ask(each).id for each in comments}) == 1


def test_a_receipt_belongs_to_one_question(asking: Asking) -> None:
    asking.questions.ask(new(receipt="one"))
    with pytest.raises(ReceiptTaken):
        asking.questions.ask(new("Khác", receipt="one"))
    assert len(asking.questions.of_episode("thang-ba", public_only=False)) == 1


def test_who_may_not_ask(asking: Asking) -> None:
    with pytest.raises(NotFound):
        asking.questions.ask(new(episode="nowhere"))
    asking.block("d")
    with pytest.raises(Forbidden):
        asking.questions.ask(new())
    seen = asking.questions.companion("thang-ba")
    assert (seen.open, seen.hold, seen.version) == (True, Hold.SUSPICIOUS, 1)
    closed = asking.questions.save_companion(replace(seen, open=False, hold=Hold.ALL))
    assert (
        closed
        == asking.questions.companion("thang-ba")
        == replace(seen, open=False, hold=Hold.ALL, version=2)
    )
    with pytest.raises(Conflict):
        asking.questions.save_companion(seen)
    with pytest.raises(Conflict):
        asking.questions.ask(new(device="e"))
    assert asking.told("desk:thang-ba") == [("companion", {"open": False, "hold": "all", "version": 2})]
    assert asking.questions.ask(new(device="e", episode=None))


def test_a_voter_counts_once_and_may_take_it_back(asking: Asking) -> None:
    asked = asking.questions.ask(new())
    votes = asking.questions
    assert [votes.vote(asked.id, voter) for voter in ("v", "w", "w", "x")] == [1, 2, 2, 3]
    assert votes.voted({asked.id: "w", "nothing": "w"}) == {asked.id}
    assert votes.voted({asked.id: "y"}) == votes.voted({}) == set()
    assert [votes.unvote(asked.id, voter) for voter in ("w", "w", "y")] == [2, 2, 2]
    assert votes.voted({asked.id: "w"}) == set()
    assert asking.questions.question(asked.id).votes == 2
    assert [data["votes"] for kind, data in asking.told() if kind == "votes"] == [2, 3, 2]
    with pytest.raises(NotFound):
        votes.vote("nothing", "v")


def test_votes_go_to_what_stands_for_it(asking: Asking) -> None:
    first = asking.questions.ask(new())
    second = asking.questions.ask(new("Nghỉ thai sản bao lâu?", device="e", voter="w"))
    asking.change(second.id, merged_into=first.id)
    votes = asking.questions
    assert votes.vote(second.id, "w") == 1  # counted already: recounted at the merge, which is the board's
    assert votes.vote(second.id, "x") == 3
    assert votes.vote(first.id, "x") == 3
    assert votes.voted({first.id: "w", second.id: "w"}) == {second.id}
    assert votes.merged([first.id, second.id]) == {first.id: [second.id]}
    assert votes.unvote(first.id, "w") == 2
    assert [each.id for each in asking.questions.of_episode("thang-ba", public_only=False)] == [first.id]
    assert asking.questions.by_receipt("receipt of Nghỉ thai sản bao lâu?").id == second.id


def test_what_is_held_or_refused_is_nobodys(asking: Asking) -> None:
    held = asking.questions.ask(new(held=True))
    shown = asking.questions.ask(new("Lương tối thiểu?", device="e"))
    refused = asking.questions.ask(new("Bán hàng", device="f"))
    asking.change(refused.id, state=QuestionState.REFUSED)
    assert asking.questions.of_episode("thang-ba", public_only=True) == [shown]
    assert len(asking.questions.of_episode("thang-ba", public_only=False)) == 3
    for each in (held, refused):
        with pytest.raises(NotFound):
            asking.questions.vote(each.id, "x")
    assert held.id not in str(asking.told())
    assert ("question", {"id": held.id}) in asking.told("desk:thang-ba")


def test_most_votes_stand_first(asking: Asking) -> None:
    ids = [asking.questions.ask(new(f"Câu {n}", device=str(n))).id for n in range(3)]
    asking.questions.vote(ids[1], "x")
    found = asking.questions.of_episode("thang-ba", public_only=True)
    assert [each.id for each in found] == [ids[1], ids[0], ids[2]]


def test_at_once(asking: Asking) -> None:
    def ask(number: int) -> str:
        return asking.questions.ask(new(receipt=f"r{number}")).id

    def vote(number: int) -> int:
        return asking.questions.vote(asked, f"voter {number % 10}")

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(ask, range(16)))
        asked = ids.pop()
        votes = list(pool.map(vote, range(20)))
    assert not ids
    assert asking.questions.question(asked).votes == max(votes) == 11
    assert len(asking.told()) == 1 + 10


def test_contacts_are_kept_apart_and_forgotten(asking: Asking) -> None:
    first = asking.questions.ask(new(contacts=(("email", b"1"), ("phone", b"2"))))
    second = asking.questions.ask(new("Khác", device="e"))
    contacts = asking.contacts
    contacts.add(second.id, "push", b"3")
    contacts.add(second.id, "push", b"4")
    asking.change(second.id, merged_into=first.id)
    assert sorted(contacts.of(first.id)) == [("email", b"1"), ("phone", b"2"), ("push", b"4")]
    assert contacts.kinds(first.id) == ["email", "phone"]
    contacts.forget(first.id, "phone")
    contacts.forget(first.id, "phone")
    assert contacts.kinds(first.id) == ["email"]
    contacts.forget(first.id)
    assert contacts.of(first.id) == [("push", b"4")]
    with pytest.raises(NotFound):
        contacts.add("nothing", "push", b"")


def test_contacts_are_told_once(asking: Asking) -> None:
    first = asking.questions.ask(new(contacts=(("email", b"1"),)))
    second = asking.questions.ask(new("Khác", device="e", contacts=(("push", b"2"), ("phone", b"3"))))
    asking.change(second.id, merged_into=first.id)
    contacts, kinds = asking.contacts, ("email", "push")
    assert contacts.answered(kinds) == []
    asking.change(first.id, state=QuestionState.ANSWERED)
    told = contacts.answered(kinds)
    assert [(each.asked, each.kind, each.sealed) for each in told] == [
        (first.id, "email", b"1"),
        (second.id, "push", b"2"),
    ]
    assert [each.question.id for each in told] == [first.id] * 2
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: contacts.claim(first.id, "email", 60), range(4)))
    assert sorted(claims) == [False, False, False, True]
    assert [each.kind for each in contacts.answered(kinds)] == ["push"]
    assert not contacts.claim(first.id, "phone", 60)
    asking.age(first.id, timedelta(hours=1))
    assert len(contacts.answered(kinds)) == 2


def test_old_contacts_are_swept(asking: Asking) -> None:
    old = asking.questions.ask(new(contacts=(("email", b"1"),)))
    asking.questions.ask(new("Khác", device="e", contacts=(("email", b"2"),)))
    asking.age(old.id, timedelta(days=91))
    assert asking.contacts.sweep(timedelta(days=90)) == 1
    assert asking.contacts.kinds(old.id) == []


def test_an_answer_is_told_once_it_is_public(any_stores: Stores) -> None:
    any_stores.add()
    asking, database = _sql(any_stores), any_stores.database
    assert database
    answer = Segment(SegmentKind.ANSWER, 60, 90, TEXT, TEXT)
    segment = save_segment(any_stores.transcripts, "thang-ba", answer)
    asked = asking.questions.ask(new())
    asking.change(asked.id, segment=segment.id, state=QuestionState.ANSWERED)
    for state, address in ((None, ""), (EpisodeState.PUBLISHED, "/episodes/thang-ba?t=60&until=90")):
        if state is not None:
            any_stores.catalogue.set_state("thang-ba", state)
        with database.write() as c:
            answered = read_question(c, asked.id)
            assert answer_address(c, answered.segment) == address
            tell_question(c, asked, answered)
        assert asking.told()[-1][1] == asdict(public_view(answered, address))
