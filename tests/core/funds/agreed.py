"""The agreement that a fund needs before it opens, drafted by its head and confirmed by another person."""

from typing import Any

from core import clock
from core.files.rules import Upload
from core.funds import services
from core.funds.queries import funds
from core.funds.rules.agreements import COMMUNITY, Terms
from core.people.rules import Actor, Grant
from core.people.services import register_person

SIGNED = Upload("协议.pdf", b"%PDF-1.4\n% signed by both")


def terms(**changes: Any) -> Terms:
    """What is agreed with a community, from today on."""
    known: dict[str, Any] = {
        "founder_kind": COMMUNITY,
        "founder": "测样里社区居委会",
        "purpose": "样里的孩子和老人",
        "uses": "由管委会表决",
        "rights": "推荐管委会成员",
        "ending": "余款转入目的相近的基金",
        "fee_percent": 5,
        "from_on": clock.today(),
    }
    return Terms(**(known | changes))


async def checker_at(fund_id: int) -> Actor:
    """Somebody new who confirms agreements at the fund's foundation."""
    foundation = (await funds.fund(fund_id)).foundation
    person_id = await register_person("测核对", phone=None, password=None)
    return Actor(person_id, "测核对", None, (Grant("core.fund_checker", foundation),))


async def agree(fund_id: int, head: Actor, **changes: Any) -> int:
    """A signed agreement; its id."""
    agreement_id = await services.draft_agreement(fund_id, terms(**changes), actor=head)
    await services.sign_agreement(
        agreement_id, signed_on=clock.today(), upload=SIGNED, actor=await checker_at(fund_id)
    )
    return agreement_id


async def open_agreed(fund_id: int, head: Actor) -> None:
    """The fund opens, by its agreement."""
    await agree(fund_id, head)
    await services.open_fund(fund_id, actor=head)
