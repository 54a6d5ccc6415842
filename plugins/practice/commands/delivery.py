"""Signed notifications to our own application: each twice, in any order, until it answers."""

import hashlib
import hmac
import json
import logging
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from threading import Thread
from typing import Any

from core import clock
from plugins.practice.rules import organization_of_key, webhook_secret

_PAUSES_S = (0, 1, 5, 30, 120)
log = logging.getLogger(__name__)


def sign(body: str, secret: str, moment: int) -> str:
    """Stripe's header, made by our own hand, so that its library checks what it has not written."""
    made = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


class Delivery:
    """Sends to the application at `web`, from threads, as providers send: late, twice, and out of order."""

    def __init__(self, web: str, secret: bytes) -> None:
        self._web, self._secret = web, secret

    def send(self, key: str, events: list[dict[str, Any]]) -> None:
        """Tell the account of `key` as Stripe tells it."""
        organization_id = organization_of_key(key, self._secret)
        if organization_id is None:
            return
        signed_with = webhook_secret(key, self._secret)

        def signed(body: str) -> dict[str, str]:
            return {"stripe-signature": sign(body, signed_with, int(clock.now().timestamp()))}

        waiting = [json.dumps(event) for event in events]
        random.shuffle(waiting)
        for body in waiting:
            self.tell(f"/api/v1/payments/notify/stripe/{organization_id}", body, signed)

    def tell(self, path: str, body: str, signed: Callable[[str], dict[str, str]]) -> None:
        """One notification, twice, until it is taken; `signed` gives the headers that sign it then."""
        for _ in range(2):
            Thread(target=self._insist, args=(f"{self._web}{path}", body, signed), daemon=True).start()

    def _insist(self, url: str, body: str, signed: Callable[[str], dict[str, str]]) -> None:
        for pause_s in _PAUSES_S:
            time.sleep(pause_s)
            headers = {"content-type": "application/json", **signed(body)}
            request = urllib.request.Request(url, body.encode(), headers)
            try:
                with urllib.request.urlopen(request, timeout=10):
                    return
            except (urllib.error.URLError, OSError) as error:
                log.warning("notification not taken: %s", type(error).__name__)
