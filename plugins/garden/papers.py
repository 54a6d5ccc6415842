"""What a household and the organization have agreed on, as a paper."""

from core import clock, money
from core.documents.papers import Facts, Heading, Paper, Paragraph, Signatures
from core.language import mark, show_time, translate
from plugins.garden.queries import AgreementView
from plugins.garden.rules import AGREEMENTS


def agreement(lease: AgreementView) -> Paper:
    """The agreement of a lease that is paid, in the words of the version that was accepted."""
    term = translate(mark("从 %(start)s 到 %(end)s"), start=lease.starts_on, end=lease.ends_on)
    facts = (
        (mark("编号"), str(lease.lease_id)),
        (mark("甲方"), lease.organization),
        (mark("乙方"), lease.person),
        (mark("菜园"), lease.garden),
        (mark("地块"), translate(mark("%(n)s 号"), n=lease.number)),
        (mark("认领期限"), term),
        (mark("已缴费用 (元)"), money.format_yuan(lease.total_fen)),
        (mark("金额大写"), money.spell_yuan(lease.total_fen)),
        (mark("协议版本"), str(lease.version)),
    )
    terms = "\n".join(f"{n}. {translate(term)}" for n, term in enumerate(AGREEMENTS[lease.version], 1))
    signed = translate(mark("乙方于 %(at)s 在线阅读并同意以上约定。"), at=show_time(lease.signed_at))
    return Paper(
        title=translate(mark("菜园地块认领协议")),
        dated=clock.local(lease.signed_at).date(),
        parts=(
            Facts([(translate(name), value) for name, value in facts]),
            Heading(translate(mark("约定"))),
            Paragraph(terms),
            Paragraph(signed),
            Signatures([translate(mark("甲方 (盖章)")), translate(mark("乙方 (签名)"))]),
        ),
    )
