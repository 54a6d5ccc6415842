"""An organization is paid at an account of its own name, which two persons have set."""

import asyncio

import pytest

from core.cipher import Undecipherable
from core.database import fetch, fetch_value
from core.organizations.errors import OrganizationNotFound, ReasonMissing
from core.organizations.errors.payees import (
    AccountMalformed,
    BankMissing,
    HolderDiffers,
    OwnProposal,
    PayeeNotFound,
    PayeeProposedAlready,
)
from core.organizations.queries import payees
from core.organizations.rules.payees import BankAccount
from core.organizations.services.payees import decide_payee, propose_payee
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from tests.core.organizations.records import Place, make_place

NAME = "样邻社区营造中心"
SAID = BankAccount("样例银行锦江支行", NAME, "6222 0000 0000 1234")


def test_name_bank_and_number_are_looked_at() -> None:
    assert SAID.checked(NAME) == BankAccount("样例银行锦江支行", NAME, "6222000000001234")
    assert (
        BankAccount("样例 银行", "样邻(社区)", "１２３４５６７８").checked("样邻（社区）").number
        == "12345678"
    )
    for said, refusal in (
        (BankAccount("行", NAME, "12345678"), BankMissing),
        (BankAccount("样例银行", "样邻社区营造中心二", "12345678"), HolderDiffers),
        (BankAccount("样例银行", "", "12345678"), HolderDiffers),
        (BankAccount("样例银行", NAME, "1234567"), AccountMalformed),
        (BankAccount("样例银行", NAME, "1" * 33), AccountMalformed),
        (BankAccount("样例银行", NAME, "1234567a"), AccountMalformed),
    ):
        with pytest.raises(refusal):
            said.checked(NAME)


async def decide(place: Place, one: int, is_confirmed: bool, *, by: str, reason: str = "") -> None:
    actor = getattr(place, by)
    await decide_payee(one, is_confirmed=is_confirmed, reason=reason, organization_id=place.id, actor=actor)


async def test_a_second_person_confirms_and_the_number_is_sealed(db: str) -> None:
    place = await make_place()
    one = await propose_payee(place.id, SAID, actor=place.manager)
    assert await propose_payee(place.id, SAID, actor=place.manager) == one  # the second click
    assert await payees.payee_of(place.id) is None
    with pytest.raises(OwnProposal):
        await decide(place, one, True, by="manager")
    assert len(await payees.todos(place.second)) == len(await payees.todos(place.staff)) == 1
    assert await payees.todos(place.manager) == await payees.todos(place.elsewhere) == []
    for _ in range(2):
        await decide(place, one, True, by="second")
    found = await payees.payee_of(place.id)
    assert found is not None
    assert found.line == "样例银行锦江支行 ****1234"
    assert await payees.number_of(one) == "6222000000001234"
    everything = str([dict(row) for row in await fetch("select * from organization_payee")])
    assert "6222000000001234" not in everything
    assert "1234" not in str(await fetch("select facts from audit_event"))
    await fetch("update organization_payee set id = id + 1000")
    with pytest.raises(Undecipherable):  # it cannot be moved to another row
        await payees.number_of(one + 1000)


async def test_a_new_account_replaces_the_old_one_only_when_confirmed(db: str) -> None:
    place = await make_place()
    first = await propose_payee(place.id, SAID, actor=place.manager)
    await decide(place, first, True, by="staff")
    other = BankAccount("另一银行", NAME, "98765432")
    with pytest.raises(PermissionMissing):
        await propose_payee(place.id, other, actor=place.staff)
    second = await propose_payee(place.id, other, actor=place.manager)
    with pytest.raises(PayeeProposedAlready):
        await propose_payee(place.id, BankAccount("第三银行", NAME, "98765432"), actor=place.second)
    with pytest.raises(ReasonMissing):
        await decide(place, second, False, by="second")
    await decide(place, second, False, by="second", reason="户名不清")
    with pytest.raises(WrongState):
        await decide(place, second, True, by="second")
    assert (await payees.payee_of(place.id)).id == first  # type: ignore[union-attr]
    third = await propose_payee(place.id, other, actor=place.manager)
    await decide(place, third, True, by="second")
    assert [(one.id, one.state) for one in await payees.payees(place.id)] == [
        (third, "confirmed"),
        (second, "rejected"),
        (first, "replaced"),
    ]


async def test_strangers_and_two_at_once(db: str) -> None:
    place = await make_place()
    with pytest.raises(PermissionMissing):
        await propose_payee(place.id, SAID, actor=place.elsewhere)
    both = [propose_payee(place.id, SAID, actor=actor) for actor in (place.manager, place.second)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in results].count(PayeeProposedAlready) == 1
    one = await fetch_value("select id from organization_payee")
    with pytest.raises(OrganizationNotFound):
        await decide(place, one, True, by="elsewhere")
    with pytest.raises(PayeeNotFound):
        await decide(place, one + 1, True, by="staff")
