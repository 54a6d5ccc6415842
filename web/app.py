"""The composition root: core's own pages, those of every plugin, and the frame around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, MediaType, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, ControllerRouterHandler

from core import plugins
from core.database import close_pool, fetch_value, open_pool
from core.errors import PluginRefused, YijiError
from core.jobs.bell import BELL
from core.language import catalogue
from core.settings import Settings
from web import errors
from web.access import PUBLIC, check_access, routes
from web.account import api as account_api
from web.account import pages as account
from web.approvals import api as approvals_api
from web.approvals import pages as approvals
from web.assets import FOLDER
from web.audit import api as audit_api
from web.audit import pages as audit
from web.bank import api as bank_api
from web.bank import pages as bank
from web.children import api as children_api
from web.children import pages as children
from web.description import Description
from web.documents import api as documents_api
from web.documents import pages as documents
from web.events import api as events_api
from web.events import pages as events
from web.files import api as files_api
from web.files import pages as files
from web.frame import BODY_MOST, Frame
from web.funds import api as funds_api
from web.funds import pages as funds
from web.home import pages as home
from web.households import api as households_api
from web.households import pages as households
from web.jobs import api as jobs_api
from web.jobs import pages as jobs
from web.ledger import api as ledger_api
from web.ledger import pages as ledger
from web.merchants import api as merchants_api
from web.merchants import pages as merchants
from web.notifications import api as notifications_api
from web.notifications import pages as notifications
from web.organizations import api as organizations_api
from web.organizations import pages as organizations
from web.payments import api as payments_api
from web.payments import pages as payments
from web.people import api as people_api
from web.people import pages as people
from web.privacy import api as privacy_api
from web.privacy import pages as privacy
from web.projects import api as projects_api
from web.projects import pages as projects
from web.refunds import api as refunds_api
from web.refunds import pages as refunds
from web.registration import api as registration_api
from web.registration import pages as registration
from web.residents import api as residents_api
from web.residents import pages as residents
from web.roles import api as roles_api
from web.roles import pages as roles
from web.rules import api as rules_api
from web.rules import pages as rules
from web.search import api as search_api
from web.search import pages as search
from web.styleguide import pages as styleguide
from web.templates import check_templates
from web.todo import api as todo_api
from web.todo import pages as todo
from web.tour import api as tour_api
from web.tour import pages as tour
from web.volunteers import api as volunteers_api
from web.volunteers import pages as volunteers
from web.workflows import api as workflows_api
from web.workflows import pages as workflows

_PAGES = (
    home, tour, people, registration, account, households, residents, roles, payments, refunds, merchants,
    ledger, funds, notifications, approvals, workflows, search, todo, rules, projects, volunteers, documents,
    files, jobs, events, audit, styleguide, organizations, privacy, children, bank,
)  # fmt: skip
_APIS = (
    people_api, registration_api, account_api, households_api, residents_api, roles_api, payments_api,
    refunds_api, merchants_api, ledger_api, funds_api, notifications_api, approvals_api, workflows_api,
    search_api, todo_api, rules_api, documents_api, files_api, jobs_api, events_api, audit_api, projects_api,
    tour_api, volunteers_api, organizations_api, privacy_api, children_api, bank_api,
)  # fmt: skip


@get("/healthz", media_type=MediaType.TEXT, include_in_schema=False, access=PUBLIC)
async def healthz() -> str:
    """For load balancers and `yiji up`: does this process reach its database?"""
    await fetch_value("select 1")
    return "ok"


def create_app(settings: Settings) -> ASGIApp:
    """The ASGI application of this deployment, with its frame."""
    return Frame(create_litestar(settings), secret=settings.secret, trusted_proxies=settings.trusted_proxies)


def create_litestar(settings: Settings) -> Litestar:
    """The application without its frame; raises PluginRefused for a route that states no access."""
    app = Litestar(
        route_handlers=[healthz, _static(), *_page_handlers(), *_api_handlers()],
        guards=[check_access],
        exception_handlers={
            YijiError: errors.on_refusal,
            HTTPException: errors.on_http_exception,
            Exception: errors.on_fault,
        },
        lifespan=[_connected(settings)],
        openapi_config=OpenAPIConfig(
            title="益集",
            version="1",
            render_plugins=[Description(path=["/", "/openapi.json"])],
            # A router of its own, because Litestar answers whatever is unknown in it by a page of its own.
            openapi_router=Router(
                path="/api/v1/openapi.json",
                route_handlers=[],
                opt={"access": PUBLIC},
                include_in_schema=False,
            ),
        ),
        request_max_body_size=BODY_MOST,
        logging_config=None,
    )
    if silent := [f"{method} {path}" for path, method, access in routes(app) if access is None]:
        raise PluginRefused(f"{_owner(silent[0])}: routes without access: {', '.join(silent)}")
    check_templates(settings.data)
    catalogue()
    return app


def _owner(route: str) -> str:
    """Whose route it is, as far as its path tells."""
    first = route.partition("/")[2].removeprefix("api/v1/").partition("/")[0]
    return f"plugin {first!r}" if first in plugins.installed() else "web"


def _connected(settings: Settings):  # type: ignore[no-untyped-def]  # noqa: ANN202
    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        assert settings.database_url is not None, "YIJI_DATABASE_URL is not set"
        await open_pool(settings.database_url, size=settings.pool_size)
        BELL.open(settings.database_url)
        try:
            yield
        finally:
            await BELL.close()
            await close_pool()

    return lifespan


def _static() -> Router:
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        opt={"access": PUBLIC},
        include_in_schema=False,
        cache_control=CacheControlHeader(max_age=300, public=True),
    )


def _page_handlers() -> list[ControllerRouterHandler]:
    own = [handler for module in _PAGES for handler in module.HANDLERS]
    return own + [_mounted("register_pages", "/{}", name) for name in _with("register_pages")]


def _api_handlers() -> list[ControllerRouterHandler]:
    # Side by side, not one within the other: Litestar copies a router with all that is in it.
    own = Router(path="/api/v1", route_handlers=[handler for module in _APIS for handler in module.HANDLERS])
    return [own, *(_mounted("register_api", "/api/v1/{}", name) for name in _with("register_api"))]


def _with(hook: str) -> list[str]:
    return list(dict.fromkeys(name for name, _ in plugins.registered(hook)))


def _mounted(hook: str, path: str, name: str) -> Router:
    handlers = [handler for owner, handler in plugins.registered(hook) if owner == name]
    return Router(
        path=path.format(name),
        route_handlers=handlers,
        include_in_schema=hook == "register_api",
        tags=[name],
    )
