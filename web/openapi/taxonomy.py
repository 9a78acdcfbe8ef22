"""The API's description: topics, programmes, organisations, the lexicon. Pure."""

from __future__ import annotations

from search.synonyms.entries import EntryKind
from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    FLAG,
    LANGUAGE,
    MOMENT,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    list_of,
    one_of,
    path,
    placed,
    record,
    ref,
    said,
    sent,
)
from web.studio.taxonomy.synonym_api import CHANGES_AT_ONCE

_SEE, _KEEP = Action.SEE_STUDIO, Action.KEEP_TOPICS
_SLUG = [placed("slug")]
_NEW_SLUG = said(TEXT, "its address; made from the name without one")
_TOPIC = {
    "name_vi": TEXT,
    "name_en": TEXT,
    "synonyms": list_of(TEXT),
    "featured": said(FLAG, "on the home page"),
}
_PROGRAMME = {
    "title": TEXT,
    "language": one_of("vi", "en"),
    "description": TEXT,
    "organisation": said(TEXT, "whose it is; empty: the archive's own"),
}
_MOVED: Schema = {"308": {"description": "Merged into another one; Location has its address"}}
_ENTRY = sent(
    ["kind", "said", "meant"],
    kind=one_of(*(each.value for each in EntryKind)),
    said=TEXT,
    meant=TEXT,
    note=TEXT,
)
_ENTRIES: Schema = {"type": "array", "maxItems": CHANGES_AT_ONCE, "items": _ENTRY}
_LIMIT: Schema = {"type": "integer", "minimum": 0, "maximum": 500, "default": 100}
_VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}


def _of(
    noun: str, listing: str, schema: str, new: Schema, changed: Schema, *, merges: bool = True
) -> Schema:
    """The addresses that topics, programmes and organisations have alike."""
    at, one = f"/api/v1/{listing}", ref(schema)
    found = {
        at: path(
            listing,
            get=Operation(listing, "All that one sees", record(**{listing: list_of(one)}), _SEE, reads=True, etag=True),
            post=Operation(
                f"add{schema}", f"Add a {noun}", one, _KEEP, body=new, status=201, etag=True, problems=(404,)
            ),
        ),
        f"{at}/{{slug}}": path(
            listing,
            _SLUG,
            get=Operation(noun, "One of them", one, _SEE, reads=True, etag=True, extra=_MOVED if merges else {}),
            patch=Operation(
                f"change{schema}", "Change some of it", one, _KEEP, body=changed, match=True, etag=True
            ),
        ),
    }  # fmt: skip
    if merges:
        found[f"{at}/{{slug}}/merge"] = path(
            listing,
            _SLUG,
            post=Operation(
                f"merge{schema}",
                "Everything on it is on `into` from now on, and its address leads there",
                record(into=TEXT, episodes=said(WHOLE, "how many changed")),
                _KEEP,
                body=sent(["into"], into=TEXT),
                etag=True,
            ),
        )
    return found


_TOPIC_ORDER = Operation(
    "orderTopics",
    "Topics in this order, others after them, and which stand on the home page; If-Match: the list's ETag",
    record(topics=list_of(ref("Topic"))),
    _KEEP,
    body=sent(["slugs", "featured"], slugs=list_of(TEXT), featured=list_of(TEXT)),
    match=True,
    etag=True,
)
PATHS: Schema = {
    **_of("topic", "topics", "Topic", sent(["name_vi"], slug=_NEW_SLUG, **_TOPIC), sent(**_TOPIC)),
    "/api/v1/topic-order": path("topics", put=_TOPIC_ORDER),
    **_of(
        "programme",
        "programmes",
        "Programme",
        sent(["title"], slug=_NEW_SLUG, **_PROGRAMME),
        sent(**_PROGRAMME),
    ),
    **_of(
        "organisation",
        "organisations",
        "Organisation",
        sent(["name"], slug=_NEW_SLUG, name=TEXT),
        sent(["name"], name=TEXT),
        merges=False,
    ),
    "/api/v1/lexicon": path(
        "lexicon",
        get=Operation(
            "lexicon",
            "The entries of a version, of the newest without one",
            ref("Lexicon"),
            _KEEP,
            [asked("version", _VERSION)],
            reads=True,
            etag=True,
            problems=(400, 404),
        ),
    ),
    "/api/v1/lexicon/changes": path(
        "lexicon",
        post=Operation(
            "changeLexicon",
            "Add and remove entries: all or none; 412 with `theirs` and `yours` when it was changed",
            ref("Lexicon"),
            _KEEP,
            body=sent(added=_ENTRIES, removed=_ENTRIES, note=TEXT),
            match=True,
            etag=True,
            problems=(404,),
        ),
    ),
    "/api/v1/lexicon/restore": path(
        "lexicon",
        post=Operation(
            "restoreLexicon",
            "Make a new version like an old one",
            ref("Lexicon"),
            _KEEP,
            body=sent(["version"], version={**_VERSION, "minimum": 1}),
            match=True,
            etag=True,
            problems=(404,),
        ),
    ),
    "/api/v1/lexicon/versions": path(
        "lexicon",
        get=Operation(
            "lexiconVersions",
            "Newest first",
            record(versions=list_of(record(number=WHOLE, at=MOMENT, author=TEXT, note=TEXT))),
            _KEEP,
            [asked("limit", _LIMIT)],
            reads=True,
            problems=(400,),
        ),
    ),
}

SCHEMAS: Schema = {
    "Topic": record(slug=TEXT, **_TOPIC),
    "Programme": record(slug=TEXT, **{**_PROGRAMME, "language": LANGUAGE}),
    "Organisation": record(slug=TEXT, name=TEXT),
    "Lexicon": record(
        version=WHOLE,
        entries=list_of(
            record(kind=one_of(*(each.value for each in EntryKind)), said=TEXT, meant=TEXT, note=TEXT)
        ),
    ),
}
