"""Goods of the first foundation: expiring, all handed out, handed out in part; and the price of an hour."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_value
from core.files.rules import Upload
from core.parameters.services import set_parameter
from core.reference import Ref
from plugins.foundation import demo
from plugins.foundation.rules import goods as rules
from plugins.foundation.rules.goods import HANDED, GoodsDraft, MoveDraft
from plugins.foundation.rules.hours import HOUR_FEN
from plugins.foundation.services import goods

Report = Callable[[int, int], None]
_HOUR_FEN = 2_000
# Slip, donor, kind, what, how many, of what unit, value, how it is known, days until it expires, handed out.
_GOODS = (
    ("WZ-001", "样里粮店", rules.FOOD, "大米，十公斤装 (样例)", 40, "袋", 240_000, "invoice", 20, 15),
    ("WZ-002", "", "books", "绘本 (样例)", 120, "本", 300_000, "fair", None, 120),
    ("WZ-003", "样例织造厂", "clothes", "毛毯 (样例)", 60, "条", 480_000, "invoice", None, 22),
)


async def build_goods(report: Report) -> None:
    """Each only if it has not been made."""
    place = await fetch_value("select id from organization where name = '锦样基金会'")
    if not await fetch_value("select exists (select from parameter_value where code = $1)", HOUR_FEN):
        await _price_hours(Ref("organization", place))
    for number, one in enumerate(_GOODS, 1):
        known = "select exists (select from foundation_goods where organization = $1 and slip_no = $2)"
        if not await fetch_value(known, place, one[0]):
            await _receive(place, *one)
        report(number, len(_GOODS))


async def _price_hours(foundation: Ref) -> None:
    head = await demo.actor_at(demo.HEAD)
    with demo.days_ago(300):
        await set_parameter(
            HOUR_FEN, foundation, _HOUR_FEN, effective_on=clock.today(), actor_id=head.person_id
        )


async def _receive(
    place: int, slip_no: str, donor: str, kind: str, what: str, quantity: int, unit: str, value_fen: int,
    valued: str, good_for_d: int | None, handed: int,
) -> None:  # fmt: skip
    keeper = await demo.actor_at(demo.TREASURER)
    expires_on = clock.today() + timedelta(days=good_for_d) if good_for_d else None
    with demo.days_ago(25):
        draft = GoodsDraft(
            fund_id=None,
            campaign_id=None,
            donor_name=donor,
            is_anonymous=not donor,
            kind=kind,
            what=what,
            quantity=quantity,
            unit=unit,
            value_fen=value_fen,
            valued=valued,
            condition="全新，包装完好 (样例)",
            expires_on=expires_on,
            received_on=clock.today(),
            slip_no=slip_no,
        )
        made = await goods.record_goods(place, draft, _paper("点收单"), actor=keeper)
    with demo.days_ago(10):
        move = MoveDraft(
            kind=HANDED,
            quantity=handed,
            receiver_id=await fetch_value("select id from organization where name = '样里社区居民委员会'"),
            receiver_name="",
            request_id=None,
            why="重阳节慰问和四点半课堂 (样例)",
            happened_on=clock.today(),
            slip_no=f"FF-{slip_no}",
        )
        await goods.move_goods(made, move, _paper("签收单"), actor=keeper)


def _paper(name: str) -> Upload:
    return Upload(f"样例{name}.pdf", b"%PDF-1.4\n% sample slip")
