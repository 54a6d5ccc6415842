"""What plugins are told: it has happened. Delivered after the unit of work that made it true."""

import pluggy

hookspec = pluggy.HookspecMarker("yiji")


@hookspec
async def order_paid(order_id: int, cause_kind: str, cause_id: int) -> None:
    """An order was paid in full; its lines stand in the ledger, in the same unit of work.

    Fires once an order (`order_id`), however it was paid. Does not fire for part payments, cancelled
    orders, or orders of kinds that `register_order_causes` names (gifts: `fund_gifts_counted`).
    `cause_kind` and `cause_id` are the Ref given when the order was made (`garden.lease`, 12):
    return at once if it is not yours. You may not undo the payment; ask for a refund instead.
    """


@hookspec
async def money_returned(
    order_id: int, cause_kind: str, cause_id: int, amount_fen: int, outcome: str
) -> None:
    """Money of the order `order_id` has gone back to its payer, a part of it or all: `amount_fen`.

    Fires once a refund with the `outcome` sent, also for one made on the provider's own pages and for money
    that was paid twice; once more with failed when the bank sends it back, so that we have it again; with
    undone when money of the bank had been booked on this order by mistake, and none goes back. Does not
    fire for disputes. The order stays paid, and what it was paid for stays as it is: `cause_kind` and
    `cause_id` are those of `order_paid`.
    """


@hookspec
async def dispute_moved(dispute_id: int, state: str) -> None:
    """A payer's bank disputes a payment (`state` open), or has decided about it (won, lost).

    Fires once a state that the dispute `dispute_id` comes to. Does not fire for money that moves because
    of it.
    """


@hookspec
async def approval_opened(approval_id: int, subject_kind: str, subject_id: int, purpose: str) -> None:
    """The approval `approval_id` was opened and waits for its voters.

    Fires once an approval, also when recusals have left too few voters to decide it. Does not fire again
    when a vote is taken back. `subject_kind`, `subject_id` and `purpose` are those it was opened with.
    """


@hookspec
async def approval_decided(
    approval_id: int, subject_kind: str, subject_id: int, purpose: str, outcome: str
) -> None:
    """The approval `approval_id` has ended. `outcome`: approved, rejected, expired or withdrawn, for good.

    Fires once an approval. Does not fire for single votes. `subject_kind`, `subject_id` and `purpose`
    are those it was opened with: return at once if they are not yours. What was approved may have become
    impossible meanwhile: ask again.
    """


@hookspec
async def organization_reviewed(organization_id: int, outcome: str) -> None:
    """The registration of `organization_id` was decided. `outcome`: approved, returned or refused.

    Fires once a review: after `returned` it may come again. Does not fire for organizations that were
    registered by the system. Approved, whoever registered it is its manager already.
    """


@hookspec
async def organization_restriction_moved(restriction_id: int, organization_id: int, state: str) -> None:
    """The restriction `restriction_id` of `organization_id` came to another state of its workflow: `state`.

    Fires once a step: imposed (`in_force`), appealed, upheld, lifted. Does not fire when its end comes.
    Whether the organization may take part in something, ask `core.organizations` when it matters.
    """


@hookspec
async def fund_request_moved(request_id: int, state: str) -> None:
    """The request for money `request_id` has come to another state: `state`, of the workflow `fund_request`.

    Fires once a step, from the committee's decision to the voucher, also where it is refused, withdrawn or
    released; not when it is asked for, which `approval_opened` tells. It may have moved on since.
    """


@hookspec
async def fund_change_moved(change_id: int, state: str) -> None:
    """A change of purpose, `change_id`, has come to another state: `state`, of the workflow `fund_change`.

    Fires when donors are asked (`asking`), and when it is carried out or dropped; not for each answer.
    """


@hookspec
async def fund_gifts_counted(gift_ids: list[int]) -> None:
    """The gifts `gift_ids` to funds count, paid online or recorded: each is a lot of the ledger now.

    Fires once a unit of work that counts gifts, with all of them, at most five hundred at once. Does not
    fire for promises, nor for what a plugin adds to a gift (`count_sponsored`). A gift may have gone back
    meanwhile.
    """


@hookspec
async def fund_gift_refunded(gift_id: int) -> None:
    """Money of the gift `gift_id` went back to its donor: by two persons, or the way it was paid online.

    Fires when the second person has signed, and each time what went back online changes, a dispute or a
    refund that failed too: ask how much it is by now. Does not fire for a gift that never counted.
    """


@hookspec
async def service_confirmed(
    service_id: int, person_id: int, organization_id: int, minutes: int, evidence_id: int
) -> None:
    """A volunteer's service is confirmed from both sides, and its minutes stand in the ledger.

    Fires once a record (`service_id`; events are in order for each), when the volunteer `person_id` agrees
    to the `minutes` that a leader of `organization_id` has written down. Does not fire for what is proposed
    or disputed. `evidence_id` is evidence of kind `core.service` about Ref("volunteer_service",
    `service_id`): use it for your own purpose, once. What was confirmed may be taken back later
    (`service_revoked`); its correction is a record of its own, confirmed anew.
    """


@hookspec
async def service_revoked(service_id: int, person_id: int, organization_id: int, minutes: int) -> None:
    """A confirmed record of service was taken back, because it was wrong.

    Fires once a record (`service_id`) that was confirmed before, and after its `service_confirmed`; its
    `minutes` of the volunteer `person_id` with `organization_id` are reversed in the ledger. Does not fire
    for records that were never confirmed. Take back what you gave for it.
    """


@hookspec
async def person_deleted(person_id: int) -> None:
    """The account of `person_id` has ended: name, phone, number and sessions are erased, the id stays.

    Fires once a person; not when it is only asked for. Erase what it wrote of itself; the books stay.
    """
