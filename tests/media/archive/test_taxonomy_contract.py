"""What every store of topics, programmes and organisations promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.db.archive.taxonomy import SqlTaxonomy
from infra.db.outbox.audit import SqlAudit
from media.archive.episodes import Organisation, Programme, Topic
from media.archive.taxonomy import Subject
from media.errors import Conflict, InvalidInput, NotFound
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.segments import Segment, SegmentKind

PAY = Topic("tien-luong", "Tiền lương", "Wages", ("lương", "trả lương"))
BONUS = Topic("thuong", "Tiền thưởng", "Bonus", ("thưởng tết",))


@pytest.fixture
def stored(any_stores: Stores) -> Stores:
    return any_stores


@pytest.fixture
def taxonomy(stored: Stores) -> SqlTaxonomy:
    assert stored.database is not None
    return SqlTaxonomy(stored.database)


def test_a_topic_is_added_and_changed(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    taxonomy.save_topic(replace(PAY, name_vi="  Tiền\x00 lương ", synonyms=("lương", "lương", " ")), None)
    assert stored.catalogue.topics() == [replace(PAY, synonyms=("lương",))]
    taxonomy.save_topic(PAY, stored.catalogue.topics()[0])
    assert stored.catalogue.topics() == [PAY]


def test_what_somebody_else_changed_is_not_overwritten(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    taxonomy.save_topic(PAY, None)
    taxonomy.save_topic(replace(PAY, name_en="Pay"), PAY)
    with pytest.raises(Conflict):
        taxonomy.save_topic(replace(PAY, name_en="Salary"), PAY)
    with pytest.raises(Conflict):
        taxonomy.save_topic(PAY, None)
    assert stored.catalogue.topics()[0].name_en == "Pay"
    taxonomy.save_organisation(Organisation("bien-hoa", "Công đoàn Biên Hoà"), None)
    with pytest.raises(Conflict):
        taxonomy.save_organisation(Organisation("bien-hoa", "Khác"), Organisation("bien-hoa", "Cũ"))


@pytest.mark.parametrize(
    "topic",
    [
        replace(PAY, name_vi=" "),
        replace(PAY, name_en="x" * 201),
        replace(PAY, slug="Tiền lương"),
        replace(PAY, slug=""),
        replace(PAY, synonyms=tuple(f"từ {n}" for n in range(41))),
        replace(PAY, synonyms=("x" * 101,)),
    ],
)
def test_bad_topics_are_refused(stored: Stores, taxonomy: SqlTaxonomy, topic: Topic) -> None:
    with pytest.raises(InvalidInput):
        taxonomy.save_topic(topic, None)
    assert stored.catalogue.topics() == []


def test_topics_stand_in_the_order_given(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    for topic in (PAY, BONUS, replace(PAY, slug="khac")):
        taxonomy.save_topic(topic, None)
    taxonomy.order_topics(["khac", "unknown", "khac", "thuong"], ["thuong", "unknown"])
    assert [(topic.slug, topic.featured) for topic in stored.catalogue.topics()] == [
        ("khac", False),
        ("thuong", True),
        ("tien-luong", False),
    ]


def test_merging_topics_moves_everything(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    for topic in (PAY, BONUS):
        taxonomy.save_topic(topic, None)
    both, one = stored.add("both", topics=("thuong", "tien-luong")), stored.add("one", topics=("thuong",))
    other = stored.add("other")
    answer = Segment(SegmentKind.ANSWER, 1.0, 9.0, "Thưởng?", topics=("tien-luong", "thuong"))
    save_segment(stored.transcripts, other.slug, answer)
    for episode, number in stored.changes.pending():
        stored.changes.settle(episode, number)
    assert taxonomy.merge_topics("thuong", "tien-luong") == 3
    merged = stored.catalogue.topics()
    assert [topic.slug for topic in merged if topic.slug != "thai-san"] == ["tien-luong"]
    kept = next(topic for topic in merged if topic.slug == "tien-luong")
    assert kept.synonyms == ("lương", "trả lương", "Tiền thưởng", "Bonus", "thưởng tết")
    assert stored.catalogue.episode(both.slug).topics == ("tien-luong",)
    assert stored.catalogue.episode(one.slug).topics == ("tien-luong",)
    assert stored.transcripts.segments(other.slug)[0].topics == ("tien-luong",)
    assert sorted(slug for slug, _ in stored.changes.pending()) == ["both", "one", "other"]
    assert taxonomy.moved(Subject.TOPIC, "thuong") == "tien-luong"
    assert taxonomy.moved(Subject.PROGRAMME, "thuong") is None


def test_addresses_lead_on_after_several_merges(taxonomy: SqlTaxonomy) -> None:
    for slug in ("a", "b", "c"):
        taxonomy.save_topic(replace(PAY, slug=slug), None)
    taxonomy.merge_topics("a", "b")
    taxonomy.merge_topics("b", "c")
    assert taxonomy.moved(Subject.TOPIC, "a") == taxonomy.moved(Subject.TOPIC, "b") == "c"
    with pytest.raises(InvalidInput):
        taxonomy.merge_topics("c", "c")
    for slug, into in (("c", "gone"), ("gone", "c")):
        with pytest.raises(NotFound):
            taxonomy.merge_topics(slug, into)


def test_merging_programmes_moves_their_episodes(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    episode = stored.add("one")
    taxonomy.save_programme(Programme("tu-van", "Tư vấn"), None)
    assert taxonomy.merge_programmes("dh", "tu-van") == 1
    assert stored.catalogue.episode(episode.slug).programme == "tu-van"
    assert [each.slug for each in stored.catalogue.programmes()] == ["tu-van"]
    assert taxonomy.moved(Subject.PROGRAMME, "dh") == "tu-van"


def test_a_programme_belongs_to_an_organisation_there_is(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    programme = Programme("tu-van", "Tư vấn", organisation="bien-hoa")
    with pytest.raises(NotFound):
        taxonomy.save_programme(programme, None)
    taxonomy.save_organisation(Organisation("bien-hoa", "Công đoàn Biên Hoà"), None)
    taxonomy.save_programme(programme, None)
    assert stored.catalogue.programme("tu-van") == programme
    assert taxonomy.organisations() == [Organisation("bien-hoa", "Công đoàn Biên Hoà")]


def test_changes_are_in_the_audit_log(stored: Stores, taxonomy: SqlTaxonomy) -> None:
    taxonomy.save_topic(PAY, None)
    taxonomy.save_topic(BONUS, None)
    taxonomy.merge_topics("thuong", "tien-luong")
    assert stored.database is not None
    entries = SqlAudit(stored.database).entries(action="topic.")
    assert [(e.action, e.subject) for e in entries] == [
        ("topic.merge", "thuong"),
        ("topic.save", "thuong"),
        ("topic.save", "tien-luong"),
    ]
