"""Goods of the foundation of the funds' world."""

from typing import Any

from core import clock
from core.files.rules import Upload
from plugins.foundation.rules.goods import HANDED, GoodsDraft, MoveDraft
from plugins.foundation.services import goods as services
from tests.core.funds.world import FundWorld

SLIP = Upload("点收单.pdf", b"%PDF-1.4\n% slip")


def rice(**changes: Any) -> GoodsDraft:
    """Three bags, worth 100.00 by the invoice, good for thirty days."""
    known: dict[str, Any] = {
        "fund_id": None,
        "campaign_id": None,
        "donor_name": "样样粮店",
        "is_anonymous": False,
        "kind": "food",
        "what": "大米",
        "quantity": 3,
        "unit": "袋",
        "value_fen": 10000,
        "valued": "invoice",
        "condition": "全新，有合格证",
        "expires_on": clock.today().replace(year=clock.today().year + 1),
        "received_on": clock.today(),
        "slip_no": "W-1",
    }
    return GoodsDraft(**(known | changes))


def handing(quantity: int, slip_no: str = "F-1", **changes: Any) -> MoveDraft:
    """To the neighbours."""
    known: dict[str, Any] = {
        "kind": HANDED,
        "quantity": quantity,
        "receiver_id": None,
        "receiver_name": "三号楼的邻居",
        "request_id": None,
        "why": "重阳节慰问",
        "happened_on": clock.today(),
        "slip_no": slip_no,
    }
    return MoveDraft(**(known | changes))


async def received(world: FundWorld, **changes: Any) -> int:
    """Goods that the treasurer wrote down."""
    return await services.record_goods(world.foundation, rice(**changes), SLIP, actor=world.treasurer)


async def moved(world: FundWorld, goods_id: int, quantity: int, slip_no: str = "F-1", **changes: Any) -> int:
    """What left of them."""
    draft = handing(quantity, slip_no, **changes)
    return await services.move_goods(goods_id, draft, SLIP, actor=world.treasurer)
