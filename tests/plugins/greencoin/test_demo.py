"""The village of the demo world: it is whole, marked as sample, and can be built on after an interruption."""

import pytest

from core import plugins
from core.database import fetch, fetch_value
from plugins.greencoin import demo
from plugins.greencoin.queries import points, schemes


async def test_the_village_is_built_once_with_claims_at_every_stage(db: str) -> None:
    said: list[tuple[int, int]] = []
    for _ in range(2):
        await demo.build_village(lambda done, of: said.append((done, of)))
    assert said[-1] == (6, 6)
    rows = await fetch("select distinct state from greencoin_claim order by state")
    assert {row["state"] for row in rows} == {
        "credited", "in_review", "publicised", "rejected", "submitted", "verified",
    }  # fmt: skip
    (scheme,) = await schemes.schemes()
    assert scheme.is_sample
    found = await points.figures(scheme)
    assert found.households == demo.HOUSEHOLDS == 300
    assert await fetch_value("select count(*) from household where region = $1", scheme.region_id) == 300
    assert await fetch_value("select count(*) from greencoin_redemption where state = 'reserved'") == 1
    assert found.outstanding + found.redeemed + found.lapsed - found.debt == found.issued
    assert await plugins.collect("collect_differences") == []


async def test_an_interrupted_build_goes_on(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo.shop, "change_stock", stopped)
        with pytest.raises(KeyboardInterrupt):
            await demo.build_village(lambda done, of: None)
    assert await fetch_value("select count(*) from greencoin_item") == 0
    await demo.build_village(lambda done, of: None)
    assert await fetch_value("select count(*) from greencoin_item") == 4
    assert await fetch_value("select count(*) from greencoin_passbook") == 300
