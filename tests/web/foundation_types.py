"""The types of pages of the plugin foundation, for `page_types.py`."""

from tests.web.page_type import PageType

_POOLS, _POOL = "/foundation/{organization_id:int}/pools", "/foundation/pools/{pool_id:int}"
FOUNDATION_TYPES = (
    PageType("/foundation", "/foundation"),
    PageType("/foundation/{organization_id:int}", "/foundation/{foundation}", "fund_head"),
    PageType(_POOLS, "/foundation/{foundation}/pools", "fund_head"),
    PageType(f"{_POOLS}/new", "/foundation/{foundation}/pools/new", "fund_head", press="/pools"),
    PageType(_POOL, "/foundation/pools/{pool_open}"),
    PageType(_POOL, "/foundation/pools/{pool_open}", "fund_payer"),
    PageType(_POOL, "/foundation/pools/{pool_draft}", "fund_treasurer", press="/money"),
    PageType(_POOL, "/foundation/pools/{pool_ended}", "fund_treasurer"),
    PageType(_POOL, "/foundation/pools/{pool_prepared}", "fund_payer"),
)
