"""Jobs that print a paper into a file of the person who asked."""

from core import clock, settings
from core.documents.services import NOBODY, PAPER_ROWS_MOST, keep_paper
from core.funds import papers as fund_papers
from core.funds.queries import agreements, gifts, receipts
from core.funds.services import receipts as gift_receipts
from core.funds.services.agreements import PAPER as AGREEMENT
from core.language import in_language, mark, translate
from core.ledger import queries as ledger
from core.ledger.services import PAPER
from core.organizations import papers as organization_papers
from core.organizations import queries as organizations
from core.payments import papers, queries
from core.payments.services import RECEIPT
from core.reference import Ref
from core.volunteers import papers as volunteer_papers
from core.volunteers.queries import certificates
from core.volunteers.services.certificates import PAPER as CERTIFICATE
from workers.task import task

_SERVICES_MOST = 500


@task(PAPER)
async def print_statement(organization_id: int, kind: str, unit: str, owner_id: int, language: str) -> None:
    """An organization's account in money, oldest line first, the newest PAPER_ROWS_MOST at most."""
    owner = await organizations.organization(organization_id)
    newest = await ledger.statement(
        Ref("organization", owner.id), kind=kind, unit=unit, page=1, size=PAPER_ROWS_MOST
    )
    with in_language(language):
        paper = organization_papers.statement(
            owner.name,
            newest.lines[::-1] if newest else [],
            balance=newest.balance if newest else 0,
            total=newest.lines_total if newest else 0,
            at=clock.now(),
        )
        await keep_paper(f"{owner.name} {translate(mark('公共账户'))}", paper, owner_id=owner_id)


@task(RECEIPT)
async def print_receipt(order_id: int, owner_id: int, language: str) -> None:
    """What says that an order was paid."""
    order = await queries.order(order_id)
    payee, payer = await organizations.organization(order.payee_id), await queries.payer_name(order)
    with in_language(language):
        paper = papers.receipt(
            order,
            await queries.lines(order_id),
            await queries.payment(order_id),
            payee=payee.name,
            payer=payer,
            address=f"{settings.load().public_url}/orders/{order_id}",
        )
        await keep_paper(f"{paper.title} {order_id}", paper, owner_id=owner_id)


@task(CERTIFICATE)
async def print_certificate(certificate_id: int, owner_id: int, language: str) -> None:
    """A volunteer's certificate; the oldest _SERVICES_MOST of its services are listed."""
    found = await certificates.certificate(certificate_id)
    lines = await certificates.certified(found, limit=_SERVICES_MOST)
    with in_language(language):
        paper = volunteer_papers.certificate_paper(found, lines, code=certificates.code_of(found))
        await keep_paper(f"{paper.title} {found.number}", paper, owner_id=owner_id)


@task(gift_receipts.PAPER)
async def print_gift_receipt(receipt_id: int, owner_id: int, language: str) -> None:
    """What says that a gift came, for its donor or for the foundation's books."""
    with in_language(language):
        await _keep_gift_receipt(receipt_id, owner_id)


@task(gift_receipts.PAPER_BY_CODE)
async def print_gift_receipt_by_code(receipt_id: int, language: str) -> None:
    """The same for whoever has the gift's trace code."""
    with in_language(language):
        file_id = await _keep_gift_receipt(receipt_id, NOBODY)
    await gift_receipts.keep_paper_by_code(receipt_id, file_id)


async def _keep_gift_receipt(receipt_id: int, owner_id: int) -> int:
    found = await receipts.receipt(receipt_id)
    gift = await gifts.gift(found.gift_id)
    donor = receipts.donor_on(gift, is_own=gift.donor_id == owner_id)
    paper = fund_papers.receipt_paper(
        found,
        gift,
        donor=donor,
        code=receipts.code_of(found, gift, donor=donor),
        void=await receipts.void_before(found),
    )
    return await keep_paper(f"{paper.title} {found.number}", paper, owner_id=owner_id)


@task(AGREEMENT)
async def print_agreement(agreement_id: int, owner_id: int, language: str) -> None:
    """The agreement of a fund, to be signed or kept."""
    found = await agreements.agreement(agreement_id)
    with in_language(language):
        paper = fund_papers.agreement_paper(found)
        await keep_paper(f"{paper.title} {found.number}", paper, owner_id=owner_id)
