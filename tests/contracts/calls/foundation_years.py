"""Calls of a foundation's years."""

from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.fund_things import FILE
from tests.contracts.world import World

_YEAR, _TODAY = clock.today().year, clock.today().isoformat()
_OF, _API_OF = "/foundation/{organization_id:int}", "/api/v1/foundation/foundations/{organization_id:int}"
_AT = "/years/{year:int}"
_ENTRY = {"kind": "income", "what": "利息", "occurred_on": _TODAY, "voucher_no": "9"}


def _year(w: World, *, before: int = 0, **sent: Any) -> Call:
    return Call({"organization_id": w.here.id, "year": _YEAR - before}, **sent)


def _entry(w: World, name: str = "entry", **sent: Any) -> Call:
    return Call({"entry_id": w.funds[name]}, **sent)


def _opening(w: World, **sent: Any) -> Call:
    return Call({"opening_id": w.funds["opening"]}, **sent)


_DUTY = {"kind": "transaction", "title": "买房", "happened_on": _TODAY}
_LINK = "https://example.org/1"


def _duty(w: World, **sent: Any) -> Call:
    return Call({"organization_id": w.here.id}, **sent)


CALLS = {
    f"GET {_OF}{_AT}/annual": _year,
    f"POST {_OF}{_AT}/annual": lambda w: _year(w, form={"format": "csv"}),
    f"GET {_API_OF}{_AT}/annual": _year,
    f"POST {_API_OF}{_AT}/annual": lambda w: _year(w, json={"format": "csv"}),
    f"GET {_OF}{_AT}/related": _year,
    f"GET {_OF}{_AT}/related.csv": _year,
    f"GET {_API_OF}{_AT}/related": _year,
    f"GET {_API_OF}{_AT}/flows": _year,
    f"GET {_OF}/disclosures": _duty,
    f"POST {_OF}/duties": lambda w: _duty(w, form=_DUTY),
    f"POST {_OF}/disclosures": lambda w: _duty(
        w, form={"duty": f"transaction:{w.funds['duty']}", "link": _LINK}
    ),
    f"GET {_API_OF}/disclosures": _duty,
    f"POST {_API_OF}/duties": lambda w: _duty(w, json=_DUTY),
    f"POST {_API_OF}/disclosures": lambda w: _duty(
        w, json={"kind": "transaction", "key": str(w.funds["duty"]), "link": _LINK}
    ),
    "GET /foundation/ratios": lambda _: Call(),
    f"GET {_OF}{_AT}": _year,
    f"GET {_OF}{_AT}/books": _year,
    f"POST {_OF}{_AT}/close": lambda w: _year(w, before=1, form={}),
    f"POST {_OF}{_AT}/entries": lambda w: _year(w, form={**_ENTRY, "amount": "1"}),
    f"POST {_OF}{_AT}/openings": lambda w: _year(w, form={"registered_as": "foundation", "net_assets": "1"}),
    "POST /foundation/entries/{entry_id:int}/confirm": lambda w: _entry(w, form={}),
    "POST /foundation/entries/{entry_id:int}/drop": lambda w: _entry(w, form={}),
    "POST /foundation/entries/{entry_id:int}/reverse": lambda w: _entry(
        w, "counted_entry", form={"reason": "记重了"}
    ),
    "POST /foundation/openings/{opening_id:int}/review": lambda w: _opening(w, form={}),
    "POST /foundation/openings/{opening_id:int}/drop": lambda w: _opening(w, form={}),
    "GET /api/v1/foundation/ratios": lambda _: Call(),
    f"GET {_API_OF}{_AT}": _year,
    f"GET {_API_OF}{_AT}/books": _year,
    f"POST {_API_OF}{_AT}/close": lambda w: _year(w, before=1),
    f"POST {_API_OF}{_AT}/entries": lambda w: _year(w, json={**_ENTRY, "amount_fen": 1, "file": FILE}),
    f"POST {_API_OF}{_AT}/openings": lambda w: _year(
        w, json={"kind": "foundation", "is_public": True, "net_assets_fen": 1, "file": FILE}
    ),
    "POST /api/v1/foundation/entries/{entry_id:int}/confirm": _entry,
    "POST /api/v1/foundation/entries/{entry_id:int}/drop": _entry,
    "POST /api/v1/foundation/entries/{entry_id:int}/reverse": lambda w: _entry(
        w, "counted_entry", json={"reason": "记重了"}
    ),
    "POST /api/v1/foundation/openings/{opening_id:int}/review": _opening,
    "POST /api/v1/foundation/openings/{opening_id:int}/drop": _opening,
}
