"""The verbs of the practice plugin: keep a message, forget the old ones; act at the practice cashier."""

import asyncio
import contextlib
import json
import os
import secrets
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core import clock
from core.database import unit_of_work
from core.notifications.queries import contact
from core.people.masks import mask_email
from core.people.rules import Actor
from core.privacy.rules import SEEN_COUNTER
from core.privacy.services import note_seen
from core.settings import load
from plugins.practice import queries, rules
from plugins.practice.errors import CashierClosed, CashierSessionNotFound, CashierSessionOver
from plugins.practice.queries import invented_phones


async def keep_mail(person_id: int, *, address: str, subject: str, text: str, key: str) -> bool | None:
    """Take an e-mail to an invented person over, unless a real server is configured."""
    known = load()
    phone = (await contact(person_id)).phone
    if known.smtp_url is not None or not rules.may_keep(phone, invented_phones(), known):
        return None
    await _keep(key, rules.MAIL, phone, address=mask_email(address), subject=subject, text=text)
    return True


async def keep_sms(phone: str, *, text: str, key: str) -> bool | None:
    """Take an SMS to an invented person over."""
    if not rules.may_keep(phone, invented_phones(), load()):
        return None
    await _keep(key, rules.SMS, phone, address="", subject="", text=text)
    return True


async def _keep(key: str, channel: str, phone: str | None, *, address: str, subject: str, text: str) -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into practice_message (key, channel, phone, person, address, subject, text, kept_at)"
            " values ($1, $2, $3::text, (select id from person where phone = $3), $4, left($5, 200), $6, $7)"
            " on conflict (key) do nothing",
            key,
            channel,
            phone,
            address,
            subject,
            text,
            clock.now(),
        )


async def delete_old() -> None:
    """Forget what is older than a week."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from practice_message where kept_at < $1", clock.now() - rules.KEPT
        )


async def forget_person(person_id: int) -> None:
    """Forget what was kept of a person, and the codes that came to the same phone before the account."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from practice_message where person = $1 or (person is null"
            " and phone in (select phone from practice_message where person = $1))",
            person_id,
        )


async def cashier_session(session_id: str) -> rules.Session:
    """A payment at Stripe's stand-in. Raises CashierSessionNotFound, CashierClosed."""
    return rules.Session.of(await _ask_stand_in("sessions", session_id))


async def act_at_cashier(session_id: str, outcome: str) -> rules.Session:
    """The payer, or the payer's bank, does something; it is told to the payee as Stripe tells it.

    Raises CashierSessionNotFound, CashierSessionOver, CashierClosed.
    """
    return rules.Session.of(await _ask_stand_in("sessions", session_id, outcome))


async def scanned(code: str) -> rules.Scanned:
    """A payment whose code a phone has scanned. Raises CashierSessionNotFound, CashierClosed."""
    return rules.Scanned.of(await _ask_stand_in("wechat", code))


async def act_on_phone(code: str, outcome: str) -> rules.Scanned:
    """Whoever has scanned a code pays or does not; it is told to the payee as WeChat tells it.

    Raises CashierSessionNotFound, CashierSessionOver, CashierClosed.
    """
    return rules.Scanned.of(await _ask_stand_in("wechat", code, outcome))


async def pay_out(organization_id: int) -> None:
    """Everything that an organization has at Stripe's stand-in goes to its bank. Raises CashierClosed."""
    key = rules.stand_in_key(organization_id, load().secret)
    await asyncio.to_thread(_tell_stand_in, "payouts", json.dumps({"key": key}))


async def withdraw(organization_id: int, amount_fen: int) -> None:
    """So much of what it has at WeChat's stand-in does. Raises CashierSessionOver if it has not so much."""
    asked = {"mchid": rules.merchant_number(organization_id), "amount": amount_fen}
    await asyncio.to_thread(_tell_stand_in, "withdrawals", json.dumps(asked))


async def _ask_stand_in(what: str, name: str, outcome: str = "") -> dict[str, Any]:
    verb, asked = ("/pay", {"outcome": outcome}) if outcome else ("", {})
    path = f"{what}/{urllib.parse.quote(name, safe='')}{verb}"
    return await asyncio.to_thread(_tell_stand_in, path, urllib.parse.urlencode(asked))


def _tell_stand_in(path: str, asked: str) -> dict[str, Any]:
    known = load()
    if known.payment_stand_in is None:
        raise CashierClosed
    request = urllib.request.Request(
        f"{known.payment_stand_in}/_practice/{path}",
        asked.encode(),
        {"authorization": f"Bearer {rules.control_token(known.secret)}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        raise (CashierSessionNotFound if refused.code == 404 else CashierSessionOver) from None
    except OSError:
        raise CashierClosed from None
    return found


def stand_in_keys() -> rules.Keys:
    """The keys of the stand-in for WeChat Pay: a 0600 file in the data folder, made by who comes first."""
    path = load().data / "practice-wechat-keys.json"
    if not path.exists():
        pairs = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
        made = [pem for pair in pairs for pem in (_private(pair), _public(pair))]
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return rules.Keys(*json.loads(path.read_text("utf-8")))


def _private(pair: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return pair.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _public(pair: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return pair.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


async def practice_statement(treasurer: Actor) -> bytes:
    """A statement about orders that wait at the treasurer's counters, in GBK as banks in China give it."""
    orders = await queries.waiting_orders(treasurer)
    await note_seen([one.payer_id for one in orders], SEEN_COUNTER, viewer=treasurer)
    text = rules.statement([(one.id, one.payer, one.total_fen) for one in orders], clock.today())
    return text.encode("gb18030")
