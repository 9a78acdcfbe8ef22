"""Who listens to the hub gets every event of their channels once and in order, whatever happens at the same time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import Unavailable
from tests.fakes.events_memory import MemoryEvents
from tests.waiting import PATIENCE_SECONDS, soon
from web.domain.events.events import Event
from web.domain.events.hub import Hub, Pace
from web.domain.events.listener import Listener

A, B = "public:a", "public:b"
QUICK = Pace(reading=0.001, beating=3600, counting=3600)


class SteppedHub(Hub):
    """Everything that takes time waits at a gate, before it happens and after, until the test opens it."""

    def __init__(self, log: MemoryEvents, pace: Pace) -> None:
        super().__init__(log, None, pace)
        self.gates: list[asyncio.Future[None]] = []

    async def _in(self, threads: object, do: Callable[..., Any], *args: object) -> Any:
        await self._gate()
        result = do(*args)
        await self._gate()
        return result

    async def _rest(self, seconds: float) -> None:
        await self._gate()

    async def _gate(self) -> None:
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gates.append(gate)
        await gate

    async def open_gate(self, number: int) -> None:
        waiting = [gate for gate in self.gates if not gate.done()]
        if waiting:
            waiting[number % len(waiting)].set_result(None)
        self.gates = [gate for gate in waiting if not gate.done()]
        await settle()


async def settle() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


@dataclass
class Browser:
    """Follows channels as a browser does: keeps the last id, comes back with it, loads again when told to."""

    hub: Hub
    channels: tuple[str, ...]
    last: int
    since: int = 0
    got: list[int] = field(default_factory=list)
    listener: Listener | None = None
    joining: asyncio.Task[Listener] | None = None

    def __post_init__(self) -> None:
        self.since = self.last

    def join(self) -> None:
        if self.listener is None and self.joining is None:
            self.joining = asyncio.create_task(self.hub.listen(self.channels, self.last))

    async def read(self) -> None:
        if self.joining is not None and self.joining.done():
            self.listener, self.joining = self.joining.result(), None
        if self.listener is not None and (self.listener._waiting or self.listener.ended):
            content = await self.listener.next()
            if content is None:
                self.cut()
            else:
                self._take(content.decode())

    def cut(self) -> None:
        if self.listener is not None:
            self.hub.leave(self.listener)
            self.listener = None

    def _take(self, text: str) -> None:
        for number, kind in re.findall(r"id: (\d+)\nevent: (\w+)\n", text):
            self.last = int(number)
            if kind == "reload":
                self.since, self.got = self.last, []
            else:
                self.got.append(self.last)


ACTIONS = st.one_of(
    st.tuples(st.just("tell"), st.sampled_from([A, A, B])),
    st.tuples(st.just("step"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["join", "read", "cut"]), st.integers(0, 2)),
    st.tuples(st.just("sweep"), st.integers(1, 6)),
)


@pytest.mark.slow
@given(
    before=st.integers(0, 4),
    starts=st.lists(st.integers(0, 6), min_size=3, max_size=3),
    actions=st.lists(ACTIONS, min_size=5, max_size=60),
    recent=st.sampled_from([0, 2, 100]),
    behind=st.sampled_from([150, 100_000]),
)
def test_every_event_once_in_order(
    before: int, starts: list[int], actions: list[tuple[str, Any]], recent: int, behind: int
) -> None:
    asyncio.run(_scenario(before, starts, actions, Pace(recent=recent, behind=behind, beating=3600)))


async def _scenario(before: int, starts: list[int], actions: list[tuple[str, Any]], pace: Pace) -> None:
    log = MemoryEvents()
    hub = SteppedHub(log, pace)
    told = [(log.tell(A, "x", n=number), A) for number in range(before)]
    wanted = [(A,), (A, B), (A,)]  # two share a group, one has two channels
    browsers = [Browser(hub, channels, start) for channels, start in zip(wanted, starts, strict=True)]
    for action, value in actions:
        if action == "tell":
            told.append((log.tell(value, "x", n=len(told)), value))
        elif action == "sweep":
            log.sweep(value)
        elif action == "step":
            await hub.open_gate(value)
        elif action == "read":
            await browsers[value].read()
        else:
            getattr(browsers[value], action)()
        await settle()
    for _ in range(60):  # and then all comes to rest
        for each in browsers:
            each.join()
            await each.read()
        for number in range(4):
            await hub.open_gate(number)
    for each in browsers:
        assert each.got == [
            number for number, channel in told if number > each.since and channel in each.channels
        ]
        each.cut()
    assert hub.streams == 0
    for _ in range(4):
        await hub.open_gate(0)
    assert hub._reader is None, "nobody listens: nothing is read"


async def _texts(listener: Listener, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        content = await asyncio.wait_for(listener.next(), PATIENCE_SECONDS)
        assert content is not None
        found += re.findall(r"event: (\w+)", content.decode())
    return found


def test_an_event_is_encoded_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from web.domain.events import hub as module

    made: list[int] = []
    plain = module.frame
    monkeypatch.setattr(module, "frame", lambda event: made.append(event.id) or plain(event))  # type: ignore[func-returns-value]

    async def scenario() -> None:
        log = MemoryEvents()
        hub = Hub(log, None, QUICK)
        listeners = [await hub.listen((A,)) for _ in range(50)]
        log.tell(A, "votes", id="q", votes=2)
        for each in listeners:
            assert await _texts(each, 1) == ["votes"]
            hub.leave(each)

    asyncio.run(scenario())
    assert made == [1]


def test_limits_and_the_end() -> None:
    async def scenario() -> None:
        hub = Hub(MemoryEvents(), None, Pace(reading=0.001, streams=3, of_address=2))
        first, second = await hub.listen((A,), address="x"), await hub.listen((A,), address="x")
        with pytest.raises(Unavailable):
            await hub.listen((A,), address="x")
        third = await hub.listen((A,), address="y")
        with pytest.raises(Unavailable):
            await hub.listen((A,), address="z")
        hub.leave(first, "x")
        first = await hub.listen((A,), address="x")
        waiting = asyncio.create_task(second.next())
        await asyncio.sleep(0)
        hub.close()
        assert await waiting is None, "a stream that waits is told of the end"
        with pytest.raises(Unavailable):
            await hub.listen((A,))
        for each, address in ((first, "x"), (second, "x"), (third, "y")):
            hub.leave(each, address)
        assert not hub._addresses, "no address is kept"

    asyncio.run(scenario())


def test_who_comes_while_it_stops_is_told() -> None:
    async def scenario() -> None:
        hub = Hub(MemoryEvents(), None, QUICK)
        coming = asyncio.create_task(hub.listen((A,)))
        await asyncio.sleep(0)
        assert hub.streams == 1 and not coming.done(), "it waits for the log to be read"
        hub.close()
        with pytest.raises(Unavailable):
            await coming
        assert hub.streams == 0

    asyncio.run(scenario())


def test_too_much_missed_is_loaded_again() -> None:
    async def scenario() -> None:
        log = MemoryEvents()
        for number in range(5):
            log.tell(A, "votes", id="q", votes=number)
        hub = Hub(log, None, Pace(reading=0.001, missed=3))
        many, restored, few = (
            await hub.listen((A,), 1),
            await hub.listen((A,), 900),
            await hub.listen((A,), 3),
        )
        assert await _texts(many, 1) == await _texts(restored, 1) == ["reload"]
        assert await _texts(few, 2) == ["votes", "votes"]
        assert hub.poll((A,), 1) == ([Event(5, "", "reload")], 5)
        assert [each.id for each in hub.poll((A,), 3)[0]] == [4, 5] and hub.poll((A,), None) == ([], 5)
        log.tell(A, "gone", id="q", into=None)
        for each in (many, restored, few):
            assert await _texts(each, 1) == ["gone"]
            hub.leave(each)

    asyncio.run(scenario())


def test_who_reads_too_slowly_is_dropped_and_the_others_are_not() -> None:
    async def scenario() -> None:
        log, stuck = MemoryEvents(), []
        hub = Hub(log, None, Pace(reading=0.001, behind=2000))
        slow, quick = await hub.listen((A,)), await hub.listen((A,))
        slow.dropped = lambda: stuck.append(True)
        for _ in range(30):
            log.tell(A, "cue", text="x" * 100)
            assert await _texts(quick, 1) == ["cue"]
        assert stuck == [True] and slow.too_slow and await slow.next() is None
        hub.leave(slow)
        hub.leave(quick)

    asyncio.run(scenario())


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        log = MemoryEvents()
        hub = Hub(log, None, QUICK)
        real, failures = log.after, [Unavailable("away")] * 2

        def after(*args: Any) -> Any:
            if failures:
                raise failures.pop()
            return real(*args)

        async def no_rest(seconds: float) -> None:
            await asyncio.sleep(0.001)

        monkeypatch.setattr(log, "after", after)
        monkeypatch.setattr(hub, "_rest", no_rest)
        listener = await hub.listen((A,))
        log.tell(A, "votes", id="q", votes=2)
        assert await _texts(listener, 1) == ["votes"] and not failures
        hub.leave(listener)

    asyncio.run(scenario())


def test_viewers_are_counted_by_episode() -> None:
    class Counted:
        def __init__(self) -> None:
            self.counts: list[dict[str, int]] = []

        def report(self, process: str, counts: dict[str, int]) -> None:
            self.counts.append({k: v for k, v in counts.items() if v})

    async def scenario() -> None:
        viewers = Counted()
        hub = Hub(MemoryEvents(), viewers, Pace(reading=0.001, counting=0.02))  # type: ignore[arg-type]
        seeing = [await hub.listen((A,), viewer_of="a") for _ in range(3)]
        desk = await hub.listen(("desk:a", A))
        await soon(lambda: {"a": 3} in viewers.counts, "three viewers are reported")
        for each in seeing:
            hub.leave(each)
        await soon(lambda: viewers.counts[-1] == {}, "it is reported that they left")
        hub.leave(desk)

    asyncio.run(scenario())
