"""What everybody reads in the place of a donor's name."""

from datetime import date

import pytest

from core.database import fetch
from core.funds.queries import gifts, traces
from core.funds.rules import ANONYMOUS, NAME, NICKNAME
from core.funds.rules.names import public_name
from tests.core.funds.world import FundWorld, give


@pytest.mark.parametrize("by_minor", [False, True])
def test_a_donor_appears_as_wished(by_minor: bool) -> None:
    assert public_name(NICKNAME, "认样人", "邻居", by_minor=by_minor) == "邻居"
    assert public_name(ANONYMOUS, "认样人", "", by_minor=by_minor) == ""
    assert public_name(NAME, "认样人", "", by_minor=by_minor) == ("某同学" if by_minor else "认样人")


@pytest.mark.parametrize(
    ("born_on", "shown"), [(date(2008, 1, 16), "某同学"), (date(2008, 1, 15), "施样人"), (None, "施样人")]
)
async def test_whoever_was_a_minor_on_the_day_of_the_gift_is_not_named(
    world: FundWorld, born_on: date | None, shown: str
) -> None:
    gift_id = await give(world, 5000, "M-1", donor_id=world.donor.person_id, received_on=date(2026, 1, 15))
    await fetch("update person set born_on = $2 where id = $1", world.donor.person_id, born_on)
    found = await gifts.gift(gift_id)
    assert (found.shown_as, found.donor_name) == (shown, "施样人")
    assert shown in {flow.title for flow in await traces.gifts_in(world.fund, single=9)}
