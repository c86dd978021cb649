"""What can be set, from where: a flag over the environment over .env over TOML over the default.

Keys are read here and nowhere else, and are never written anywhere.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from curie.app.places import data_home
from curie.domain.errors import UsageError

PROJECT_FILE = Path("curie.toml")


def user_file() -> Path:
    """The person's own TOML file."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "curie" / "config.toml"


class Settings(BaseSettings):
    """Everything that can be set outside a command's own options."""

    model_config = SettingsConfigDict(
        env_prefix="CURIE_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    home: Path = Field(default_factory=data_home)
    """Where the ledger, the reports and the caches are."""
    model: str = "builtin"
    """Who thinks: builtin, openai/NAME, replay/RUN or scripted/FILE."""
    sandbox: Literal["auto", "docker", "process"] = "auto"
    workers: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, le=256)
    """Trials that run at the same time."""
    allow_unknown_price: bool = False
    price: str | None = None
    """USD per million tokens, IN,OUT, for a model that the price table does not know."""
    max_tokens: int = Field(default=16_384, ge=256)
    """The most tokens of one model reply."""
    openai_api_key: SecretStr | None = Field(default=None, alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, alias="OPENAI_BASE_URL")
    model_timeout_s: float = Field(default=600.0, gt=0)
    """The longest that one model call may take."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence, first wins."""
        return (init_settings, *(source for _, source in _sources(settings_cls)))


def _sources(of: type[BaseSettings]) -> tuple[tuple[str, PydanticBaseSettingsSource], ...]:
    return (
        ("environment", EnvSettingsSource(of)),
        (".env", DotEnvSettingsSource(of)),
        (str(PROJECT_FILE), TomlConfigSettingsSource(of, toml_file=PROJECT_FILE)),
        (str(user_file()), TomlConfigSettingsSource(of, toml_file=user_file())),
    )


def load_settings(flags: Mapping[str, Any]) -> Settings:
    """The settings in force; a flag that is None was not given. UsageError names what is wrong."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {name}: {first['msg']}; see `curie config`") from error
    except ValueError as error:
        raise UsageError(f"{PROJECT_FILE} or {user_file()}: {error}") from error


def origins(flags: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Every setting with its value and where it comes from; a key is shown as set or not."""
    settings = load_settings(flags)
    found: dict[str, str] = {}
    for where, source in reversed(_sources(Settings)):
        found |= dict.fromkeys(source(), where)
    found |= {key: "flag" for key, value in flags.items() if value is not None}
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = (
            ("set" if value else "not set")
            if isinstance(value, SecretStr) or (name == "openai_api_key")
            else str(value)
        )
        where = found.get(field.alias or name, found.get(name, "default"))
        rows.append((field.alias or f"CURIE_{name.upper()}", shown, where))
    return tuple(rows)
