"""May a campaign take this money, at this address, from this donor, today? Pure.

Raising money in public on the internet belongs on platforms that the ministry has designated; a certified
charity may do it on its own site as well (慈善法 §27). A site of several foundations that does is itself a
platform, and unlawful (§114). So it depends on the host name at which the visitor is.
"""

from dataclasses import dataclass
from datetime import date

from core.errors import YijiError
from core.money import format_yuan
from plugins.foundation.errors.campaigns import (
    CampaignOver,
    CertificateExpired,
    CertificateMissing,
    HostOfAnother,
    HostShared,
    NoMoneyHere,
    NotBegun,
    NotInvited,
    NotOfCommunity,
    NotRunning,
    SignInToGive,
    TooMuchAltogether,
    TooMuchAtOnce,
)
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.campaigns import Filing, why_not_filed


@dataclass(frozen=True)
class Certificate:
    """The right to raise money in public, as it is on record; it holds through its last day."""

    number: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class Host:
    """Where the visitor is. `owner_id`: the one charity that the name belongs to; None: shared."""

    name: str
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What is asked of a campaign before it takes money."""

    mode: str
    state: str
    organization_id: int
    is_emergency: bool
    begins_on: date
    ends_on: date
    filing_no: str
    filed_on: date | None
    certificate: Certificate | None


def may_take_money(campaign: Taking, host: Host, today: date, terms: dict[str, int]) -> YijiError | None:
    """The reason against a pay button here and today; None: there is one."""
    if campaign.mode not in rules.TAKES_MONEY:
        return NoMoneyHere()
    if host.owner_id is not None and host.owner_id != campaign.organization_id:
        return HostOfAnother()
    if reason := _why_not_today(campaign, today):
        return reason
    return _why_not_in_public(campaign, host, today, terms) if campaign.mode in rules.PUBLIC else None


def _why_not_today(campaign: Taking, today: date) -> YijiError | None:
    if campaign.state in (rules.ENDED, rules.REPORTED):
        return CampaignOver()
    if reason := why_not_over(campaign.ends_on, today):
        return reason
    if campaign.state != rules.RUNNING:
        return NotRunning()
    return NotBegun(day=campaign.begins_on) if today < campaign.begins_on else None


def why_not_over(ends_on: date, today: date) -> YijiError | None:
    """The last day counts."""
    return CampaignOver() if today > ends_on else None


def _why_not_in_public(campaign: Taking, host: Host, today: date, terms: dict[str, int]) -> YijiError | None:
    if reason := why_not_certified(campaign.certificate, today):
        return reason
    filing = Filing(
        mode=campaign.mode,
        is_emergency=campaign.is_emergency,
        begins_on=campaign.begins_on,
        filing_no=campaign.filing_no,
        filed_on=campaign.filed_on,
    )
    if reason := why_not_filed(filing, terms, today):
        return reason
    return HostShared() if host.owner_id is None else None


def why_not_certified(certificate: Certificate | None, today: date) -> YijiError | None:
    """A certificate with a number, which holds today."""
    if certificate is None or not certificate.number or today < certificate.valid_from:
        return CertificateMissing()
    until = certificate.valid_until
    return CertificateExpired(day=until) if until is not None and today > until else None


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Who gives: on the list, living in the community, and how much by now in this campaign."""

    is_invited: bool
    is_neighbour: bool
    given_fen: int


def why_not_from(
    mode: str, giver: Giver | None, amount_fen: int, *, place: str, terms: dict[str, int]
) -> YijiError | None:
    """The reason against this donor's gift; `giver` None: nobody is signed in. `amount_fen` 0: any gift."""
    if mode not in (rules.DIRECTED, rules.MUTUAL):
        return None
    if giver is None:
        return SignInToGive()
    if mode == rules.DIRECTED:
        return None if giver.is_invited else NotInvited()
    if not giver.is_neighbour:
        return NotOfCommunity(place=place)
    most, altogether = terms[rules.MUTUAL_GIFT], terms[rules.MUTUAL_PERSON]
    if amount_fen > most:
        return TooMuchAtOnce(most=format_yuan(most))
    left = max(0, altogether - giver.given_fen)
    if amount_fen > left:
        return TooMuchAltogether(most=format_yuan(altogether), left=format_yuan(left))
    return None
