"""The whole plugin contract. The grammar of a name tells its kind:

* `register_<things>` contributes: sync, pure, called once at start; returns a list.
* `collect_<things>` gives facts at run time: async, reads only, bounded.
* `check_<thing>` may refuse, by raising a YijiError with its reason in words. Async; called inside the
  unit of work, after the subject's row is locked, in a savepoint that is rolled back in any case, for
  two seconds at most. All must pass; one that crashes or is slow refuses, and is named. What must
  never be violated is a constraint, not a check.
* `decide_<thing>` answers a question: async, asked in configured order, core last; the first answer
  that is not None counts.
* `<noun>_<verbed>` happened: an event, a row written in the unit of work that made it true, and
  delivered afterwards to each plugin on its own, inside one unit of work with its receipt: at least
  once until that commits, so exactly once in the database. Async. Arguments are ids. It must not
  call the outside world: add a job. If it raises, the event waits and is repeated; later events of
  the same subject wait behind it, for this plugin alone.

A plugin's `plugin.py` implements, with `core.plugins.hookimpl`, any hooks and any of their arguments.

`contributions.py`: what plugins bring. `questions.py`: what they are asked. `events.py`: what they are told.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from core.hookspecs import contributions, events, questions

MODULES: tuple[ModuleType, ...] = (contributions, questions, events)
HOOKS: dict[str, Callable[..., Any]] = {
    name: value for module in MODULES for name, value in vars(module).items() if hasattr(value, "yiji_spec")
}
