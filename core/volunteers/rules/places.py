"""Where the meeting point is, and whether somebody is near it. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import timedelta

from core.volunteers.errors import NoPositionAsked, PositionMalformed, PositionMissing, TooFarAway

KEPT = timedelta(days=90)
_FORM = re.compile(r"(-?\d{1,3}(?:\.\d{1,8})?)[\s,，]+(-?\d{1,3}(?:\.\d{1,8})?)")
_EARTH_M = 6_371_000
_CLASSES = (50, 100, 200, 500, 1_000, 2_000)
_MICRO = 1_000_000


@dataclass(frozen=True)
class Position:
    """Latitude and longitude in millionths of a degree: 0.1 m."""

    latitude: int
    longitude: int

    def __str__(self) -> str:
        return f"{self.latitude / _MICRO:.6f}, {self.longitude / _MICRO:.6f}"

    def metres_to(self, other: "Position") -> float:
        """Along the ground (haversine)."""
        north, east = other.latitude - self.latitude, other.longitude - self.longitude
        a = (
            math.sin(_radians(north) / 2) ** 2
            + math.cos(_radians(self.latitude))
            * math.cos(_radians(other.latitude))
            * math.sin(_radians(east) / 2) ** 2
        )
        return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, a)))


def _radians(micro: int) -> float:
    return math.radians(micro / _MICRO)


def position_of(typed: str) -> Position | None:
    """`30.657420, 104.065840`, as maps write it; None for nothing. Raises PositionMalformed."""
    if not typed.strip():
        return None
    found = _FORM.fullmatch(typed.strip())
    if found is None:
        raise PositionMalformed
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise PositionMalformed
    return Position(round(latitude * _MICRO), round(longitude * _MICRO))


def check_near(place: Position | None, here: Position | None, radius_m: int) -> int:
    """The smallest class of distance, in metres, that it falls into; the distance itself is forgotten.

    Raises NoPositionAsked, PositionMissing or TooFarAway; whoever is exactly so far away is near.
    """
    if place is None:
        raise NoPositionAsked
    if here is None:
        raise PositionMissing
    metres = place.metres_to(here)
    if metres > radius_m:
        raise TooFarAway(most=radius_m)
    return next(bound for bound in _CLASSES if metres <= bound)
