"""The stand-in for Stripe as a process: its books in memory; whom it should tell, the bench tells itself."""

import sys
from typing import Any

from core.settings import load
from plugins.practice.commands.books import Books
from plugins.practice.commands.server import StandIn
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import WeChatBooks
from plugins.practice.services import stand_in_keys


class Silent:
    """In place of the delivery."""

    def send(self, key: str, events: list[dict[str, Any]]) -> None:
        """Nothing is told."""


if __name__ == "__main__":
    secret, silent, url = load().secret, Silent(), "http://bench.test"
    wechat = WeChat(WeChatBooks(url), silent, secret, stand_in_keys())  # type: ignore[arg-type]
    StandIn(int(sys.argv[1]), Books(url), silent, secret, wechat).serve_forever()  # type: ignore[arg-type]
