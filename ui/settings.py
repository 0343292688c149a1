"""What an operator may set of the server: in a file of the data folder, or in the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, IPvAnyNetwork, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ui.failures import SettingsError

__all__ = ["Settings", "allow_files", "load_settings"]

FILE = "server.toml"
OPEN_FILES = 4096  # each connection is one


def _as_root(told: object) -> object:
    return f"/{told.strip('/')}".rstrip("/") if isinstance(told, str) else told


def _as_list(told: object) -> object:
    return [one.strip() for one in told.split(",")] if isinstance(told, str) else told


RootPath = Annotated[
    str,
    StringConstraints(pattern=r"^(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$"),
    BeforeValidator(_as_root),
]
Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_as_list)]


class Settings(BaseSettings):
    """The limits of a server; each is also read from DONGXIHU_SERVER_ and its name."""

    model_config = SettingsConfigDict(
        env_prefix="DONGXIHU_SERVER_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    workers: int = Field(default=2, ge=1, le=64)
    """Questions answered at the same time."""
    queue: int = Field(default=8, ge=0, le=10_000)
    """Questions that may wait; one more is told to come back."""
    timeout: float = Field(default=20.0, gt=0)
    """Seconds after which a question is given up."""
    rate: int = Field(default=1800, ge=1)
    """Requests a minute that are taken from one client."""
    header_seconds: int = Field(default=10, ge=1)
    """Seconds in which the head of a request has to come, and a connection may be idle."""
    body_seconds: float = Field(default=20.0, gt=0)
    """Seconds in which the body of a request has to come; a large one has more."""
    body_kb: int = Field(default=256, ge=1)
    """Kilobytes of one request that is not an upload."""
    upload_kb: int = Field(default=10_240, ge=1)
    """Kilobytes of a document that a visitor brings along."""
    log_questions: bool = False
    """Whether the log holds the words of the questions."""
    root_path: RootPath = ""
    """The path that the server stands under, "" where it has a host to itself."""
    trusted_proxies: Networks = ()
    """Addresses and networks of the proxies that are believed what they tell of a request."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file, as pydantic-settings asks for it."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def load_settings(home: Path, **told: Any) -> Settings:
    """The settings of a data folder, but for what is told; raises SettingsError for a wrong one."""
    file = home / FILE

    class _Settings(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return _Settings(**told)
    except ValidationError as error:
        found = error.errors()[0]
        name = ".".join(str(part) for part in found["loc"])
        raise SettingsError(
            f"设置 {name} 不对（{found['msg']}），请检查 {file} 和环境变量 DONGXIHU_SERVER_*"
        ) from error
    except ValueError as error:  # not TOML
        raise SettingsError(f"{file} 读不懂（{error}），请按 TOML 的写法改正") from error


def allow_files() -> None:
    """Open as many files as may be; some systems begin with 256."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
