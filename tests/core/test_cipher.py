"""What is encrypted: read by the same key for the same purpose, and by nobody else."""

from pathlib import Path

import pytest

from core.cipher import Undecipherable, decrypt, encrypt

PLAIN = "sk_test_益集".encode()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJI_ENCRYPTION_KEY", "a" * 32)


@pytest.mark.parametrize("plain", [b"", b"x", PLAIN, bytes(range(256)) * 100])
def test_what_was_encrypted_is_read_again(plain: bytes) -> None:
    kept = encrypt(plain, "test.key")
    assert decrypt(kept, "test.key") == plain
    assert not plain or len(plain) < 2 or plain not in kept


def test_the_same_twice_looks_different() -> None:
    assert encrypt(PLAIN, "test.key") != encrypt(PLAIN, "test.key")


def test_another_purpose_or_key_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = encrypt(PLAIN, "test.key:1")
    with pytest.raises(Undecipherable):
        decrypt(kept, "test.key:2")
    monkeypatch.setenv("YIJI_ENCRYPTION_KEY", "b" * 32)
    with pytest.raises(Undecipherable):
        decrypt(kept, "test.key:1")
    monkeypatch.setenv("YIJI_ENCRYPTION_KEY", "a" * 32)
    assert decrypt(kept, "test.key:1") == PLAIN


def test_every_changed_or_missing_byte_is_noticed() -> None:
    kept = encrypt(PLAIN, "test.key")
    changed = [kept[:n] + bytes([kept[n] ^ 1]) + kept[n + 1 :] for n in range(len(kept))]
    for wrong in [*changed, b"", *(kept[:n] for n in range(1, len(kept)))]:
        with pytest.raises(Undecipherable):
            decrypt(wrong, "test.key")


def test_without_a_given_key_one_is_made_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    monkeypatch.delenv("YIJI_ENCRYPTION_KEY")
    kept = encrypt(PLAIN, "test.key")
    assert decrypt(kept, "test.key") == PLAIN
    assert (data_folder / "encryption-key").is_file()
