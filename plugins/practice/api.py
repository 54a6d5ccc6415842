"""What would have been sent, and the practice cashier, for programs."""

from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody

from core.payments.rules import CONFIRM
from plugins.practice import queries
from plugins.practice.rules import Outcome, Scanned, ScanOutcome, Session
from plugins.practice.services import (
    act_at_cashier,
    act_on_phone,
    cashier_session,
    practice_statement,
    scanned,
)
from web.access import PUBLIC
from web.forms import clean, tidy_phone
from web.parameters import Before, PathCode, Words
from web.visit import current_actor

_FILE = "application/octet-stream"  # no charset: it is in GBK, as a bank gives it


class MessageOut(msgspec.Struct):
    """A message to an invented person; `channel` is mail or sms."""

    id: int
    channel: str
    phone: str
    address: str
    subject: str
    text: str
    kept_at: datetime


@get("/messages", summary="练习短信与邮件", access=PUBLIC)
async def list_messages(phone: Words = "", channel: Words = "", before: Before = None) -> list[MessageOut]:
    """Up to 50, newest first; `before` is the id of the last one seen."""
    found = await queries.messages(
        phone=tidy_phone(clean(phone))[:11], channel=clean(channel)[:4], before_id=before, limit=50
    )
    return [MessageOut(m.id, m.channel, m.phone, m.address, m.subject, m.text, m.kept_at) for m in found]


class SessionOut(msgspec.Struct):
    """A payment at the practice cashier; `state` is open, waiting, paid, failed or expired."""

    id: str
    state: str
    title: str
    amount_fen: int


class OutcomeIn(msgspec.Struct):
    """What the payer does (paid, delayed, declined, disputed), or then the bank."""

    outcome: Outcome


def _out(session: Session) -> SessionOut:
    return SessionOut(session.id, session.state, session.title, session.amount_fen)


@get("/cashier/{session_id:str}", summary="练习收银台", access=PUBLIC)
async def get_session(session_id: PathCode) -> SessionOut:
    """What is to be paid; no money is ever moved."""
    return _out(await cashier_session(session_id))


@post("/cashier/{session_id:str}", summary="在练习收银台付款", access=PUBLIC, status_code=200)
async def press(session_id: PathCode, data: JSONBody[OutcomeIn]) -> SessionOut:
    """Act as the payer or the bank; it is told to the payee as Stripe tells it."""
    return _out(await act_at_cashier(session_id, data.outcome))


class PhoneOut(msgspec.Struct):
    """A payment as a phone shows it that has scanned its code; `state` is open, paid or closed."""

    code: str
    state: str
    title: str
    amount_fen: int


class ScanIn(msgspec.Struct):
    """What whoever has scanned the code does."""

    outcome: ScanOutcome


def _phone(payment: Scanned) -> PhoneOut:
    return PhoneOut(payment.code, payment.state, payment.title, payment.amount_fen)


@get("/wechat/{code:str}", summary="练习扫码付款", access=PUBLIC)
async def get_scanned(code: PathCode) -> PhoneOut:
    """What a scanned code asks for; no money is ever moved."""
    return _phone(await scanned(code))


@post("/wechat/{code:str}", summary="扫码后付款", access=PUBLIC, status_code=200)
async def press_on_phone(code: PathCode, data: JSONBody[ScanIn]) -> PhoneOut:
    """Act as the payer with the phone; it is told to the payee as WeChat tells it."""
    return _phone(await act_on_phone(code, data.outcome))


@get("/statement.csv", summary="练习银行流水", access=CONFIRM, media_type=_FILE)
async def download_statement() -> Response[bytes]:
    """A bank's statement to practise with: transfers for orders that wait at one's own counters, in GBK."""
    content = await practice_statement(current_actor())
    return Response(content, media_type=_FILE)


HANDLERS = [download_statement, list_messages, get_session, press, get_scanned, press_on_phone]
