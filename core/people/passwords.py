"""Password hashes (argon2id), computed in a thread: they are slow on purpose."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.people.errors import TooManyLogins

# OWASP's smaller recommended profile: 19 MiB, two passes; two at once leave room for the pages.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = 2
_WAITING_MOST = 60
_waiting = 0
_NOBODY = _HASHER.hash("nobody has this password")


async def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_password(password: str, password_hash: str | None) -> bool:
    """Does it match? For a missing hash the same work is done, so that time tells nothing.

    Raises TooManyLogins rather than let people wait for seconds. Hold no connection meanwhile.
    """

    def verify() -> bool:
        try:
            return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    global _waiting
    if _waiting >= _WAITING_MOST:
        raise TooManyLogins
    _waiting += 1
    try:
        async with _slots():
            return await asyncio.to_thread(verify)
    finally:
        _waiting -= 1


_semaphores: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def _slots() -> asyncio.Semaphore:
    """Bounds the memory that many logins at once can take."""
    loop = asyncio.get_running_loop()
    if loop not in _semaphores:
        _semaphores.clear()
        _semaphores[loop] = asyncio.Semaphore(_AT_ONCE)
    return _semaphores[loop]
