"""A certificate on paper: who, for whom, how long, and how anybody checks it."""

from collections.abc import Sequence

from core import clock
from core.documents.papers import Code, Facts, Heading, Paper, Paragraph, Signatures, Table
from core.language import mark, show_time, translate
from core.volunteers.queries.certificates import CertificateView, CertifiedLine
from core.volunteers.rules.terms import hours_shown, volunteer_number

VOID = mark("已作废")
_SAYS = mark(
    "%(name)s 在 %(begin)s 至 %(end)s 期间，参加本组织志愿服务 %(times)s 次，"
    "双方确认的服务时长共 %(hours)s 小时。"
)
_CHECK = mark("扫码打开核对页面，看它现在是否有效。码里 # 后面是签了名的同样内容，没有网络也能核对。")


def certificate_paper(found: CertificateView, lines: Sequence[CertifiedLine], *, code: str) -> Paper:
    """`lines`: what it sums up, as far as the paper shows it; `code`: what its QR code holds."""
    facts = (
        (mark("编号"), found.number),
        (mark("姓名"), found.shown_name),
        (mark("志愿者编号"), volunteer_number(found.person_id)),
        (mark("出具组织"), found.organization),
        (mark("服务时长"), translate(mark("%(n)s 小时"), n=hours_shown(found.minutes))),
        (mark("出具日期"), clock.local(found.issued_at).date().isoformat()),
    )
    said = translate(
        _SAYS,
        name=found.shown_name,
        begin=found.from_on,
        end=found.until_on,
        times=found.services,
        hours=hours_shown(found.minutes),
    )
    return Paper(
        title=translate(mark("志愿服务证明")),
        dated=clock.local(found.issued_at).date(),
        remark=translate(VOID) if found.revoked_at else "",
        parts=(
            Paragraph(said),
            Facts([(translate(name), value) for name, value in facts]),
            Code(code, translate(_CHECK)),
            Signatures([translate(title) for title in (mark("经办人"), mark("负责人"), mark("组织盖章"))]),
            Heading(translate(mark("服务明细"))),
            _table(lines),
            *_left_out(found.services - len(lines)),
        ),
    )


def _table(lines: Sequence[CertifiedLine]) -> Table:
    header = (mark("开始时间"), mark("服务内容"), mark("时长 (分钟)"))
    return Table(
        header=[translate(title) for title in header],
        rows=[(show_time(line.begins_at), line.title, str(line.minutes)) for line in lines],
        widths=(3, 6, 2),
        numbers=(2,),
    )


def _left_out(count: int) -> list[Paragraph]:
    return [Paragraph(translate(mark("另有 %(n)s 次没有列出。"), n=count))] if count > 0 else []
