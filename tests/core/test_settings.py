"""The environment, read once; the secret that all processes of a machine agree on."""

import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import settings
from core.settings import ROOT

PRINT_SECRET = "from core import settings; print(settings.load().secret.decode())"


def test_an_empty_environment_has_defaults() -> None:
    known = settings.load({})
    assert (known.host, known.port, known.pool_size, known.job_lease_s) == ("127.0.0.1", 8000, 8, 60)
    assert (known.database_url, known.broker_url, known.given_secret) == (None, None, None)
    assert known.disabled_plugins == frozenset()
    assert known.demo
    assert known.data == ROOT / ".yiji"


def test_the_tests_leave_the_checkouts_data_folder_alone() -> None:
    """A key left there by a test made it a stranger's folder: `yiji up` refused to start beside it."""
    assert settings.load().data != ROOT / ".yiji"


def test_every_variable_is_heard() -> None:
    known = settings.load(
        {
            "YIJI_DATA": "here",
            "YIJI_HOST": "0.0.0.0",
            "YIJI_PORT": "80",
            "YIJI_DATABASE_URL": "postgresql://db/yiji",
            "YIJI_BROKER_URL": "amqp://broker",
            "YIJI_DISABLED": "garden,venture,",
            "YIJI_DECIDE_FIRST": "venture garden",
            "YIJI_KEEP_JOBS_DAYS": "7",
            "YIJI_POOL_SIZE": "20",
            "YIJI_JOB_LEASE_S": "5",
            "YIJI_WORKER_THREADS": "4",
            "YIJI_DEMO": "0",
            "YIJI_TRUSTED_PROXIES": "1",
            "YIJI_SECRET": "words",
            "YIJI_ENCRYPTION_KEY": "k" * 32,
            "YIJI_STRIPE_KEY": "sk_test_1",
            "YIJI_STRIPE_WEBHOOK_SECRET": "whsec_1",
            "YIJI_PAYMENT_STAND_IN": "http://127.0.0.1:81",
            "YIJI_SMTP_URL": "smtps://yiji:pass@mail.example.org",
            "YIJI_MAIL_FROM": "益集 <yiji@example.org>",
            "YIJI_PUBLIC_URL": "https://yiji.example.org/",
        }
    )
    assert known == settings.Settings(
        data=Path.cwd() / "here",
        host="0.0.0.0",
        port=80,
        database_url="postgresql://db/yiji",
        broker_url="amqp://broker",
        disabled_plugins=frozenset({"garden", "venture"}),
        decide_first=("venture", "garden"),
        keep_jobs_days=7,
        pool_size=20,
        job_lease_s=5,
        worker_threads=4,
        demo=False,
        trusted_proxies=1,
        given_secret="words",
        smtp_url="smtps://yiji:pass@mail.example.org",
        mail_from="益集 <yiji@example.org>",
        given_public_url="https://yiji.example.org",
        given_encryption_key="k" * 32,
        stripe_key="sk_test_1",
        stripe_webhook_secret="whsec_1",
        payment_stand_in="http://127.0.0.1:81",
    )


def test_an_empty_variable_is_a_missing_one() -> None:
    names = ("YIJI_DATA", "YIJI_HOST", "YIJI_PORT", "YIJI_DATABASE_URL", "YIJI_BROKER_URL", "YIJI_SECRET")
    names += ("YIJI_ENCRYPTION_KEY",)
    assert settings.load(dict.fromkeys(names, "")) == settings.load({})


def test_a_short_encryption_key_is_refused_without_being_told() -> None:
    assert settings.load({"YIJI_ENCRYPTION_KEY": "k" * 32}).encryption_key == b"k" * 32
    with pytest.raises(ValueError, match="YIJI_ENCRYPTION_KEY must have at least 32") as refused:
        settings.load({"YIJI_ENCRYPTION_KEY": "k" * 31})
    assert "kkk" not in str(refused.value)


def test_the_encryption_key_is_another_secret_made_once(tmp_path: Path) -> None:
    known = settings.load({"YIJI_DATA": str(tmp_path)})
    assert known.encryption_key != known.secret
    assert stat.S_IMODE((tmp_path / "encryption-key").stat().st_mode) == 0o600
    assert settings.load({"YIJI_DATA": str(tmp_path)}).encryption_key == known.encryption_key


def test_links_lead_to_this_machine_unless_a_public_address_is_known() -> None:
    assert settings.load({"YIJI_PORT": "81"}).public_url == "http://127.0.0.1:81"
    given = {"YIJI_PUBLIC_URL": "https://yiji.example.org/", "YIJI_PORT": "81"}
    assert settings.load(given).public_url == "https://yiji.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YIJI_SMTP_URL", "mail.example.org"),
        ("YIJI_SMTP_URL", "http://pass@mail.example.org"),
        ("YIJI_SMTP_URL", "smtp://"),
        ("YIJI_SMTP_URL", "smtp://host:port"),
        ("YIJI_PUBLIC_URL", "yiji.example.org"),
        ("YIJI_PUBLIC_URL", "https://yiji.example.org\r\nX: y"),
        ("YIJI_MAIL_FROM", "益集"),
        ("YIJI_STRIPE_KEY", "pk_pass"),
        ("YIJI_STRIPE_WEBHOOK_SECRET", "pass"),
        ("YIJI_PAYMENT_STAND_IN", "ftp://pass"),
        ("YIJI_MAIL_FROM", "a@example.org\r\nBcc: b@example.org"),
    ],
)
def test_a_malformed_address_names_its_variable_and_tells_no_password(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name) as refused:
        settings.load({name: value})
    assert "pass" not in str(refused.value)


@pytest.mark.parametrize("name", ["YIJI_PORT", "YIJI_POOL_SIZE", "YIJI_JOB_LEASE_S", "YIJI_WORKER_THREADS"])
def test_a_malformed_number_names_its_variable(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number, not '80x'"):
        settings.load({name: "80x"})


def test_the_secret_is_made_once_in_a_file_of_the_owners(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    before = os.umask(0)
    try:
        secret = settings.load({"YIJI_DATA": str(data)}).secret
    finally:
        os.umask(before)
    assert len(secret) >= 32
    assert (data / "secret").read_bytes() == secret
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret"]
    assert settings.load({"YIJI_DATA": str(data)}).secret == secret


def test_two_data_folders_have_two_secrets(tmp_path: Path) -> None:
    one, other = (settings.load({"YIJI_DATA": str(tmp_path / name)}).secret for name in ("one", "other"))
    assert one != other


def test_a_given_secret_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file")
    assert settings.load({"YIJI_DATA": str(tmp_path)}).secret == b"from the file"
    assert settings.load({"YIJI_DATA": str(tmp_path), "YIJI_SECRET": "given"}).secret == b"given"


def test_a_given_secret_makes_no_file(tmp_path: Path) -> None:
    assert settings.load({"YIJI_DATA": str(tmp_path), "YIJI_SECRET": "given"}).secret == b"given"
    assert list(tmp_path.iterdir()) == []


def test_commands_started_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    environ = {**os.environ, "YIJI_DATA": str(tmp_path), "YIJI_SECRET": ""}
    starts = [
        subprocess.Popen([sys.executable, "-c", PRINT_SECRET], env=environ, cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = {start.communicate(timeout=30)[0].strip() for start in starts}
    assert said == {(tmp_path / "secret").read_bytes()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def _read_secret(folder: str, go: "multiprocessing.synchronize.Barrier") -> bytes:
    go.wait()
    return settings.load({"YIJI_DATA": folder}).secret


def test_processes_that_race_for_the_secret_agree(tmp_path: Path) -> None:
    """Started together by a barrier, many times over: the window is microseconds wide."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as shared, context.Pool(4) as pool:
        for round_ in range(25):
            folder, go = str(tmp_path / str(round_)), shared.Barrier(4)
            assert len(set(pool.starmap(_read_secret, [(folder, go)] * 4, chunksize=1))) == 1
