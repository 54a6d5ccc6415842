"""Ref: how one area points at a row of another without importing it."""

from typing import NamedTuple


class Ref(NamedTuple):
    """A kind (`organization`, `garden.lease`; a plugin prefixes its own) and the row's id."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


# The product as a whole: a role held here holds everywhere.
PLATFORM = Ref("platform", 1)
