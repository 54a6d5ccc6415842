"""What the stand-in remembers: sessions, the money paid for them, refunds, and the events about it all."""

import json
import secrets
from pathlib import Path
from threading import RLock
from typing import Any

from core import clock
from plugins.practice.commands.shapes import BadRequest
from plugins.practice.commands.statement import Statement

_LEAST_OPEN_S, _MOST_OPEN_S, _SLACK_S = 30 * 60, 24 * 3600, 5
_LEAST_AMOUNT = 400  # what Stripe's minimum of half a dollar is in CNY, roughly
_MOST_AMOUNT = 99_999_999
Thing = dict[str, Any]


def _id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"


class Books:
    """All of it in memory and, after each change, in one file: a restarted stand-in knows its sessions."""

    def __init__(self, public_url: str, kept_in: Path | None = None) -> None:
        self._public_url, self._kept_in = public_url, kept_in
        self.lock = RLock()
        self._sessions: dict[str, Thing] = {}
        self._refunds: dict[str, Thing] = {}
        self._disputes: dict[str, Thing] = {}
        self.statement = Statement()
        self.answered: dict[str, Any] = {}
        self._owners: dict[str, str] = {}
        if kept_in is not None and kept_in.is_file():
            kept = json.loads(kept_in.read_text("utf-8"))
            self._sessions, self._refunds = kept["sessions"], kept["refunds"]
            self._owners, self.answered = kept["owners"], kept["answered"]
            self._disputes, self.statement = kept.get("disputes", {}), Statement(kept.get("statement"))

    def keep(self) -> None:
        """Write everything down, whole or not at all."""
        if self._kept_in is None:
            return
        everything = {
            "sessions": self._sessions,
            "refunds": self._refunds,
            "disputes": self._disputes,
            "statement": self.statement.kept,
            "owners": self._owners,
            "answered": self.answered,
        }
        draft = self._kept_in.with_suffix(".new")
        draft.write_text(json.dumps(everything), "utf-8")
        draft.chmod(0o600)
        draft.replace(self._kept_in)

    def create_session(self, key: str, asked: Thing) -> Thing:
        """A session that waits to be paid."""
        amount = _amount(asked)
        now = int(clock.now().timestamp())
        expires_at = asked.get("expires_at", now + _MOST_OPEN_S)
        if not now + _LEAST_OPEN_S - _SLACK_S <= expires_at <= now + _MOST_OPEN_S + _SLACK_S:
            raise BadRequest("expires_at must be 30 minutes to 24 hours from now", param="expires_at")
        session_id = _id("cs_test")
        self._sessions[session_id] = {
            "id": session_id,
            "object": "checkout.session",
            "livemode": False,
            "mode": "payment",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": amount,
            "currency": asked["line_items"][0]["price_data"]["currency"],
            "client_reference_id": asked.get("client_reference_id"),
            "metadata": asked.get("metadata", {}),
            "payment_intent": None,
            "intent_metadata": asked.get("payment_intent_data", {}).get("metadata", {}),
            "title": asked["line_items"][0]["price_data"]["product_data"]["name"],
            "payment_method_types": asked.get("allowed_payment_method_types", ["card"]),
            "success_url": asked["success_url"],
            "cancel_url": asked.get("cancel_url"),
            "created": now,
            "expires_at": expires_at,
            "url": f"{self._public_url}/practice/cashier/{session_id}",
        }
        self._owners[session_id] = key
        return self.session(session_id, key)

    def session(self, session_id: str, key: str | None) -> Thing:
        """The session as Stripe shows it to the account of `key` (None: to the cashier's page)."""
        session = self._sessions.get(session_id)
        if session is None or key not in (None, self._owners[session_id]):
            raise BadRequest("No such checkout.session", code="resource_missing")
        if session["status"] == "open" and session["expires_at"] <= clock.now().timestamp():
            session["status"] = "expired"
        return session

    def owner(self, session_id: str) -> str:
        """The key of the account whose session it is."""
        return self._owners[session_id]

    def expire(self, session_id: str, key: str) -> Thing:
        """Take no money for it any more."""
        session = self.session(session_id, key)
        if session["status"] != "open":
            raise BadRequest("Only Checkout Sessions with a status of open can be expired")
        session["status"] = "expired"
        return session

    def pay(self, session_id: str, outcome: str) -> list[str]:
        """The payer does something at the cashier's; returns the kinds of events that tell of it.

        `outcome`: paid, delayed (the bank will decide), declined, arrived and bounced (it has decided);
        of what is paid: disputed, and then dispute_won or dispute_lost.
        """
        session = self.session(session_id, None)
        if outcome in ("paid", "delayed", "declined"):
            if session["status"] != "open":
                raise BadRequest("This Checkout Session is no longer open")
            session["payment_intent"] = session["payment_intent"] or self._intent(session)
        elif outcome.startswith("dispute"):
            if session["payment_status"] != "paid":
                raise BadRequest("Nothing is paid")
        elif session["status"] != "complete" or session["payment_status"] == "paid":
            raise BadRequest("Nothing is under way")
        return {
            "paid": self._capture,
            "delayed": self._delay,
            "declined": self._decline,
            "arrived": self._capture,
            "bounced": self._bounce,
            "disputed": self._dispute,
            "dispute_won": self._win,
            "dispute_lost": self._lose,
        }[outcome](session)

    def _intent(self, session: Thing) -> Thing:
        return {
            "id": _id("pi"),
            "object": "payment_intent",
            "livemode": False,
            "amount": session["amount_total"],
            "amount_received": 0,
            "currency": session["currency"],
            "status": "requires_payment_method",
            "metadata": session["intent_metadata"],
            "created": int(clock.now().timestamp()),
            "latest_charge": None,
        }

    def _capture(self, session: Thing) -> list[str]:
        was_delayed = session["status"] == "complete"
        session.update(status="complete", payment_status="paid")
        intent = session["payment_intent"]
        charge = {
            "id": _id("ch"),
            "object": "charge",
            "livemode": False,
            "amount": intent["amount"],
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "metadata": intent["metadata"],
            "paid": True,
            "disputed": False,
            "created": int(clock.now().timestamp()),
        }
        intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge)
        self.statement.book(self._owners[session["id"]], "charge", charge, charge["amount"], has_fee=True)
        last = "async_payment_succeeded" if was_delayed else "completed"
        return ["payment_intent.succeeded", f"checkout.session.{last}"]

    def _delay(self, session: Thing) -> list[str]:
        session["status"] = "complete"
        session["payment_intent"]["status"] = "processing"
        return ["payment_intent.processing", "checkout.session.completed"]

    def _decline(self, session: Thing) -> list[str]:
        return ["payment_intent.payment_failed"]

    def _bounce(self, session: Thing) -> list[str]:
        session["payment_intent"]["status"] = "requires_payment_method"
        return ["checkout.session.async_payment_failed"]

    def _dispute(self, session: Thing) -> list[str]:
        intent, now = session["payment_intent"], int(clock.now().timestamp())
        if intent["latest_charge"]["disputed"]:
            raise BadRequest("There is a dispute already")
        intent["latest_charge"]["disputed"] = True
        dispute = {
            "id": _id("dp"),
            "object": "dispute",
            "livemode": False,
            "amount": intent["amount_received"] - self._gone(intent),
            "currency": intent["currency"],
            "charge": intent["latest_charge"]["id"],
            "payment_intent": intent["id"],
            "status": "needs_response",
            "reason": "fraudulent",
            "metadata": {},
            "evidence_details": {"due_by": now + 9 * 24 * 3600},
            "balance_transactions": [],
            "created": now,
        }
        self._disputes[dispute["id"]] = dispute
        session["dispute"] = "open"
        self._book_dispute(session, dispute, -dispute["amount"])
        return ["charge.dispute.created", "charge.dispute.funds_withdrawn"]

    def _book_dispute(self, session: Thing, dispute: Thing, amount: int) -> None:
        line = self.statement.book(self._owners[session["id"]], "adjustment", dispute, amount)
        dispute["balance_transactions"].append(dict(line))

    def _win(self, session: Thing) -> list[str]:
        dispute = self._open_dispute(session)
        dispute["status"] = session["dispute"] = "won"
        self._book_dispute(session, dispute, dispute["amount"])
        return ["charge.dispute.funds_reinstated", "charge.dispute.closed"]

    def _lose(self, session: Thing) -> list[str]:
        self._open_dispute(session)["status"] = session["dispute"] = "lost"
        return ["charge.dispute.closed"]

    def _open_dispute(self, session: Thing) -> Thing:
        for dispute in self.disputes(self._owners[session["id"]], session["payment_intent"]["id"]):
            if dispute["status"] == "needs_response":
                return dispute
        raise BadRequest("No dispute is open")

    def disputes(self, key: str, intent_id: str) -> list[Thing]:
        """Of one payment, the newest first."""
        self._session_of(intent_id, key)
        return [one for one in reversed(self._disputes.values()) if one["payment_intent"] == intent_id]

    def _gone(self, intent: Thing) -> int:
        return sum(
            r["amount"]
            for r in self._refunds.values()
            if r["payment_intent"] == intent["id"] and r["status"] != "failed"
        )

    def create_refund(self, key: str, asked: Thing) -> Thing:
        """Send money back; never more than there is."""
        session = self._session_of(asked.get("payment_intent", ""), key)
        intent = session["payment_intent"]
        gone = self._gone(intent)
        if any(one["status"] != "won" for one in self.disputes(key, intent["id"])):
            raise BadRequest("The charge has been charged back", code="charge_disputed")
        amount = asked.get("amount", intent["amount_received"] - gone)
        if not 0 < amount <= intent["amount_received"] - gone:
            raise BadRequest("Refund amount is greater than unrefunded amount on charge", param="amount")
        refund = {
            "id": _id("re"),
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "metadata": asked.get("metadata", {}),
            "status": "succeeded",
            "created": int(clock.now().timestamp()),
        }
        self._refunds[refund["id"]] = refund
        self.statement.book(key, "refund", refund, -amount)
        return refund

    def fail_refund(self, refund_id: str) -> None:
        """The bank sends a refund back."""
        refund = self._refunds[refund_id]
        refund["status"] = "failed"
        key = next(self._owners[one] for one, s in self._sessions.items() if self._is_of(s, refund))
        self.statement.book(key, "refund_failure", refund, refund["amount"])

    def _is_of(self, session: Thing, refund: Thing) -> bool:
        return bool((session["payment_intent"] or {}).get("id") == refund["payment_intent"])

    def lines(self, key: str, asked: Thing) -> Thing:
        """A page of the account's balance transactions."""
        return self.statement.lines(key, asked, self._source)

    def _source(self, source_id: str) -> Thing | str:
        known = self._refunds.get(source_id) or self._disputes.get(source_id)
        charges = (
            (s["payment_intent"] or {}).get("latest_charge") for s in self._sessions.values() if not known
        )
        return known or next((one for one in charges if one and one["id"] == source_id), source_id)

    def refunds(self, key: str, intent_id: str) -> list[Thing]:
        """Of one payment, the newest first."""
        self._session_of(intent_id, key)
        return [r for r in reversed(self._refunds.values()) if r["payment_intent"] == intent_id]

    def _session_of(self, intent_id: str, key: str) -> Thing:
        for session_id, session in self._sessions.items():
            if (session["payment_intent"] or {}).get("id") == intent_id and self._owners[session_id] == key:
                return session
        raise BadRequest("No such payment_intent", code="resource_missing")

    def event(self, kind: str, session_id: str) -> Thing:
        """What is told of the session as it is now."""
        session = self.session(session_id, None)
        about = session if kind.startswith("checkout") else session["payment_intent"]
        if kind.startswith("charge.dispute"):
            about = self.disputes(self._owners[session_id], session["payment_intent"]["id"])[0]
        return {
            "id": _id("evt"),
            "object": "event",
            "type": kind,
            "livemode": False,
            "created": int(clock.now().timestamp()),
            "data": {"object": about},
        }


def _amount(asked: Thing) -> int:
    """Hand rules of what the types do not say."""
    items = asked.get("line_items") or []
    if asked.get("mode") != "payment" or len(items) != 1 or "price_data" not in items[0]:
        raise BadRequest("The stand-in knows one line with its price, mode payment", param="line_items")
    if "success_url" not in asked:
        raise BadRequest("Missing required param: success_url.", param="success_url")
    price, quantity = items[0]["price_data"], items[0].get("quantity", 0)
    amount: int = price.get("unit_amount", 0) * quantity
    if "product_data" not in price or not _LEAST_AMOUNT <= amount <= _MOST_AMOUNT:
        raise BadRequest("The amount is too small or too large", code="amount_too_small")
    return amount
