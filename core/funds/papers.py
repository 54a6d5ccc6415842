"""Papers of funds: the agreement, signed by both sides, and the receipt of a gift (慈善法 38)."""

from core import clock, money
from core.documents.papers import Code, Facts, Heading, Paper, Paragraph, Signatures
from core.funds import rules as fund_rules
from core.funds.queries.agreements import AgreementView
from core.funds.queries.gifts import GiftView
from core.funds.queries.receipts import ReceiptView
from core.funds.rules import agreements as rules
from core.funds.rules.receipts import NO_NAME, TITLE
from core.language import mark, translate

_STATES = {rules.DRAFTED: mark("草稿，双方签字盖章后生效"), rules.DROPPED: mark("已作废")}
_SIGNED_BY = (mark("管理组织 (盖章)"), mark("设立人 (签字或盖章)"))
_CHAPTERS = (
    (mark("一、用途"), "purpose"),
    (mark("二、怎样使用"), "uses"),
    (mark("三、设立人的权利"), "rights"),
    (mark("四、终止和余款"), "ending"),
)
VOID = mark("已作废")
NOT_FISCAL = mark("非财政票据")
_ONLINE = mark("在线付款，系统登记")
_SAYS = mark("我们收到了您的捐赠，谢谢您！这是捐赠回执，不是财政票据，不能用来办理税前扣除。")
_CHECK = mark(
    "扫码看这笔钱去了哪里，以及这张回执现在是否有效。码里 # 后面是签了名的同样内容，没有网络也能核对。"
)
_RETURNED = mark("原来捐赠 %(all)s 元，已经退还 %(back)s 元。以前开具的回执作废，以这一张为准：%(old)s。")


def agreement_paper(found: AgreementView, *, founder: str = "") -> Paper:
    """For those who sign it: with whole names; with `founder` as others may read it."""
    facts = (
        (mark("编号"), found.number),
        (mark("基金"), found.fund),
        (mark("管理组织"), found.foundation),
        (mark("统一社会信用代码"), found.foundation_code or ""),
        (mark("设立人"), f"{founder or found.founder} ({translate(rules.FOUNDERS[found.founder_kind])})"),
        (mark("期限"), term_shown(found)),
        (mark("管理费"), fee_shown(found)),
        (mark("签订日期"), found.signed_on.isoformat() if found.signed_on else ""),
    )
    chapters = [
        part
        for title, name in _CHAPTERS
        for part in (Heading(translate(title)), Paragraph(getattr(found, name)))
    ]
    law = mark(
        "基金不是法人，没有自己的账户和公章；钱由管理组织持有，按照捐赠人的意愿和本协议使用，并向社会公开。"
    )
    return Paper(
        title=translate(mark("基金设立协议")),
        dated=found.signed_on or clock.local(found.drafted_at).date(),
        remark=translate(_STATES[found.state]) if found.state in _STATES else "",
        parts=(
            Facts([(translate(name), value) for name, value in facts if value]),
            *chapters,
            Heading(translate(mark("五、其他"))),
            Paragraph(translate(law)),
            Signatures([translate(title) for title in _SIGNED_BY]),
        ),
    )


def term_shown(found: AgreementView) -> str:
    """From when until when it holds."""
    if found.until_on is None:
        return translate(mark("%(day)s 起，长期"), day=found.from_on)
    return translate(mark("%(day)s 至 %(until)s"), day=found.from_on, until=found.until_on)


def fee_shown(found: AgreementView) -> str:
    """What the foundation takes for its work."""
    if not found.fee_percent:
        return translate(mark("不收管理费"))
    return translate(mark("每笔捐赠的 %(n)s%%"), n=found.fee_percent)


def receipt_paper(receipt: ReceiptView, gift: GiftView, *, donor: str, code: str, void: list[str]) -> Paper:
    """`donor` as the copy says, "" for anonymous; `void`: numbers of the gift that hold no more."""
    facts = (
        (mark("编号"), receipt.number),
        (mark("捐赠人"), donor or translate(NO_NAME)),
        (mark("捐赠种类"), translate(mark("货币"))),
        (mark("金额 (元)"), money.format_yuan(receipt.amount_fen)),
        (mark("金额大写"), money.spell_yuan(receipt.amount_fen)),
        (mark("捐给"), gift.fund),
        (mark("用途"), gift.purpose or translate(mark("不限用途"))),
        (mark("受赠组织"), receipt.organization),
        (mark("统一社会信用代码"), receipt.uscc or ""),
        (mark("收款方式"), translate(fund_rules.ALL_METHODS[gift.method])),
        (mark("收到日期"), gift.received_on.isoformat()),
        (mark("经手人"), receipt.handler or translate(_ONLINE)),
        (mark("开具日期"), clock.local(receipt.issued_at).date().isoformat()),
    )
    return Paper(
        title=translate(TITLE),
        dated=clock.local(receipt.issued_at).date(),
        remark=" · ".join(translate(one) for one in ([VOID] if receipt.voided_at else []) + [NOT_FISCAL]),
        parts=(
            Paragraph(translate(_SAYS)),
            Facts([(translate(name), value) for name, value in facts if value]),
            *_corrected(receipt, void),
            Code(code, translate(_CHECK)),
            Signatures([translate(mark("经手人")), translate(mark("组织盖章"))]),
        ),
    )


def _corrected(receipt: ReceiptView, void: list[str]) -> list[Paragraph]:
    if not receipt.returned_fen:
        return []
    said = translate(
        _RETURNED,
        all=money.format_yuan(receipt.amount_fen + receipt.returned_fen),
        back=money.format_yuan(receipt.returned_fen),
        old="、".join(void) or translate(mark("没有")),
    )
    return [Paragraph(said)]
