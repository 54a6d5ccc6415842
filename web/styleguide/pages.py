"""Every component of the pages in every state, for those who build pages. Public, and in no menu."""

from litestar import get

from core.approvals.rules import APPROVALS
from web.access import PUBLIC
from web.forms import Answer, Form
from web.templates import page
from web.workflows.pictures import draw_flow

_LONG = "龙凤新区公共空间共建共治共享自治管理委员会暨邻里互助社区发展微基金管理小组联席会议办公室" * 2


@get("/styleguide", include_in_schema=False, access=PUBLIC)
async def show_styleguide() -> Answer:
    """The components of `macros.html`: as they are, refused, disabled, with long words, and empty."""
    long_word = "Supercalifragilistic" * 6
    refused = Form(
        {"refused_text": "十二", "refused_area": _LONG, "refused_choice": "b"},
        {
            name: "只写数字，例如 35.00"
            for name in ("refused_text", "refused_area", "refused_choice", "refused_tick", "refused_radio")
        }
        | {"": "请看下面标出的地方"},
        takes_focus=False,
    )
    return page(
        "web/styleguide.html",
        plain=Form({"radio": "b"}),
        refused=refused,
        long=_LONG,
        long_word=long_word,
        flow=APPROVALS,
        drawn=draw_flow(APPROVALS),
    )


HANDLERS = [show_styleguide]
