"""Pages of organizations: the directory, what is on record, who holds office, where they are paid."""

from web.organizations.pages import directory, imports, members, payees, records, restrictions

HANDLERS = [
    *directory.HANDLERS,
    *members.HANDLERS,
    *records.HANDLERS,
    *restrictions.HANDLERS,
    *payees.HANDLERS,
    *imports.HANDLERS,
]
