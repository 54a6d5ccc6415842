"""May a campaign take money: both sides of each boundary; nothing here needs a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from plugins.foundation.errors import campaigns as errors
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.taking import (
    Certificate,
    Giver,
    Host,
    Taking,
    may_take_money,
    why_not_from,
)

TODAY, DAY = date(2026, 11, 22), timedelta(days=1)
OWN, OTHER = 7, 8
HERE, SHARED, ELSEWHERE = Host("juan.localhost", OWN), Host("localhost", None), Host("bie.localhost", OTHER)
TERMS = {parameter.code: parameter.default for parameter in rules.PARAMETERS}
VALID = Certificate("川民慈募001", TODAY - 400 * DAY, TODAY)
GOOD = Taking(
    mode=rules.OWN_SITE,
    state=rules.RUNNING,
    organization_id=OWN,
    is_emergency=False,
    begins_on=TODAY,
    ends_on=TODAY,
    filing_no="备案1",
    filed_on=TODAY - 10 * DAY,
    certificate=VALID,
)


def why(host: Host = HERE, **changes: Any) -> type[Exception] | None:
    """The kind of reason against the good campaign with these changes."""
    found = may_take_money(replace(GOOD, **changes), host, TODAY, TERMS)
    return type(found) if found else None


def test_a_certified_charity_takes_money_at_its_own_address() -> None:
    assert why() is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"certificate": replace(VALID, valid_until=TODAY)}, None),
        ({"certificate": replace(VALID, valid_until=TODAY - DAY)}, errors.CertificateExpired),
        ({"certificate": replace(VALID, valid_until=None)}, None),
        ({"certificate": replace(VALID, valid_from=TODAY)}, None),
        ({"certificate": replace(VALID, valid_from=TODAY + DAY)}, errors.CertificateMissing),
        ({"certificate": replace(VALID, number="")}, errors.CertificateMissing),
        ({"certificate": None}, errors.CertificateMissing),
        ({"filing_no": "", "filed_on": None}, errors.FilingMissing),
        ({"filing_no": ""}, errors.FilingMissing),
        ({"filed_on": TODAY - 9 * DAY}, errors.FiledTooLate),
        ({"begins_on": TODAY - DAY}, errors.FiledTooLate),
        ({"begins_on": TODAY + DAY, "ends_on": TODAY + DAY}, errors.NotBegun),
        ({"begins_on": TODAY - 5 * DAY, "ends_on": TODAY - DAY}, errors.CampaignOver),
        ({"state": rules.ENDED}, errors.CampaignOver),
        ({"state": rules.REPORTED}, errors.CampaignOver),
        ({"state": rules.REVIEWED}, errors.NotRunning),
        ({"state": rules.DRAFT}, errors.NotRunning),
        ({"state": rules.DROPPED}, errors.NotRunning),
        ({"mode": rules.LINK}, errors.NoMoneyHere),
        ({"mode": rules.OFFLINE}, errors.NoMoneyHere),
    ],
)
def test_what_speaks_against_it(changes: dict[str, Any], refusal: type[Exception] | None) -> None:
    assert why(**changes) is refusal


def test_a_shared_site_links_out_and_that_of_another_charity_takes_nothing() -> None:
    assert why(SHARED) is errors.HostShared
    assert why(ELSEWHERE) is errors.HostOfAnother
    for mode in (rules.DIRECTED, rules.MUTUAL):
        assert why(SHARED, mode=mode, certificate=None, filing_no="") is None
        assert why(ELSEWHERE, mode=mode) is errors.HostOfAnother
        assert why(mode=mode, ends_on=TODAY - DAY) is errors.CampaignOver


@pytest.mark.parametrize(
    ("begun", "filed", "refusal"),
    [
        (10, None, None),
        (11, None, errors.FiledTooLateAfter),
        (11, 1, None),
        (12, 1, errors.FiledTooLateAfter),
    ],
)
def test_in_an_emergency_it_is_filed_within_ten_days_of_its_begin(
    begun: int, filed: int | None, refusal: type[Exception] | None
) -> None:
    """`begun` and `filed`: how many days ago."""
    found = why(
        is_emergency=True,
        begins_on=TODAY - begun * DAY,
        filing_no="应急1" if filed is not None else "",
        filed_on=None if filed is None else TODAY - filed * DAY,
    )
    assert found is refusal


NEIGHBOUR = Giver(is_invited=False, is_neighbour=True, given_fen=0)
STRANGER = replace(NEIGHBOUR, is_neighbour=False)


@pytest.mark.parametrize(
    ("mode", "giver", "amount_fen", "refusal"),
    [
        (rules.OWN_SITE, None, 10**9, None),
        (rules.DIRECTED, None, 1, errors.SignInToGive),
        (rules.DIRECTED, NEIGHBOUR, 1, errors.NotInvited),
        (rules.DIRECTED, replace(STRANGER, is_invited=True), 10**9, None),
        (rules.MUTUAL, None, 1, errors.SignInToGive),
        (rules.MUTUAL, replace(STRANGER, is_invited=True), 1, errors.NotOfCommunity),
        (rules.MUTUAL, NEIGHBOUR, 200000, None),
        (rules.MUTUAL, NEIGHBOUR, 200001, errors.TooMuchAtOnce),
        (rules.MUTUAL, replace(NEIGHBOUR, given_fen=300000), 200000, None),
        (rules.MUTUAL, replace(NEIGHBOUR, given_fen=300001), 200000, errors.TooMuchAltogether),
        (rules.MUTUAL, replace(NEIGHBOUR, given_fen=600000), 1, errors.TooMuchAltogether),
    ],
)
def test_who_may_give(
    mode: str, giver: Giver | None, amount_fen: int, refusal: type[Exception] | None
) -> None:
    found = why_not_from(mode, giver, amount_fen, place="样里社区", terms=TERMS)
    assert (type(found) if found else None) is refusal


def test_the_reasons_are_said_in_words() -> None:
    expired = may_take_money(
        replace(GOOD, certificate=replace(VALID, valid_until=TODAY - DAY)), HERE, TODAY, TERMS
    )
    assert "2026-11-21" in str(expired)
    assert "第二十七条" in str(may_take_money(GOOD, SHARED, TODAY, TERMS))
    much = why_not_from(rules.MUTUAL, NEIGHBOUR, 200001, place="样里社区", terms=TERMS)
    assert "2,000.00" in str(much)
