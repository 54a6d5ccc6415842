"""What core's own areas give to a dossier."""

from core.funds.queries import dossiers as funds
from core.manifest import DossierPart
from core.organizations.queries import dossiers as organizations
from core.payments.queries import dossiers as payments
from core.projects import queries as projects
from core.reference import Ref
from core.volunteers.queries import dossiers as volunteers


async def of_core(subject: Ref) -> list[DossierPart]:
    """Of an organization: itself, its roles, orders, projects, funds, and what volunteers did there.

    Of a fund: gifts and requests. Of a volunteer: what was served.
    """
    return [
        *await organizations.dossier(subject),
        *await payments.dossier(subject),
        *await projects.dossier(subject),
        *await funds.dossier(subject),
        *await volunteers.dossier(subject),
    ]
