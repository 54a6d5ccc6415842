"""Columns as this product wants them, where Piccolo's defaults would be a disaster.

Piccolo's foreign keys cascade: deleting an organization would take its books along.
"""

from typing import Any

from piccolo.columns import ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.reference import LazyTableReference
from piccolo.table import Table


def belongs_to(
    table: type[Table] | LazyTableReference, *, optional: bool = False, unique: bool = False
) -> ForeignKey[Any]:
    """A row of `table`, which cannot be deleted as long as this one is there."""
    return ForeignKey(
        table,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        null=optional,
        default=None,
        unique=unique,
    )


def goes_with(table: type[Table], *, optional: bool = False, unique: bool = False) -> ForeignKey[Any]:
    """A row of `table`, with which this one is deleted: only for what means nothing without it."""
    return ForeignKey(
        table,
        on_delete=OnDelete.cascade,
        on_update=OnUpdate.restrict,
        null=optional,
        default=None,
        unique=unique,
    )


def moment(*, optional: bool = False) -> Timestamptz:
    """A time in UTC that the writer gives; the database never makes one up."""
    return Timestamptz(default=None, null=optional)
