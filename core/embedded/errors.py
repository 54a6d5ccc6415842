"""The one refusal of this package."""


class CannotStart(Exception):
    """The database cannot be started here. The message is one sentence that says what to do."""
