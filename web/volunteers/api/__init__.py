"""Volunteering for programs: for everybody and volunteers, for leaders."""

from web.volunteers.api import leading, offline, volunteers

HANDLERS = [*volunteers.HANDLERS, *leading.HANDLERS, *offline.HANDLERS]
