"""Organizations, for programs."""

from web.organizations.api import directory, imports, payees, records, restrictions

HANDLERS = [
    *directory.HANDLERS,
    *records.HANDLERS,
    *restrictions.HANDLERS,
    *payees.HANDLERS,
    *imports.HANDLERS,
]
