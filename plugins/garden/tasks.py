"""The garden's doors for background work."""

from core.documents.services import keep_paper
from core.language import in_language
from plugins.garden import papers, queries, services
from workers.task import task


@task("garden.release_unpaid")
async def release_unpaid() -> None:
    """Free the plots whose time to pay is over."""
    await services.release_unpaid()


@task(services.AGREEMENT)
async def print_agreement(lease_id: int, household_id: int, owner_id: int, language: str) -> None:
    """The agreement of a lease, for somebody of its household."""
    lease = await queries.agreement(lease_id, household_id=household_id)
    with in_language(language):
        paper = papers.agreement(lease)
        await keep_paper(f"{paper.title} {lease_id}", paper, owner_id=owner_id)
