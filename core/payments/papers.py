"""The receipt of a paid order: for the payer's own records, and no fiscal receipt."""

from collections.abc import Sequence

from core import clock, money
from core.documents.papers import Code, Facts, Paper, Paragraph, Table
from core.language import mark, show_time, translate
from core.ledger.rules import reason_title
from core.payments.queries import PaymentView
from core.payments.rules import CHANNELS, Order, OrderLine

NOT_FISCAL = mark("非财政票据")


def receipt(
    order: Order, lines: Sequence[OrderLine], payment: PaymentView, *, payee: str, payer: str, address: str
) -> Paper:
    """What was paid, by whom, to whom, for what; `address` is the order's page."""
    facts = (
        (mark("缴费单号"), str(order.id)),
        (mark("收款方"), payee),
        (mark("缴款人"), payer),
        (mark("金额 (元)"), money.format_yuan(payment.amount_fen)),
        (mark("金额大写"), money.spell_yuan(payment.amount_fen)),
        (mark("付款方式"), translate(CHANNELS[payment.channel])),
        (mark("收据号"), payment.receipt_no),
        (mark("经手人"), payment.confirmed_by),
        (mark("收款时间"), show_time(payment.confirmed_at)),
    )
    return Paper(
        title=translate(mark("缴费凭条")),
        dated=clock.local(payment.confirmed_at).date(),
        remark=translate(NOT_FISCAL),
        parts=(
            Facts([(translate(name), value) for name, value in facts if value]),
            Table(
                header=[translate(title) for title in (mark("收费项目"), mark("说明"), mark("金额 (元)"))],
                rows=[
                    (translate(reason_title(line.reason)), line.note, money.format_yuan(line.amount_fen))
                    for line in lines
                ],
                widths=(3, 5, 2),
                numbers=(2,),
            ),
            Paragraph(translate(mark("本凭条说明款项已经收到，只供缴款人留存，不能代替财政票据或发票。"))),
            Code(address, translate(mark("登录后扫码，可以查看这张缴费单。"))),
        ),
    )
