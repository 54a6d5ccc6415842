"""`yiji cashier`: the stand-in for Stripe, as a process of its own."""

import click

from core.settings import load
from plugins.practice.commands.books import Books
from plugins.practice.commands.delivery import Delivery
from plugins.practice.commands.server import StandIn


@click.command(hidden=True)
@click.option("--port", type=int, required=True, help="Port on this machine.")
def command(port: int) -> None:
    """Answer as Stripe would, on this machine only, without any money."""
    known = load()
    known.data.mkdir(parents=True, exist_ok=True)
    books = Books(known.public_url, known.data / "practice-cashier.json")
    delivery = Delivery(f"http://127.0.0.1:{known.port}", known.secret)
    StandIn(port, books, delivery, known.secret).serve_forever()
