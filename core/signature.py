"""What anybody can check without asking us: statements signed with Ed25519.

Each purpose has a key of its own, derived from the deployment's encryption key: nothing is stored, and any
node signs alike. A statement is a JWS in its compact form (RFC 7515, 8037), which any JOSE library and
OpenSSL can check.
"""

import base64
import functools
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.settings import load

_HEADER = b'{"alg":"EdDSA"}'


def sign(statement: Mapping[str, object], purpose: str) -> str:
    """The statement as header.payload.signature; the same statement is the same text."""
    said = f"{_encoded(_HEADER)}.{_encoded(msgspec.json.encode(statement))}"
    return f"{said}.{_encoded(_key(load().encryption_key, purpose).sign(said.encode()))}"


def public_key(purpose: str) -> bytes:
    """The 32 bytes by which what was signed for the purpose is checked."""
    key = _key(load().encryption_key, purpose).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_pem(purpose: str) -> str:
    """The same as a PEM file, for OpenSSL."""
    key = _key(load().encryption_key, purpose).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_jwk(purpose: str) -> dict[str, str]:
    """The same as a JSON Web Key, for JOSE libraries."""
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": _encoded(public_key(purpose))}


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@functools.lru_cache(maxsize=16)
def _key(key: bytes, purpose: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"signature:{purpose}".encode()).derive(key)
    return Ed25519PrivateKey.from_private_bytes(seed)
