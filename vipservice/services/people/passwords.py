"""Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _hasher.hash("the password of nobody")


def hash_password(password: str) -> str:
    """The encoded argon2id hash, with its salt and parameters."""
    return _hasher.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Whether the password fits; as slow for an empty hash, that of nobody, as for a real one."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and bool(password_hash)
    except (VerifyMismatchError, InvalidHashError):
        return False
