"""Who may come in: API tokens and the operator's password, kept as hashes; sessions of browsers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cachetools import TTLCache
from pydantic import BaseModel

from ui.failures import AccessError

__all__ = ["Access", "Grant", "Role", "Sessions"]

Role = Literal["visitor", "operator"]

FILE = "access.json"
SHORTEST_PASSWORD = 8  # characters
SESSION_SECONDS = 12 * 3600
SESSIONS = 10_000

# OWASP's advice for scrypt in 2024; about 0.1 s and 64 MB a try
_COST = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 2**20}


class _Stored(BaseModel):
    tokens: dict[str, str] = {}
    operator: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token or the password lets its holder do; `proof` is the hash it was known by."""

    role: Role
    proof: str


class Access:
    """The tokens and the password of a data folder, read anew at each use.

    So what is revoked on the command line holds at once. Only hashes are stored.
    """

    def __init__(self, home: Path) -> None:
        self.file = home / FILE

    @property
    def needed(self) -> bool:
        """Whether a token has been made, so that the API asks for one."""
        return bool(self._read().tokens)

    @property
    def has_operator(self) -> bool:
        """Whether a password has been set for the operator's page."""
        return bool(self._read().operator)

    def create_token(self, name: str) -> str:
        """A new token under a name; raises AccessError where the name is taken."""
        stored = self._read()
        if not name or name in stored.tokens:
            raise AccessError(f"令牌名「{name}」是空的或已经用过，请另取一个，或先吊销它")
        token = secrets.token_urlsafe(32)
        stored.tokens[name] = _digest(token)
        self._write(stored)
        return token

    def revoke_token(self, name: str) -> None:
        """Forget a token; raises AccessError for an unknown name."""
        stored = self._read()
        if name not in stored.tokens:
            raise AccessError(f"没有名为「{name}」的令牌，现有：{'、'.join(stored.tokens) or '无'}")
        del stored.tokens[name]
        self._write(stored)

    def set_password(self, password: str) -> None:
        """Set the operator's password; raises AccessError for a short one."""
        if len(password) < SHORTEST_PASSWORD:
            raise AccessError(f"密码至少 {SHORTEST_PASSWORD} 个字符，请换一个长的")
        salt = secrets.token_bytes(16)
        stored = self._read()
        stored.operator = (salt.hex(), _stretch(password, salt))
        self._write(stored)

    def owner_of(self, token: str) -> str | None:
        """The name a token was made under, or None."""
        digest = _digest(token)
        return next(
            (n for n, kept in self._read().tokens.items() if hmac.compare_digest(kept, digest)),
            None,
        )

    def grant_of(self, secret: str) -> Grant | None:
        """What a password or token lets its holder do; takes 0.1 s where a password is set."""
        if self.owner_of(secret):
            return Grant("visitor", _digest(secret))
        operator = self._read().operator
        if operator:
            stretched = _stretch(secret, bytes.fromhex(operator[0]))
            if hmac.compare_digest(stretched, operator[1]):
                return Grant("operator", stretched)
        return None

    def stands(self, grant: Grant) -> bool:
        """Whether the token has not been revoked, nor the password changed, since."""
        stored = self._read()
        if grant.role == "operator":
            return stored.operator is not None and stored.operator[1] == grant.proof
        return grant.proof in stored.tokens.values()

    def _read(self) -> _Stored:
        try:
            return _Stored.model_validate_json(self.file.read_bytes())
        except FileNotFoundError:
            return _Stored()
        except (ValueError, OSError) as error:
            raise AccessError(f"{FILE} 损坏，请删除后重新设置密码和令牌") from error

    def _write(self, stored: _Stored) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = self.file.with_suffix(".new")
        new.touch(0o600)
        new.write_text(stored.model_dump_json(), "utf-8")
        new.replace(self.file)


class Sessions:
    """The browsers that have logged in, by a random key; forgotten after half a day.

    A session ends at once where what it was opened with is revoked or changed.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._grants: TTLCache[str, Grant] = TTLCache(SESSIONS, SESSION_SECONDS)

    def open(self, grant: Grant) -> str:
        """The key of a new session."""
        key = secrets.token_urlsafe(32)
        self._grants[key] = grant
        return key

    def role_of(self, key: str) -> Role | None:
        """The role a key stands for, or None."""
        grant = self._grants.get(key)
        return grant.role if grant and self._access.stands(grant) else None

    def close(self, key: str) -> None:
        """Forget a session; an unknown one is ignored."""
        self._grants.pop(key, None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _stretch(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, **_COST).hex()
