"""Signed notifications to our own application: each twice, in any order, until it answers."""

import json
import logging
import random
import time
import urllib.error
import urllib.request
from threading import Thread
from typing import Any

import stripe

from plugins.practice.rules import organization_of_key, webhook_secret

_PAUSES_S = (0, 1, 5, 30, 120)
log = logging.getLogger(__name__)


class Delivery:
    """Sends to the application at `web`, from threads, as Stripe sends: late, twice, and out of order."""

    def __init__(self, web: str, secret: bytes) -> None:
        self._web, self._secret = web, secret

    def send(self, key: str, events: list[dict[str, Any]]) -> None:
        """Tell the account of `key`."""
        organization_id = organization_of_key(key, self._secret)
        if organization_id is None:
            return
        url = f"{self._web}/api/v1/payments/notify/stripe/{organization_id}"
        waiting = [json.dumps(event) for event in events for _ in range(2)]
        random.shuffle(waiting)
        signed_with = webhook_secret(key, self._secret)
        for body in waiting:
            Thread(target=self._insist, args=(url, body, signed_with), daemon=True).start()

    def _insist(self, url: str, body: str, secret: str) -> None:
        for pause_s in _PAUSES_S:
            time.sleep(pause_s)
            signature = stripe.WebhookSignature.generate_signature_header(body, secret)
            request = urllib.request.Request(
                url,
                body.encode(),
                {"content-type": "application/json", "stripe-signature": signature},
            )
            try:
                with urllib.request.urlopen(request, timeout=10):
                    return
            except (urllib.error.URLError, OSError) as error:
                log.warning("notification not taken: %s", type(error).__name__)
