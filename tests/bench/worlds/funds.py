"""Funds of all sizes, a few large and many small, their gifts, and uses that were paid and accounted for."""

from pathlib import Path

import asyncpg

PURPOSES, FUNDS_EACH = 3, 20


async def build(connection: asyncpg.Connection, *, funds: int, gifts: int) -> None:
    """As they would stand after two years; the first organizations are the foundations."""
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    numbers = {"foundations": funds // FUNDS_EACH, "purposes": PURPOSES, "funds": funds, "gifts": gifts}
    for name, number in numbers.items():
        sql = sql.replace(f":{name}", str(number))
    await connection.execute(sql)
