"""A process of its own that works on the books of a test: `python -m tests.core.ledger.worker URL WORK`.

WORK is JSON: what to do, the accounts by name, a seed. What came of it is printed as JSON.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from typing import Any

import migrations as migrations  # names the Piccolo configuration
from core import clock, database
from core.audit.services import record_audit
from core.database import unit_of_work
from core.errors import YijiError
from core.jobs.services import add_job
from core.ledger.rules import Draw, Entry, Transfer
from core.ledger.services import fold_waiting, post, post_many
from core.reference import Ref
from tests.core.ledger.books import declared


def transfer(key: str, *legs: Entry) -> Transfer:
    return Transfer(
        key=key,
        unit="CNY",
        reason="books.fee",
        cause=Ref("books.sale", 1),
        occurred_at=clock.now(),
        entries=legs,
    )


async def sell(number: int, outside: int, public: int) -> None:
    """A whole verb: a row of its own, a transfer, an audit event and a job; every other one at once."""
    async with unit_of_work() as unit:
        if number % 2:
            unit.insert("sale", number=number)
        else:
            await unit.connection.execute("insert into sale (number) values ($1)", number)
        post(transfer(f"sale:{number}", Entry(outside, -number), Entry(public, number)))
        record_audit("books.sold", Ref("books.sale", number), actor_id=None)
        add_job("books.tell", {"number": number}, key=f"sale:{number}")


async def sell_on(work: dict[str, Any]) -> None:
    """Until somebody kills this process; each number that is committed is printed."""
    number = int(work["first"])
    while True:
        await sell(number, work["outside"], work["public"])
        print(number, flush=True)
        number += 1


async def repeat(work: dict[str, Any]) -> Counter[str]:
    """The same transfers as every other process, in an order of its own."""
    dice = random.Random(work["seed"])
    numbers = list(range(40))
    dice.shuffle(numbers)
    done: Counter[str] = Counter()
    for n in numbers:
        legs = Entry(work["outside"], -1), Entry(work["public"], 1)
        done[await _try(transfer(f"shared:{n}", *legs))] += 1
    return done


async def trade(work: dict[str, Any]) -> Counter[str]:
    """Transfers of several legs, batches and folds over everybody's accounts, on four connections."""
    dice = random.Random(work["seed"])

    def deal(n: int) -> Transfer:
        one, two, three = dice.sample(work["accounts"], 3)
        first, second = dice.randint(1, 40), dice.randint(1, 40)
        giving = Entry(one, -first - second, Draw(way="any") if one in work["lots"] else None)
        return transfer(f"trade:{work['seed']}:{n}", giving, Entry(two, first), Entry(three, second))

    async def trader(numbers: range) -> Counter[str]:
        done: Counter[str] = Counter()
        for n in numbers:
            done[await _try(deal(n))] += 1
            if n % 5 == 0:
                async with unit_of_work():
                    outcomes = await post_many([deal(1000 + 10 * n + k) for k in range(4)])
                done.update(type(o.refusal).__name__ if o.refusal else "new" for o in outcomes)
            if n % 7 == 0:
                await fold_waiting()
        return done

    counts = await asyncio.gather(*(trader(range(k, 60, 4)) for k in range(4)))
    return sum(counts, Counter())


async def _try(*transfers: Transfer) -> str:
    try:
        async with unit_of_work():
            for one in transfers:
                post(one)
    except YijiError as refusal:
        return type(refusal).__name__
    return "new"


async def main(url: str, work: dict[str, Any]) -> None:
    await database.open_pool(url, size=4)
    async with declared():
        done = await {"sell": sell_on, "repeat": repeat, "trade": trade}[work["do"]](work)
    await database.close_pool()
    print(json.dumps(done))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
