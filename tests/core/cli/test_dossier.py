"""`yiji dossier KIND ID`: what the command says, and what it refuses."""

import asyncio
import hashlib
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli import dossier
from tests.factories import Committee, make_committee


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    """The command, its work done on this test's database."""

    async def invoke(*arguments: object) -> Result:
        loop = asyncio.get_running_loop()

        def here(work: Callable[[], Awaitable[None]]) -> None:
            asyncio.run_coroutine_threadsafe(work(), loop).result(20)  # type: ignore[arg-type]

        monkeypatch.setattr(dossier, "run_connected", here)
        return await asyncio.to_thread(CliRunner().invoke, dossier.command, list(map(str, arguments)))

    return invoke


async def test_it_writes_the_file_and_prints_the_digest_of_its_manifest(
    committee: Committee, tmp_path: Path, run: Callable[..., Awaitable[Result]]
) -> None:
    target = tmp_path / "o.zip"
    done = await run("organization", committee.id, "--out", target)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(target) as archive:
        digest = hashlib.sha256(archive.read("manifest.json")).hexdigest()
    assert done.output.splitlines()[-1] == f"manifest.json SHA-256 {digest}"
    assert "records/roles.json: 1\n" in done.output


async def test_it_overwrites_nothing_and_says_what_is_wrong(
    committee: Committee, tmp_path: Path, run: Callable[..., Awaitable[Result]]
) -> None:
    there = tmp_path / "there.zip"
    there.write_text("mine")
    for arguments, said in (
        (("organization", committee.id, "--out", there), "is there already"),
        (("organization", committee.id, "--out", tmp_path / "no" / "o.zip"), "there is no folder"),
        (("organization", 10**9, "--out", tmp_path / "o.zip"), "nothing is on record"),
        (("organization", 0, "--out", tmp_path / "o.zip"), "not in the range"),
    ):
        done = await run(*arguments)
        assert done.exit_code != 0
        assert said in done.output
    assert there.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [there]
