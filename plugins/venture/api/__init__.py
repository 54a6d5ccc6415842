"""The verbs of calls for programs."""

from plugins.venture.api import applications, calls, contracts

HANDLERS = [*calls.HANDLERS, *applications.HANDLERS, *contracts.HANDLERS]
