"""Names, values and expressions as Meilisearch is given them."""

from __future__ import annotations

import pytest

from media.errors import InvalidInput
from search.meilisearch.filters import NOTHING, coded, decoded, heavy, least
from search.meilisearch.settings import is_of, place_of, uid_of


def holds(expression: str, values: dict[str, bool]) -> bool:
    """What the expression says of a passage; its conditions are `name IN ["x"]`."""
    for old, new in ((NOTHING, "False"), (' IN ["x"]', ""), (" AND ", " and "), (" OR ", " or ")):
        expression = expression.replace(old, new)
    return bool(eval(expression, {}, values))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:7700", ("http://127.0.0.1:7700", "tualai")),
        ("http://127.0.0.1:7700/", ("http://127.0.0.1:7700", "tualai")),
        ("meilisearch://host:7700/mot-hai", ("http://host:7700", "mot-hai")),
        ("https://host/meili/cong-doan", ("https://host/meili", "cong-doan")),
    ],
)
def test_an_url_names_a_server_and_an_archive(url: str, place: tuple[str, str]) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url", ["http:///x", "http://h/a--b", "http://h/a b", "http://h/%2e%2e", "http://h/đ"]
)
def test_an_url_that_names_none_is_told(url: str) -> None:
    with pytest.raises(InvalidInput, match="http://host:7700/name"):
        place_of(url)


def test_archives_know_their_own_indexes() -> None:
    assert is_of("mot", uid_of("mot"))
    assert is_of("mot", f"{uid_of('mot')}--next")
    assert not is_of("mot", uid_of("mot-hai"))
    assert not is_of("mot", "mot")


@pytest.mark.parametrize(
    "value", ["Công đoàn Khu", 'a" OR b = "', "İ_^{x}", "\ud800\x00", "ﬁ FI fi", "ĐÀ đà", ""]
)
def test_values_are_coded_and_come_back(value: str) -> None:
    assert decoded(coded(value)) == value
    assert not set("\"\\()[]='") & set(coded(value))


def test_values_that_differ_differ_when_case_and_forms_do_not_count() -> None:
    values = ["ban", "Ban", "bàn", "BÀN", "ﬁ", "fi", "ban ", " ban", "²", "2", "đ", "d"]
    assert len({coded(value).strip().casefold() for value in values}) == len(values)


@pytest.mark.parametrize(("count", "size"), [(0, 3), (1, 3), (2, 2), (2, 5), (2, 10), (3, 5), (4, 3)])
def test_least_is_true_of_so_many(count: int, size: int) -> None:
    names = [f"t{n}" for n in range(size)]
    expression = least(count, [f'{name} IN ["x"]' for name in names])
    for number in range(2**size):
        values = {name: bool(number >> n & 1) for n, name in enumerate(names)}
        assert holds(expression, values) == (sum(values.values()) >= max(1, count))


@pytest.mark.parametrize("weights", [(1, 2, 3), (3, 1, 1, 2), (1, 1, 1, 1, 1), (3, 3, 2, 2, 1, 1, 1)])
def test_heavy_is_true_of_enough_weight(weights: tuple[int, ...]) -> None:
    parts = [(weight, f't{n} IN ["x"]') for n, weight in enumerate(weights)]
    for need in range(1, sum(weights) + 2):
        expression = heavy(need, parts)
        for number in range(2 ** len(weights)):
            has = [bool(number >> n & 1) for n in range(len(weights))]
            weight = sum(w for w, there in zip(weights, has, strict=True) if there)
            assert holds(expression, {f"t{n}": there for n, there in enumerate(has)}) == (weight >= need)
