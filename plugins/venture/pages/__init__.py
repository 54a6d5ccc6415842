"""The pages of calls, applications, scores and contracts."""

from plugins.venture.pages import applications, calls, contracts, desk, reviews

HANDLERS = [
    *calls.HANDLERS,
    *desk.HANDLERS,
    *applications.HANDLERS,
    *reviews.HANDLERS,
    *contracts.HANDLERS,
]
