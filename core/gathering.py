"""Many callers' small statements as one: those that come while one is under way go together in the next.

A crowd then costs a round trip and a COMMIT for all who wait, and a single caller waits for nobody.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Gathering(Generic[Asked, Answer]):
    """Callers of `ask()` on one event loop. `answer_all` answers in the order of what it is given.

    It runs outside of any unit of work of its callers, so what they ask for commits by itself. Where it
    raises, each is asked alone: nobody is refused for what another one brought.
    """

    def __init__(
        self, answer_all: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]], *, most: int
    ) -> None:
        self._answer_all, self._most = answer_all, most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answer:
        """The answer to this one; raises what `answer_all` raises for it alone."""
        loop = asyncio.get_running_loop()
        if self._working is None or self._working.done():
            self._waiting.clear()  # of a loop that is gone
            self._working = loop.create_task(self._work(), context=contextvars.Context())
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._answer([(asked, answer) for asked, answer in taken if not answer.done()])

    async def _answer(self, taken: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._answer_all([asked for asked, _ in taken])
        except Exception as error:
            if len(taken) > 1:
                for one in taken:
                    await self._answer([one])
            elif not taken[0][1].done():
                taken[0][1].set_exception(error)
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():  # its caller may have gone
                future.set_result(answer)
