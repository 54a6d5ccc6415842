"""The agreement with a donor on paper, to be signed by both sides (慈善法 39)."""

from core import clock, money
from core.documents.papers import Facts, Heading, Paper, Paragraph, Signatures
from core.language import mark, translate
from plugins.foundation.queries.agreements import AgreementView
from plugins.foundation.rules import agreements as rules

_STATES = {rules.DRAFT: mark("草稿，双方签字盖章后生效"), rules.ENDED: mark("已终止")}


def agreement_paper(found: AgreementView) -> Paper:
    """For those who sign it: with whole names."""
    facts = (
        (mark("编号"), str(found.id)),
        (mark("受赠方"), found.organization),
        (mark("捐赠人"), found.donor_name),
        (mark("捐给"), found.fund),
        (mark("捐赠种类"), translate(rules.KINDS[found.kind])),
        (mark("捐赠财产"), found.what),
        (mark("数量"), found.quantity),
        (mark("质量"), found.quality),
        (mark("价值 (元)"), money.format_yuan(found.value_fen)),
        (mark("金额大写"), money.spell_yuan(found.value_fen)),
        (mark("交付日期"), found.deliver_by.isoformat()),
        (mark("指定的受益人"), found.beneficiary or ""),
        (mark("签订日期"), found.signed_on.isoformat() if found.signed_on else ""),
    )
    law = mark(
        "捐赠人自愿、无偿捐赠有权处分的合法财产，捐赠的物资安全可用；没有指定自己的利害关系人为受益人。"
        "受赠方按约定的用途使用，捐赠人可以查询、复制有关资料。"
    )
    return Paper(
        title=translate(mark("捐赠协议")),
        dated=found.signed_on or clock.local(found.drafted_at).date(),
        remark=translate(_STATES[found.state]) if found.state in _STATES else "",
        parts=(
            Facts([(translate(name), value) for name, value in facts if value]),
            Heading(translate(mark("用途"))),
            Paragraph(found.uses),
            Heading(translate(mark("约定"))),
            Paragraph(translate(law)),
            Signatures([translate(title) for title in (mark("受赠方 (盖章)"), mark("捐赠人 (签字或盖章)"))]),
        ),
    )
