"""A funder and an applicant for each test."""

import pytest

from tests.plugins.venture.making import Applicant, Funder, make_applicant, make_funder


@pytest.fixture
async def funder(db: str) -> Funder:
    return await make_funder()


@pytest.fixture
async def applicant(db: str) -> Applicant:
    return await make_applicant()
