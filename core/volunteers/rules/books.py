"""Under which codes minutes stand in the ledger. Pure."""

MINUTES = "MIN"
SERVED, OUTSIDE = "core.minutes_served", "core.outside_minutes"
CONFIRMED, CORRECTED = "core.service_confirmed", "core.service_corrected"
EVIDENCE = "core.service"


def key_of(service_id: int) -> str:
    """Under which a record's minutes are booked, once."""
    return f"volunteer_service:{service_id}"
