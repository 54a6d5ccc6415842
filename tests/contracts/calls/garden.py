"""Calls of the garden."""

from tests.contracts.calls import Call
from tests.contracts.world import World


def _garden(w: World) -> Call:
    return Call({"garden_id": w.garden})


_REVIEW = {"outcome": "kept", "note": "多收的钱"}
CALLS = {
    "GET /garden": lambda w: Call(),
    "GET /garden/{garden_id:int}": _garden,
    "GET /garden/reviews": lambda w: Call(),
    "GET /api/v1/garden/reviews": lambda w: Call(),
    "GET /garden/leases/{lease_id:int}/review": lambda w: Call({"lease_id": w.bank["lease"]}),
    "POST /garden/leases/{lease_id:int}/review": lambda w: Call({"lease_id": w.bank["lease"]}, form=_REVIEW),
    "POST /api/v1/garden/leases/{lease_id:int}/review": lambda w: Call(
        {"lease_id": w.bank["lease"]}, json=_REVIEW
    ),
    "GET /garden/mine": lambda w: Call(),
    "GET /garden/plots/{plot_id:int}": lambda w: Call({"plot_id": w.free_plot}),
    "POST /garden/plots/{plot_id:int}/claim": lambda w: Call({"plot_id": w.free_plot}, form={"agreed": "on"}),
    "POST /garden/leases/{lease_id:int}/cancel": lambda w: Call({"lease_id": w.lease}, form={}),
    "POST /garden/leases/{lease_id:int}/agreement": lambda w: Call({"lease_id": w.lease}, form={}),
    "GET /api/v1/garden/gardens": lambda w: Call(),
    "GET /api/v1/garden/gardens/{garden_id:int}/plots": _garden,
    "GET /api/v1/garden/leases": lambda w: Call(),
    "POST /api/v1/garden/plots/{plot_id:int}/claim": lambda w: Call(
        {"plot_id": w.free_plot}, json={"agreed": True}
    ),
    "POST /api/v1/garden/leases/{lease_id:int}/cancel": lambda w: Call({"lease_id": w.lease}),
    "POST /api/v1/garden/leases/{lease_id:int}/agreement": lambda w: Call({"lease_id": w.lease}),
}
