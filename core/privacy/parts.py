"""What core's own areas know of a person, kind by kind.

Left out: an identity number, which nobody is shown; tokens and hashes; names of others but organizations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.database import fetch
from core.funds.queries import fiscal
from core.language import mark
from core.manifest import PersonalData
from core.registration import queries as registration

ROWS_MOST = 10_000


@dataclass(frozen=True)
class _Part:
    """`sql` reads the rows of the person $1; the names of its columns are keys of `_TITLES`."""

    name: str
    title: str
    sql: str


_PARTS = (
    _Part(
        "core.profile",
        mark("我的账号"),
        "select p.id, p.name, p.phone, p.email, p.email_pending, p.language, p.born_on, p.registered_at,"
        " i.verified_at from person p left join person_identity i on i.person = p.id where p.id = $1",
    ),
    _Part(
        "core.households",
        mark("家庭户"),
        "select h.id, r.name as place, m.joined_on, m.left_on from household_member m"
        " join household h on h.id = m.household join region r on r.id = h.region"
        " where m.person = $1 order by m.id desc",
    ),
    _Part(
        "core.household_requests",
        mark("家庭户的申请"),
        "select id, kind, state, asked_at, decided_at from household_request"
        " where asked_by = $1 or person = $1 order by id desc",
    ),
    _Part(
        "core.consents",
        mark("我的同意"),
        "select id, purpose, is_given, version, decided_at from consent where person = $1 order by id desc",
    ),
    _Part(
        "core.accesses",
        mark("谁看过我的资料"),
        "select id, what, seen_at from person_access where person = $1 order by id desc",
    ),
    _Part(
        "core.roles",
        mark("我的角色"),
        "select id, role, scope_kind, scope_id, granted_at, ends_on, revoked_at, reason from role_grant"
        " where person = $1 order by id desc",
    ),
    _Part(
        "core.sessions",
        mark("登录记录"),
        "select id, door, opened_at, last_seen_on from session where person = $1 order by id desc",
    ),
    _Part(
        "core.notices",
        mark("通知"),
        "select id, title, body, params::text as params, created_at, read_at from notification"
        " where person = $1 order by id desc",
    ),
    _Part(
        "core.messages",
        mark("短信和邮件"),
        "select id, kind, channel, state, created_at, sent_at from notification_message"
        " where person = $1 order by id desc",
    ),
    _Part(
        "core.notice_choices",
        mark("通知设置"),
        "select id, category, mail, sms from notification_choice where person = $1 order by id",
    ),
    _Part(
        "core.orders",
        mark("缴费单"),
        "select o.id, g.name as organization, o.cause_kind as kind, o.state, o.total_fen, o.created_at,"
        " o.closed_at from payment_order o join organization g on g.id = o.payee"
        " where o.payer = $1 order by o.id desc",
    ),
    _Part(
        "core.refunds",
        mark("退款"),
        'select r.id, r."order", r.amount_fen as total_fen, r.state, r.reason, r.asked_at, r.ended_at'
        ' from payment_refund r join payment_order o on o.id = r."order"'
        " where o.payer = $1 order by r.id desc",
    ),
    _Part(
        "core.gifts",
        mark("捐赠"),
        "select g.id, f.name as fund, g.donor_name as name, g.nickname, g.display, g.amount_fen as total_fen,"
        " g.received_on, g.state from fund_gift g join fund f on f.id = g.fund"
        " where g.donor = $1 order by g.id desc",
    ),
    _Part(
        "core.gift_receipts",
        mark("捐赠回执"),
        "select r.id, r.number, r.amount_fen as total_fen, r.issued_at, r.voided_at as revoked_at"
        " from fund_receipt r join fund_gift g on g.id = r.gift where g.donor = $1 order by r.id desc",
    ),
    _Part(
        "core.fiscal",
        mark("财政票据"),
        "select x.id, x.gift as subject_id, x.code, x.number, x.check_code, x.issued_on, x.replaced_at"
        " as revoked_at from fund_fiscal x join fund_gift g on g.id = x.gift where g.donor = $1"
        " order by x.id desc",
    ),
    _Part(
        "core.gift_packs",
        mark("捐赠资料的副本"),
        "select k.id, g.name as organization, k.gift as subject_id, p.name as asked_by, k.reason, k.asked_at,"
        " k.made_at as created_at from gift_pack k join organization g on g.id = k.organization"
        " left join person p on p.id = k.asked_by and k.asked_by <> $1"
        " where k.donor = $1 order by k.id desc",
    ),
    _Part(
        "core.fund_requests",
        mark("申请用款"),
        "select r.id, f.name as fund, r.title, r.amount_fen as total_fen, r.state, r.asked_at"
        " from fund_request r join fund f on f.id = r.fund where r.asked_by = $1 order by r.id desc",
    ),
    _Part(
        "core.fund_warnings",
        mark("用款时的关联提醒"),
        "select w.id, f.name as fund, r.title, w.code as what, w.found_at as created_at,"
        " w.explained as answer from fund_warning w join fund_request r on r.id = w.request"
        " join fund f on f.id = r.fund where w.person = $1 order by w.id desc",
    ),
    _Part(
        "core.fund_aware",
        mark("有关联提醒仍办理用款"),
        "select a.id, f.name as fund, r.title, a.step as what, a.reason, a.said_at as created_at"
        " from fund_aware a join fund_request r on r.id = a.request join fund f on f.id = r.fund"
        " where a.person = $1 order by a.id desc",
    ),
    _Part(
        "core.sign_ups",
        mark("志愿服务报名"),
        "select s.id, o.title, h.begins_at, h.ends_at, s.state, s.signed_at, s.came_at, s.left_at"
        " from volunteer_sign_up s join volunteer_shift h on h.id = s.shift"
        " join volunteer_opportunity o on o.id = h.opportunity where s.person = $1 order by s.id desc",
    ),
    _Part(
        "core.services",
        mark("志愿服务记录"),
        "select s.id, g.name as organization, s.begins_at, s.ends_at, s.minutes, s.state, s.reason, s.answer"
        " from volunteer_service s join organization g on g.id = s.organization"
        " where s.person = $1 order by s.id desc",
    ),
    _Part(
        "core.witnessed",
        mark("为别人作的证"),
        "select id, service, agrees, answered_at from volunteer_witness where person = $1 order by id desc",
    ),
    _Part(
        "core.certificates",
        mark("志愿服务证明"),
        "select c.id, c.number, g.name as organization, c.minutes, c.issued_at, c.revoked_at, c.reason"
        " from volunteer_certificate c join organization g on g.id = c.organization"
        " where c.person = $1 order by c.id desc",
    ),
    _Part(
        "core.stars",
        mark("志愿者星级"),
        "select s.id, r.name as place, s.stars, s.minutes, s.state, s.applied_at as asked_at, s.held_on,"
        " s.review_on, s.reason from volunteer_star s join region r on r.id = s.region"
        " where s.person = $1 order by s.id desc",
    ),
    _Part(
        "core.star_reviews",
        mark("星级年度复核"),
        "select r.id, r.due_on, r.ground, r.keeps, r.reason, r.decided_at, r.appeal, r.answer, r.answered_at"
        " from volunteer_star_review r join volunteer_star s on s.id = r.star"
        " where s.person = $1 order by r.id desc",
    ),
    _Part(
        "core.organizations",
        mark("登记的组织"),
        "select id, name, kind, state, reason, registered_at from organization"
        " where registrant = $1 order by id desc",
    ),
    _Part(
        "core.votes",
        mark("表决"),
        "select v.id, a.subject_kind, a.subject_id, v.choice, v.reason, v.cast_at from approval_vote v"
        " join approval a on a.id = v.approval where v.person = $1 order by v.id desc",
    ),
    _Part(
        "core.files",
        mark("上传的照片和文件"),
        "select id, name, subject_kind, subject_id, uploaded_at from file"
        " where uploaded_by = $1 order by id desc",
    ),
    _Part(
        "core.actions",
        mark("办过的事"),
        "select id, happened_at, action, subject_kind, subject_id from audit_event"
        " where actor_id = $1 order by happened_at desc, id desc",
    ),
)
_TITLES = {
    "id": mark("编号"),
    "name": mark("姓名或名称"),
    "phone": mark("手机号"),
    "email": mark("邮箱"),
    "email_pending": mark("待确认的邮箱"),
    "language": mark("语言"),
    "born_on": mark("出生日期"),
    "registered_at": mark("登记时间"),
    "verified_at": mark("核验时间"),
    "place": mark("地方"),
    "joined_on": mark("加入日期"),
    "left_on": mark("离开日期"),
    "kind": mark("种类"),
    "state": mark("状态"),
    "asked_at": mark("申请时间"),
    "asked_by": mark("代办的工作人员"),
    "decided_at": mark("决定时间"),
    "purpose": mark("用途"),
    "is_given": mark("是否同意"),
    "version": mark("说明的版本"),
    "what": mark("事项"),
    "seen_at": mark("查看时间"),
    "role": mark("角色"),
    "scope_kind": mark("范围"),
    "scope_id": mark("范围编号"),
    "granted_at": mark("授予时间"),
    "ends_on": mark("截止日期"),
    "revoked_at": mark("收回时间"),
    "reason": mark("原因"),
    "door": mark("从哪里"),
    "opened_at": mark("登录时间"),
    "last_seen_on": mark("最近使用"),
    "title": mark("标题"),
    "body": mark("内容"),
    "params": mark("内容里的数"),
    "created_at": mark("生成时间"),
    "read_at": mark("读到的时间"),
    "channel": mark("渠道"),
    "sent_at": mark("发出时间"),
    "category": mark("类别"),
    "mail": mark("邮件"),
    "sms": mark("短信"),
    "organization": mark("组织"),
    "total_fen": mark("金额（分）"),
    "order": mark("缴费单"),
    "ended_at": mark("结束时间"),
    "closed_at": mark("结束时间"),
    "fund": mark("基金"),
    "nickname": mark("昵称"),
    "display": mark("怎样公开"),
    "received_on": mark("收到日期"),
    "begins_at": mark("开始时间"),
    "ends_at": mark("结束时间"),
    "signed_at": mark("报名时间"),
    "came_at": mark("签到时间"),
    "left_at": mark("签退时间"),
    "minutes": mark("分钟"),
    "answer": mark("答复"),
    "service": mark("服务记录编号"),
    "agrees": mark("是否属实"),
    "answered_at": mark("答复时间"),
    "number": mark("号码"),
    "stars": mark("几星"),
    "held_on": mark("授星日期"),
    "review_on": mark("下次复核"),
    "due_on": mark("复核日期"),
    "ground": mark("复核原因"),
    "keeps": mark("是否保留"),
    "appeal": mark("申诉"),
    "issued_at": mark("开出时间"),
    "issued_on": mark("开票日期"),
    "code": mark("票据代码"),
    "check_code": mark("校验码"),
    "tax_no": mark("税号"),
    "subject_kind": mark("对象类型"),
    "subject_id": mark("对象编号"),
    "choice": mark("决定"),
    "cast_at": mark("表决时间"),
    "uploaded_at": mark("上传时间"),
    "happened_at": mark("时间"),
    "action": mark("操作代码"),
}


async def of_core(person_id: int) -> list[PersonalData]:
    """What core knows of the person, without what is empty."""
    found = [_told(part, await fetch(f"{part.sql} limit {ROWS_MOST}", person_id)) for part in _PARTS]
    return [part for part in [*found, await _children(person_id), await _wishes(person_id)] if part.rows]


async def _children(person_id: int) -> PersonalData:
    """Minors, and who still has no account: of others who are of age a guardian knows nothing more."""
    minors = await registration.children_of(person_id)
    rows: list[dict[str, Any]] = [{"id": one.id, "name": one.name, "born_on": one.born_on} for one in minors]
    known = {one.id for one in minors}
    wards = await registration.wards_of(person_id)
    rows += [{"id": one.id, "name": one.name, "born_on": None} for one in wards if one.id not in known]
    columns = {key: _TITLES[key] for key in ("id", "name", "born_on")}
    return PersonalData(name="core.children", title=mark("我的孩子"), columns=columns, rows=rows)


async def _wishes(person_id: int) -> PersonalData:
    """To whom fiscal receipts are to be made out: sealed, and the donor's own words."""
    wishes = await fiscal.wishes_of(person_id, limit=ROWS_MOST)
    rows = [
        {"subject_id": gift_id, "title": wish.title, "tax_no": wish.tax_no, "asked_at": wish.asked_at}
        for gift_id, wish in wishes
    ]
    columns = {key: _TITLES[key] for key in ("subject_id", "title", "tax_no", "asked_at")}
    title = mark("申请的财政票据")
    return PersonalData(name="core.fiscal_wishes", title=title, columns=columns, rows=rows)


def _told(part: _Part, rows: Sequence[Any]) -> PersonalData:
    keys = list(rows[0].keys()) if rows else []
    return PersonalData(
        name=part.name,
        title=part.title,
        columns={key: _TITLES[key] for key in keys},
        rows=[dict(row) for row in rows],
    )
