"""To whom a fiscal receipt is to be made out: kept sealed with its gift, from the promise on."""

from collections.abc import Sequence

from core import clock
from core.audit.services import record_audit
from core.cipher import encrypt
from core.database import current_unit, unit_of_work
from core.funds import rules
from core.funds.queries.fiscal import purpose_of
from core.funds.rules.fiscal import Wish
from core.reference import Ref


async def keep_wish(gift_id: int, wish: Wish, person_id: int | None) -> None:
    """Write it down, or change it, in the caller's unit of work. The gift's row is there."""
    title, tax_no = _sealed(gift_id, wish)
    await current_unit().connection.execute(
        "insert into fund_fiscal_wish (gift, title_sealed, tax_no_sealed, asked_by, asked_at)"
        " values ($1, $2, $3, $4, $5) on conflict (gift) do update set title_sealed = $2,"
        " tax_no_sealed = $3, asked_by = $4, asked_at = $5",
        gift_id,
        title,
        tax_no,
        person_id,
        clock.now(),
    )
    record_audit("fund_gift.fiscal_asked", Ref(rules.GIFT, gift_id), actor_id=person_id)


def promise_wish(gift_id: int, wish: Wish, person_id: int | None) -> None:
    """The same for a gift whose own row goes down with this unit of work."""
    title, tax_no = _sealed(gift_id, wish)
    sealed = {"title_sealed": title, "tax_no_sealed": tax_no}
    current_unit().insert(
        "fund_fiscal_wish", gift=gift_id, **sealed, asked_by=person_id, asked_at=clock.now()
    )
    record_audit("fund_gift.fiscal_asked", Ref(rules.GIFT, gift_id), actor_id=person_id)


def _sealed(gift_id: int, wish: Wish) -> tuple[bytes, bytes | None]:
    purpose = purpose_of(gift_id)
    return encrypt(wish.title.encode(), purpose), encrypt(
        wish.tax_no.encode(), purpose
    ) if wish.tax_no else None


async def drop_wishes(gift_ids: Sequence[int]) -> None:
    """These gifts did not come: nobody needs to know any more, in the caller's unit of work."""
    await current_unit().connection.execute(
        "update fund_fiscal_wish set title_sealed = null, tax_no_sealed = null where gift = any($1)",
        list(gift_ids),
    )


async def forget_wishes(person_id: int) -> None:
    """The donor's account has ended: nobody needs to know any more to whom receipts were to be made out."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update fund_fiscal_wish set title_sealed = null, tax_no_sealed = null"
            " where gift in (select id from fund_gift where donor = $1)",
            person_id,
        )
