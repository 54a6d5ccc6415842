"""Jobs that print a paper into a file of the person who asked."""

from core import clock, settings
from core.documents.services import PAPER_ROWS_MOST, keep_paper
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
