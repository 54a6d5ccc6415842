"""What leaves the house: through a real mail server, at least once and normally once."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest

from core import plugins
from core.database import fetch, fetch_row, fetch_value
from core.notifications import queries
from core.people.rules import Actor
from tests.core.notifications.conftest import NOON
from tests.core.notifications.mail_server import MailServer
from tests.core.notifications.persons import make_reachable, messages, tell, work
from tests.factories import new_phone

ADDRESS = "li@example.org"
# The test's server warns of itself when it asks for a password without TLS.
WITH_A_PASSWORD = pytest.mark.filterwarnings("ignore")


async def test_a_notice_goes_out_with_what_mail_programs_ask_for(mail: MailServer, person: Actor) -> None:
    await tell(person, "到 %(day)s 为止", at=NOON, day="12 月 1 日", path="/garden/mine")
    (message,) = mail.received
    row = await fetch_row("select id, attempts, sent_at, error from notification_message")
    assert tuple(row)[1:] == (1, NOON, None)
    assert message["To"] == ADDRESS
    assert message["Subject"] == "题目"
    assert message["From"] == "益集 <yiji@example.org>"
    assert message["Message-ID"] == f"<message-{row['id']}@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://yiji.example.org/inbox/preferences>"
    notice_id = await fetch_value("select id from notification")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert "到 12 月 1 日 为止" in part.get_content()
        assert f"https://yiji.example.org/inbox/{notice_id}" in part.get_content()


async def test_markup_in_what_fills_a_message_stays_text(mail: MailServer, person: Actor) -> None:
    await tell(person, "%(what)s", at=NOON, what="<b>粗</b>")
    html = mail.received[0].get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;粗" in html.get_content()
    assert "<b>粗</b>" in mail.bodies()[0]


async def test_a_line_break_in_a_title_makes_no_header(mail: MailServer, person: Actor) -> None:
    await tell(person, at=NOON)
    await fetch("update notification set title = E'题\\r\\nBcc: wu@example.org\\r\\n\\r\\n正文'")
    await fetch("update notification_message set state = 'waiting'")
    await fetch("update job set state = 'waiting', due_at = $1 where name = 'core.send_message'", NOON)
    await work(NOON)
    assert len(mail.received) == 2
    assert mail.received[1]["Bcc"] is None
    assert mail.received[1]["Subject"] == "题 Bcc: wu@example.org 正文"


async def test_everybody_is_written_to_in_their_own_language(mail: MailServer) -> None:
    reader = await make_reachable("wu@example.org", language="en")
    await tell(reader, "%(role)s", at=NOON, role="出纳")
    assert mail.bodies()[0].startswith("题目\n\nTreasurer\n")
    assert "Choose how you are told: https://yiji.example.org/inbox/preferences" in mail.bodies()[0]


async def test_neither_job_nor_message_holds_an_address_or_a_text(mail: MailServer, person: Actor) -> None:
    await tell(person, "机密", at=NOON)
    rows = await fetch("select to_jsonb(m) as row from notification_message m")
    sent = await fetch("select args as row from job where name = 'core.send_message'")
    assert json.loads(sent[0]["row"]).keys() == {"message_id"}
    for row in (*rows, *sent):
        assert ADDRESS not in row["row"]
        assert "机密" not in row["row"]


async def test_without_a_provider_a_text_is_suppressed_and_says_so(db: str, data_folder: object) -> None:
    """No plugin answers `decide_sms_delivery` for a phone that is not of the demo."""
    reader = await make_reachable(None, phone=new_phone())
    await tell(reader, at=NOON)
    assert await messages(reader) == [("sms", "suppressed", "no_provider")]
    assert await fetch_value("select attempts from notification_message") == 0


async def test_without_a_server_core_decides_nothing(person: Actor, data_folder: object) -> None:
    """`decide_mail_delivery` of core, last in the row."""
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "suppressed", "no_provider")]


async def test_a_person_without_addresses_has_a_notice_and_no_message(db: str) -> None:
    reader = await make_reachable(None)
    await tell(reader, at=NOON)
    assert await messages(reader) == []
    assert await queries.unread(reader.person_id) == 1


async def test_a_refused_recipient_is_not_tried_again_and_the_address_not_used(
    mail: MailServer, person: Actor
) -> None:
    mail.on_recipient[ADDRESS] = "550 no such mailbox"
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "failed", "refused")]
    contact = await queries.contact(person.person_id)
    assert (contact.email, contact.pending, contact.refused_at) == (None, ADDRESS, NOON)
    await work(NOON + timedelta(days=1))
    await tell(person, at=NOON + timedelta(days=1))
    assert mail.connections == 1
    assert len(await messages(person)) == 1


async def test_a_temporary_refusal_is_repeated_after_growing_pauses(mail: MailServer, person: Actor) -> None:
    mail.on_recipient[ADDRESS] = "451 grey list"
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "waiting", "")]
    await work(NOON + timedelta(seconds=59))
    assert mail.connections == 1
    await work(NOON + timedelta(seconds=60))
    assert mail.connections == 2
    error = await fetch_value("select error from notification_message")
    assert error.startswith("SMTPRecipientsRefused in ")
    assert ADDRESS not in error

    mail.on_recipient.clear()
    await work(NOON + timedelta(seconds=179))
    assert mail.connections == 2
    await work(NOON + timedelta(seconds=180))
    assert await messages(person) == [("mail", "sent", "")]
    assert tuple(await fetch_row("select attempts, error from notification_message")) == (3, None)
    assert len(mail.received) == 1


async def test_after_the_last_attempt_a_message_has_failed(mail: MailServer, person: Actor) -> None:
    mail.on_recipient[ADDRESS] = "451 never"
    await tell(person, at=NOON)
    for minutes in range(0, 200, 5):
        await work(NOON + timedelta(minutes=minutes))
    assert await messages(person) == [("mail", "failed", "gave_up")]
    assert mail.connections == await fetch_value("select attempts from notification_message") == 8
    assert (await queries.contact(person.person_id)).email == ADDRESS


async def test_no_server_at_all_is_tried_again(
    mail: MailServer, person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIJI_SMTP_URL", "smtp://127.0.0.1:1")
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "waiting", "")]
    monkeypatch.setenv("YIJI_SMTP_URL", mail.url)
    await work(NOON + timedelta(minutes=1))
    assert await messages(person) == [("mail", "sent", "")]


@WITH_A_PASSWORD
async def test_the_server_is_signed_in_to_with_what_the_address_says(
    mail: MailServer, person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.password = "p@ss/词".encode()
    for password in ("wrong", quote("p@ss/词", safe="")):
        monkeypatch.setenv("YIJI_SMTP_URL", mail.url.replace("//", f"//yiji:{password}@"))
        await tell(person, at=NOON)
    assert await messages(person) == [("mail", "waiting", ""), ("mail", "sent", "")]
    assert (await queries.contact(person.person_id)).email == ADDRESS, "not the recipient's fault"


@WITH_A_PASSWORD
async def test_a_server_without_starttls_is_told_no_secret(
    mail: MailServer, person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.password = b"pass"
    url = mail.url.replace("//", "//yiji:pass@") + "?starttls=1"
    monkeypatch.setenv("YIJI_SMTP_URL", url)
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "waiting", "")]
    assert mail.attempts == 0


async def test_a_connection_lost_after_the_text_repeats_it_under_the_same_id(
    mail: MailServer, person: Actor
) -> None:
    mail.hangs_up = 1
    await tell(person, at=NOON)
    assert await messages(person) == [("mail", "waiting", "")]
    await work(NOON + timedelta(minutes=1))
    assert await messages(person) == [("mail", "sent", "")]
    first, second = (message["Message-ID"] for message in mail.received)
    assert first == second


async def test_a_second_job_of_a_sent_message_sends_nothing(mail: MailServer, person: Actor) -> None:
    await tell(person, at=NOON)
    await fetch("update job set state = 'waiting', due_at = $1 where name = 'core.send_message'", NOON)
    await work(NOON)
    assert len(mail.received) == 1


async def test_an_address_removed_meanwhile_gets_nothing(mail: MailServer, person: Actor) -> None:
    mail.on_recipient[ADDRESS] = "451 later"
    await tell(person, at=NOON)
    await fetch("update person set email = null")
    await work(NOON + timedelta(minutes=1))
    assert await messages(person) == [("mail", "suppressed", "no_address")]


async def test_core_answers_last(db: str) -> None:
    assert await plugins.decide("decide_sms_delivery", phone="13900000000", text="字", key="1") is None
