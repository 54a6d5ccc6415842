"""The types of pages of campaigns and giving, for `page_types.py`."""

from tests.web.page_type import PageType

_CAMPAIGN = "/foundation/campaigns/{campaign_id:int}"
_CAMPAIGN_DESK = f"{_CAMPAIGN}/desk"
_NEW_PLAN = "/foundation/campaigns/new/{organization_id:int}"
CAMPAIGN_TYPES = (
    PageType("/foundation/campaigns", "/foundation/campaigns"),
    PageType(_CAMPAIGN, "/foundation/campaigns/{campaign_link}"),
    PageType(_CAMPAIGN, "/foundation/campaigns/{campaign_own}"),
    PageType(_CAMPAIGN, "/foundation/campaigns/{campaign_reported}"),
    PageType(f"{_CAMPAIGN}/give", "/foundation/campaigns/{campaign_own}/give"),
    PageType(_CAMPAIGN_DESK, "/foundation/campaigns/{campaign_draft}/desk", "fund_head", press="/plan"),
    PageType(_CAMPAIGN_DESK, "/foundation/campaigns/{campaign_draft}/desk", "fund_checker"),
    PageType(_CAMPAIGN_DESK, "/foundation/campaigns/{campaign_reviewed}/desk", "fund_head", press="/filing"),
    PageType(_CAMPAIGN_DESK, "/foundation/campaigns/{campaign_directed}/desk", "fund_head"),
    PageType(_CAMPAIGN_DESK, "/foundation/campaigns/{campaign_own}/desk", "fund_head", press="/reports"),
    PageType(_NEW_PLAN, "/foundation/campaigns/new/{foundation}", "fund_head", press="/new"),
    PageType("/foundation/hosts", "/foundation/hosts", "fund_head", press="/hosts"),
    PageType("/foundation/hosts", "/foundation/hosts", "newcomer"),
)
