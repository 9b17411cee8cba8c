"""Typed readers for settings: every name is `BAOXIU_…` (and `DATABASE_URL`), every error names the setting."""

from __future__ import annotations

import importlib.util
import os
import secrets
from pathlib import Path

PREFIX = "BAOXIU_"


class SettingError(SystemExit):
    """A setting that cannot be read; ends the program with one clear sentence."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(PREFIX + name, default)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(PREFIX + name)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off", ""):
        return False
    raise SettingError(f"{PREFIX}{name} must be 1 or 0, not {value!r}")


def number(name: str, default: int) -> int:
    value = os.environ.get(PREFIX + name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SettingError(f"{PREFIX}{name} must be a whole number, not {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    return [w.strip() for w in text(name, default).split(",") if w.strip()]


def address(name: str, package: str, *schemes: str) -> str:
    """An address that an extra of this name speaks to; "" where it is not set."""
    value = text(name)
    if value and value.partition("://")[0] not in schemes:
        raise SettingError(
            f"{PREFIX}{name} must begin with {' or '.join(f'{s}://' for s in schemes)}, not {value[:20]!r}"
        )
    if value and importlib.util.find_spec(package) is None:
        raise SettingError(
            f"{PREFIX}{name} is set, but its package is missing: pip install baoxiu[{package}]"
        )
    return value


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).resolve()


def secret(name: str, file: Path) -> str:
    """The setting, else the content of `file`, which is made with a random secret the first time."""
    if value := text(name):
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()
