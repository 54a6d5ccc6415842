"""`yiji cashier`: the stand-ins for Stripe and WeChat Pay, as a process of its own."""

import click

from core.settings import load
from plugins.practice.commands.books import Books
from plugins.practice.commands.delivery import Delivery
from plugins.practice.commands.server import StandIn
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import WeChatBooks
from plugins.practice.services import stand_in_keys


@click.command(hidden=True)
@click.option("--port", type=int, required=True, help="Port on this machine.")
def command(port: int) -> None:
    """Answer as Stripe and WeChat Pay would, on this machine only, without any money."""
    known = load()
    known.data.mkdir(parents=True, exist_ok=True)
    delivery = Delivery(f"http://127.0.0.1:{known.port}", known.secret)
    books = Books(known.public_url, known.data / "practice-cashier.json")
    orders = WeChatBooks(known.public_url, known.data / "practice-wechat.json")
    wechat = WeChat(orders, delivery, known.secret, stand_in_keys())
    StandIn(port, books, delivery, known.secret, wechat).serve_forever()
