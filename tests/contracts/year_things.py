"""A foundation's years: an entry that waits, one that is counted, figures to be reviewed."""

from dataclasses import replace

from core import clock
from core.people.rules import Actor, Grant
from plugins.foundation.rules import SECRETARY, years
from plugins.foundation.rules.disclosures import TRANSACTION
from plugins.foundation.rules.years import EntryDraft
from plugins.foundation.services import entries, openings
from plugins.foundation.services.disclosures import record_duty
from tests.factories import Committee
from tests.plugins.foundation.years_world import REPORT, VOUCHER, opening_draft


async def make_year_things(here: Committee, first: Actor, second: Actor) -> dict[str, int]:
    """Ids by name; last year can be closed."""
    year, found = clock.today().year, {}
    for name, amount_fen in (("entry", 600000), ("counted_entry", 1000)):
        draft = EntryDraft(
            kind=years.MANAGEMENT,
            what="工资",
            amount_fen=amount_fen,
            occurred_on=clock.today(),
            voucher_no=name,
        )
        found[name] = await entries.record_entry(here.id, year, draft, VOUCHER, actor=first)
    for name, of in (("last_opening", year - 1), ("opening", year)):
        draft_ = opening_draft()
        found[name] = await openings.record_opening(here.id, of, draft_, REPORT, actor=first)
    await openings.review_opening(found["last_opening"], actor=second)
    head = replace(first, grants=(*first.grants, Grant(SECRETARY, here.ref)))
    found["duty"] = await record_duty(here.id, TRANSACTION, "买车", clock.today(), actor=head)
    return found
