"""The verbs of people: of persons and households, of roles, of sessions."""

from core.people.services.findable import make_all_findable, make_findable, make_findable_once
from core.people.services.persons import (
    lock_household,
    lock_person,
    register_household,
    register_person,
    write_person,
)
from core.people.services.proposals import grant_or_propose, propose_role, settle_proposal
from core.people.services.roles import grant_role, revoke_role
from core.people.services.sessions import (
    SESSION_LIFE,
    SWEEP,
    change_password,
    close_other_sessions,
    close_session,
    log_in,
    log_out,
    open_session,
    recognise,
    replace_password,
    sweep_sessions,
)
from core.people.services.tries import forgive as forgive_phone

__all__ = [
    "SESSION_LIFE",
    "SWEEP",
    "change_password",
    "close_other_sessions",
    "close_session",
    "forgive_phone",
    "grant_or_propose",
    "grant_role",
    "lock_household",
    "lock_person",
    "log_in",
    "log_out",
    "make_all_findable",
    "make_findable",
    "make_findable_once",
    "open_session",
    "propose_role",
    "recognise",
    "register_household",
    "register_person",
    "replace_password",
    "revoke_role",
    "settle_proposal",
    "sweep_sessions",
    "write_person",
]
