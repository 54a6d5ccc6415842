"""Lists from a platform of the first tenant's foundation, one that waits for each step."""

from core import clock
from core.database import fetch
from core.files.rules import Upload
from core.language import LANGUAGE
from core.people.rules import Actor
from plugins.foundation.rules.platforms import Payout
from plugins.foundation.services import platforms
from plugins.foundation.services.booking import book_list

_SLIP = Upload("回单.pdf", b"%PDF-1.4\n%%EOF\n")


def sheet(order_no: str, yuan: str) -> Upload:
    """A list of one gift, given today."""
    text = f"订单号,捐赠时间,捐赠金额,昵称\n{order_no},{clock.today()},{yuan},网友\n"
    return Upload("清单.csv", text.encode())


async def make_platform_things(campaign_id: int, fund: int, *, treasurer: Actor) -> dict[str, int]:
    """Ids by the state of the list: judged, waiting, booked. The campaign becomes one on a platform."""
    await fetch(
        "update foundation_campaign set mode = 'link_out_designated',"
        " platform_url = 'https://gy.example.org/1' where id = $1",
        campaign_id,
    )
    found = {}
    for state, yuan in (("judged", "10"), ("waiting", "6000"), ("booked", "20")):
        list_id = await platforms.upload_list(campaign_id, f"{fund}-", sheet(state, yuan), actor=treasurer)
        found[f"{state}_list"] = list_id
        payout = Payout(payout_fen=int(yuan) * 100, payout_no=state, paid_out_on=clock.today())
        if state != "judged":
            await platforms.settle_list(list_id, payout, _SLIP, actor=treasurer)
        if state == "booked":
            await book_list(list_id, language=LANGUAGE.get())
    return found | {"platform_campaign": campaign_id}
