"""What is stored so that a copy of the database alone does not tell it: AES-256-GCM.

The key is not in the database: it is derived, for each purpose on its own, from the deployment's
encryption key. What was encrypted for one purpose cannot be read for another.
"""

import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.settings import load

_VERSION = b"\x01"
_NONCE_BYTES, _KEY_BYTES = 12, 32


class Undecipherable(Exception):
    """Encrypted for another purpose, by another key, or changed since."""


def encrypt(plain: bytes, purpose: str) -> bytes:
    """`plain`, readable by `decrypt` for the same `purpose` only; never the same bytes twice.

    A purpose may name its row (`core.payment_account:7`): then it cannot be moved to another one.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + _cipher(load().encryption_key, purpose).encrypt(nonce, plain, _VERSION)


def decrypt(kept: bytes, purpose: str) -> bytes:
    """What was given to `encrypt`; raises Undecipherable."""
    nonce, sealed = kept[1 : 1 + _NONCE_BYTES], kept[1 + _NONCE_BYTES :]
    if kept[:1] != _VERSION or len(nonce) < _NONCE_BYTES:
        raise Undecipherable
    try:
        return _cipher(load().encryption_key, purpose).decrypt(nonce, sealed, _VERSION)
    except InvalidTag:
        raise Undecipherable from None


def fingerprint(plain: bytes, purpose: str) -> bytes:
    """The same bytes for the same `plain`: tells that two are the same, and without the key nothing else."""
    return hmac.digest(_derived(load().encryption_key, f"fingerprint:{purpose}"), plain, hashlib.sha256)


@functools.lru_cache(maxsize=256)
def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(key, purpose))


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode()).derive(key)
