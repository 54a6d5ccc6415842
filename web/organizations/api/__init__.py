"""Organizations, for programs."""

from web.organizations.api import directory, payees, records, restrictions

HANDLERS = [*directory.HANDLERS, *records.HANDLERS, *restrictions.HANDLERS, *payees.HANDLERS]
