"""The garden's own places of rules, and the rule about its rules."""

import pytest

from core import plugins
from core.manifest import ParameterScope
from core.reference import Ref
from plugins.garden import rules
from plugins.garden.errors import FewerPlotsThanThat
from tests.factories import make_committee, make_garden


async def test_gardens_are_places_of_their_organization(db: str) -> None:
    committee, other = await make_committee(), await make_committee()
    garden_id, _ = await make_garden(committee)
    scope = Ref("garden", garden_id)
    places = await plugins.collect("collect_parameter_scopes", organization_id=committee.id)
    assert places == [ParameterScope(scope=scope, title="测试菜园")]
    assert await plugins.collect("collect_parameter_scopes", organization_id=other.id) == []

    async def owner(kind: str, number: int) -> object:
        return await plugins.decide("decide_organization_of", scope_kind=kind, scope_id=number)

    assert await owner("garden", garden_id) == committee.id
    assert await owner("garden", 10**9) is None
    assert await owner("lot", garden_id) is None


@pytest.mark.parametrize(("value", "plots"), [(1, 1), (6, 6), (50, None)])
def test_a_household_may_have_as_many_plots_as_there_are(value: int, plots: int | None) -> None:
    rules.check_plots_most(value, plots)


def test_but_not_more() -> None:
    with pytest.raises(FewerPlotsThanThat, match="只有 6 块地"):
        rules.check_plots_most(7, 6)


def test_every_number_may_be_set_for_a_garden_and_has_a_unit() -> None:
    assert all("garden" in p.scopes and p.unit for p in rules.PARAMETERS)
