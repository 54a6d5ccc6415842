"""What the pages of notifications may send."""

import functools
from datetime import time
from typing import Annotated

import msgspec

from core.language import mark
from core.notifications import queries
from core.notifications.errors import AddressMalformed, QuietHoursMalformed
from core.notifications.rules import Choice, Preferences, QuietHours
from web.forms import Form, said, tidy_line

_TIME = said(mark("时间写成 21:00 这样"), tidy=tidy_line, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


class EmailForm(msgspec.Struct):
    """An address to be confirmed."""

    email: Annotated[str, said(AddressMalformed.message, tidy=tidy_line, max_length=254)]


class PreferencesForm(msgspec.Struct):
    """Quiet hours and digest; `preferences_form()` adds two ticks for each category."""

    quiet: bool
    digest: bool
    quiet_from: Annotated[str, _TIME] = ""
    quiet_until: Annotated[str, _TIME] = ""

    def preferences(self) -> Preferences:
        """What the form says; raises QuietHoursMalformed."""
        choices = {
            name: Choice(mail=getattr(self, f"mail_{name}"), sms=getattr(self, f"sms_{name}"))
            for name in queries.categories()
        }
        return Preferences(self._quiet(), self.digest, choices)

    def _quiet(self) -> QuietHours | None:
        if not self.quiet:
            return None
        if not self.quiet_from or not self.quiet_until or self.quiet_from == self.quiet_until:
            raise QuietHoursMalformed
        return QuietHours(time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until))


@functools.cache
def preferences_form() -> type[PreferencesForm]:
    """The form with a tick for each channel of each category."""
    ticks = [(f"{channel}_{name}", bool) for name in queries.categories() for channel in ("mail", "sms")]
    return msgspec.defstruct("PreferencesForm", ticks, bases=(PreferencesForm,), kw_only=True)  # type: ignore[return-value]


def filled_in(wanted: Preferences) -> Form:
    """The form as it stands for what the person wants now."""
    quiet = wanted.quiet or Preferences().quiet
    assert quiet is not None
    ticks = {"quiet": wanted.quiet is not None, "digest": wanted.digest}
    for name, choice in wanted.choices.items():
        ticks |= {f"mail_{name}": choice.mail, f"sms_{name}": choice.sms}
    times = {"quiet_from": f"{quiet.begin:%H:%M}", "quiet_until": f"{quiet.until:%H:%M}"}
    return Form({name: "on" for name, is_on in ticks.items() if is_on} | times)
