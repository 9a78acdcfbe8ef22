"""Settings: environment variables `TUALAI_…`, and an optional TOML file. Read once, by the command line."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError
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
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder.")
    storage_url: str = Field(
        default="", description="Where files are kept; empty: a folder in the data folder."
    )
    index_url: str = Field(
        default="", description="Search engine; empty: the embedded one in the data folder."
    )
    speech_engine: str = Field(
        default="faster-whisper", description="faster-whisper, or openai-whisper (extra of that name)."
    )
    speech_model: str = Field(
        default="packaged:base",
        description="packaged:base (extra “demo”), a folder, or a model's name to be fetched.",
    )
    speech_device: str = Field(default="cpu", description="cpu, cuda or auto.")
    speech_compute: str = Field(
        default="int8", description="CTranslate2 compute type: int8, float16, float32 …"
    )
    speech_threads: int = Field(default=2, ge=1, le=64, description="CPU threads a recogniser uses.")
    speech_window: float = Field(
        default=300.0,
        ge=30,
        le=3600,
        description="Seconds recognised in one step; a killed worker loses one at most.",
    )
    ffmpeg: str = Field(
        default="", description="Path of ffmpeg; empty: the system's, else the packaged one."
    )
    worker_slots: int = Field(default=1, ge=1, le=32, description="Recordings a worker processes at once.")
    site_name: str = Field(default="Tualai", description="Shown at the top of every page.")
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
            f"Some settings can't be used: {wrong}. Mend the TUALAI_… variable or {SETTINGS_FILE}."
        ) from error
    except ValueError as error:
        raise InvalidInput(f"{SETTINGS_FILE} can't be read: {error}.") from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})
