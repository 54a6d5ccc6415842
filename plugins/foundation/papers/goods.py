"""The receipt for goods that were given: no fiscal paper, and no sum of money."""

from core import clock, money
from core.documents.papers import Code, Facts, Paper, Paragraph, Signatures
from core.funds.papers import NOT_FISCAL
from core.language import mark, translate
from core.settings import load
from plugins.foundation.queries.goods import GoodsView
from plugins.foundation.rules import goods as rules


def trace_path(found: GoodsView) -> str:
    """The page by which the donor sees where it went."""
    return f"/foundation/goods/trace?code={found.trace_code}"


def goods_paper(found: GoodsView) -> Paper:
    """As the donor wants to be called."""
    is_valued = found.valued != rules.UNVALUED
    facts = (
        (mark("单据号"), found.slip_no),
        (mark("捐赠人"), found.donor_name or translate(mark("匿名"))),
        (mark("捐赠种类"), f"{translate(mark('物资'))} · {translate(rules.KINDS[found.kind])}"),
        (mark("捐赠财产"), found.what),
        (mark("数量"), f"{found.quantity} {found.unit}"),
        (mark("成色"), found.condition),
        (mark("保质期至"), found.expires_on.isoformat() if found.expires_on else ""),
        (mark("价值 (元)"), money.format_yuan(found.value_fen) if is_valued else ""),
        (mark("按什么估价"), translate(rules.VALUED[found.valued])),
        (mark("捐给"), found.fund or found.campaign or ""),
        (mark("受赠组织"), found.organization),
        (mark("收到日期"), found.received_on.isoformat()),
    )
    return Paper(
        title=translate(mark("捐赠物资回执")),
        dated=clock.today(),
        remark=translate(NOT_FISCAL),
        parts=(
            Paragraph(translate(mark("收到下列捐赠物资，谢谢。物资的价值不是货币收入，不计入资金。"))),
            Facts([(translate(name), value) for name, value in facts if value]),
            Code(load().public_url + trace_path(found), translate(mark("扫码看物资去了哪里"))),
            Signatures([translate(mark("经手人")), translate(mark("组织盖章"))]),
        ),
    )
