"""Changes of purpose: what is asked, of whom, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row
from core.funds.errors import ChangeNotFound
from core.funds.rules import changes
from core.funds.rules.changes import Asked
from core.language import mark
from core.manifest import Todo
from core.reference import Ref


@dataclass(frozen=True)
class ChangeView:
    """A change of purpose; `state` is asking, done or dropped."""

    id: int
    fund_id: int
    fund: str
    foundation_id: int
    from_purpose_id: int
    from_purpose: str
    to_purpose_id: int
    to_purpose: str
    reason: str
    state: str
    silence_counts: bool
    answers_until: date
    proposed_at: datetime
    moved_fen: int | None
    done_at: datetime | None

    @property
    def foundation(self) -> Ref:
        """Where its head holds the role."""
        return Ref("organization", self.foundation_id)


_CHANGE = """
select c.id, c.fund as fund_id, f.name as fund, f.organization as foundation_id,
    c.from_purpose as from_purpose_id, a.title as from_purpose, c.to_purpose as to_purpose_id,
    b.title as to_purpose, c.reason, c.state, c.silence_counts, c.answers_until, c.proposed_at, c.moved_fen,
    c.done_at
from fund_change c join fund f on f.id = c.fund join fund_purpose a on a.id = c.from_purpose
join fund_purpose b on b.id = c.to_purpose"""
# What is bound to the purpose of change c and not used, gift by gift.
_BOUND = """
    select l.origin_id as gift, sum(p.amount)::bigint as amount from ledger_account a
    join ledger_lot_part p on p.account = a.id join ledger_lot l on l.id = p.lot
    where a.owner_kind = 'fund' and a.owner_id = c.fund and a.kind = 'core.fund'
        and l.restriction = 'purpose:' || c.from_purpose
    group by l.origin_id"""


async def change(change_id: int, *, lock: bool = False) -> ChangeView:
    """The change, its row locked until COMMIT if asked; raises ChangeNotFound."""
    row = await fetch_row(
        f"{_CHANGE} where c.id = $1" + (" for no key update of c" if lock else ""), change_id
    )
    if row is None:
        raise ChangeNotFound
    return ChangeView(**dict(row))


async def of_fund(fund_id: int) -> list[ChangeView]:
    """What was asked and became of it, newest first."""
    rows = await fetch(f"{_CHANGE} where c.fund = $1 order by c.id desc limit 5", fund_id)
    return [ChangeView(**dict(row)) for row in rows]


async def asked(change_id: int) -> list[Asked]:
    """What is bound and not used, gift by gift in the order in which it came, with the answers."""
    rows = await fetch(
        f"""
        select bound.gift, bound.amount, w.answer, g.counted_at <= c.proposed_at as is_asked
        from fund_change c cross join lateral ({_BOUND}) bound join fund_gift g on g.id = bound.gift
        left join fund_change_answer w on w.change = c.id and w.gift = bound.gift
        where c.id = $1 order by bound.gift""",
        change_id,
    )
    return [Asked(row["gift"], row["amount"], row["answer"], row["is_asked"]) for row in rows]


async def gifts_asked(change_id: int, person_id: int) -> list[int]:
    """The person's own gifts about which is asked."""
    rows = await fetch(
        f"""
        select bound.gift from fund_change c cross join lateral ({_BOUND}) bound
        join fund_gift g on g.id = bound.gift and g.counted_at <= c.proposed_at
        where c.id = $1 and g.donor = $2 order by bound.gift""",
        change_id,
        person_id,
    )
    return [row["gift"] for row in rows]


async def donors(change_id: int) -> list[int]:
    """All donors with an account who are asked, or were: the silence of who was left out must not count."""
    rows = await fetch(
        f"""
        select distinct g.donor from fund_change c join fund_gift g on g.fund = c.fund
            and g.counted_at <= c.proposed_at
        where c.id = $1 and g.donor is not null and (g.id in (select gift from ({_BOUND}) bound)
            or exists (select from fund_change_answer w where w.change = c.id and w.gift = g.id))
        order by g.donor""",
        change_id,
    )
    return [row["donor"] for row in rows]


async def asked_of_gift(gift_id: int) -> ChangeView | None:
    """What is being asked about a gift, of which something is bound and not used."""
    row = await fetch_row(
        f"{_CHANGE} join fund_gift g on g.fund = c.fund and g.counted_at <= c.proposed_at"
        f" where g.id = $1 and c.state = 'asking' and g.id in (select gift from ({_BOUND}) bound)"
        " order by c.id limit 1",
        gift_id,
    )
    return ChangeView(**dict(row)) if row else None


async def answer_of(change_id: int, gift_ids: Sequence[int]) -> str | None:
    """What was answered for these gifts, if for all the same."""
    rows = await fetch(
        "select gift, answer from fund_change_answer where change = $1 and gift = any($2)",
        change_id,
        list(gift_ids),
    )
    answers = {row["answer"] for row in rows}
    return answers.pop() if len(answers) == 1 and len(rows) == len(gift_ids) else None


async def todos(person_id: int, headed: Sequence[int]) -> list[Todo]:
    """Questions to the person as a donor, and what the head of these foundations can bring to its end."""
    today = clock.today()
    mine = await fetch(
        f"""
        select distinct c.id, c.answers_until from fund_gift g
        join fund_change c on c.fund = g.fund and c.state = 'asking' and c.answers_until >= $2
            and g.counted_at <= c.proposed_at
        where g.donor = $1 and g.id in (select gift from ({_BOUND}) bound)
            and not exists (select from fund_change_answer w where w.change = c.id and w.gift = g.id)
        order by c.answers_until, c.id limit 5""",
        person_id,
        today,
    )
    over = await fetch(
        "select c.id from fund_change c join fund f on f.id = c.fund"
        " where c.state = 'asking' and c.answers_until < $2 and f.organization = any($1)"
        " order by c.answers_until, c.id limit 5",
        list(headed),
        today,
    )
    return [
        *(
            Todo(
                title=mark("您的捐赠能不能改用在别的用途，请回答"),
                path=f"/funds/changes/{row['id']}",
                due_at=clock.end_of(row["answers_until"]),
            )
            for row in mine
        ),
        *(Todo(title=mark("改变用途的期限到了，请办完"), path=f"/funds/changes/{row['id']}") for row in over),
    ]


@dataclass(frozen=True)
class Tally:
    """How many gifts, and how much, for one answer; `answer` None: silent."""

    answer: str | None
    gifts: int
    amount_fen: int


def tallies(found: Sequence[Asked]) -> list[Tally]:
    """Consent, objection, silence, in this order."""
    return [
        Tally(
            answer,
            sum(1 for one in found if one.is_asked and one.answer == answer),
            sum(one.amount_fen for one in found if one.is_asked and one.answer == answer),
        )
        for answer in (*changes.ANSWERS, None)
    ]
