"""The stand-ins in this very process, while the demo world is built: they know its days."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

from core import clock
from core.settings import load
from plugins.practice.commands.books import Books
from plugins.practice.commands.delivery import Delivery
from plugins.practice.commands.server import StandIn
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import WeChatBooks
from plugins.practice.rules import Told
from plugins.practice.services import stand_in_keys


class _Kept(Delivery):
    """Keeps what it would send: no pages are there yet to take it."""

    def __init__(self, secret: bytes, told: list[Told]) -> None:
        super().__init__("", secret)
        self._told = told

    def tell(self, path: str, body: str, signed: Callable[[str], dict[str, str]]) -> None:
        self._told.append(Told(path, body.encode(), signed(body)))


@contextmanager
def running_here() -> Iterator[list[Told] | None]:
    """What the payees would have been told; None where no stand-in is wanted, or one runs already."""
    known, told = load(), list[Told]()
    port = urlsplit(known.payment_stand_in).port if known.payment_stand_in else None
    try:
        server = _server(port, told) if port else None
    except OSError:
        server = None
    if server is None:
        yield None
        return
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _server(port: int, told: list[Told]) -> StandIn:
    """Raises OSError where the port is taken."""
    known = load()
    delivery = _Kept(known.secret, told)
    orders = WeChatBooks(known.public_url, known.data / "practice-wechat.json")
    # The merchant's library signs by the system's time, whatever day it is here.
    wechat = WeChat(orders, delivery, known.secret, stand_in_keys(), lambda: clock.system().timestamp())
    books = Books(known.public_url, known.data / "practice-cashier.json")
    return StandIn(port, books, delivery, known.secret, wechat)
