"""A fund with three gifts, and a neighbouring tenant."""

import pytest

from tests.core.funds.world import FundWorld, make_fund_world, three_gifts


@pytest.fixture
async def world(db: str) -> FundWorld:
    made = await make_fund_world()
    await three_gifts(made)
    return made


@pytest.fixture
async def other(db: str) -> FundWorld:
    """A neighbouring tenant."""
    return await make_fund_world(name="旁样基金会")
