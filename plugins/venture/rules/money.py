"""Instalments, budgets and caps, in whole fen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import format_yuan
from plugins.venture.errors import (
    AskedAboveCap,
    BudgetMissesTheSum,
    CapAboveBudget,
    LineTooLarge,
    PlanMissesTheSum,
    TooManyLines,
)
from plugins.venture.rules import BUDGET_MOST_FEN, LINES_MOST

WHOLE_BP = 10_000
# Of 100 yuan every instalment is at least one fen.
ASKED_LEAST_FEN = 100_00


@dataclass(frozen=True)
class BudgetLine:
    """A line of a budget."""

    category: str
    item: str
    quantity: int
    price_fen: int

    @property
    def amount_fen(self) -> int:
        """Quantity times price."""
        return self.quantity * self.price_fen


def check_plan(plan: Sequence[int]) -> None:
    """Raise PlanMissesTheSum unless the basis points are 10,000 together and each is something."""
    if sum(plan) != WHOLE_BP or min(plan) < 1:
        whole, rest = divmod(sum(plan), 100)
        raise PlanMissesTheSum(sum=f"{whole}.{rest:02}" if rest else whole)


def check_money(budget_fen: int, cap_fen: int) -> None:
    """Raise CapAboveBudget."""
    if not ASKED_LEAST_FEN <= cap_fen <= budget_fen <= BUDGET_MOST_FEN:
        raise CapAboveBudget


def instalments(total_fen: int, plan: Sequence[int]) -> list[int]:
    """Each rounded down to a fen, the last is the remainder: together they are the total."""
    parts = [total_fen * bp // WHOLE_BP for bp in plan[:-1]]
    return [*parts, total_fen - sum(parts)]


def check_asked(asked_fen: int, cap_fen: int) -> None:
    """Raise AskedAboveCap."""
    if not ASKED_LEAST_FEN <= asked_fen <= cap_fen:
        raise AskedAboveCap(cap=format_yuan(cap_fen))


def check_line(line: BudgetLine, lines: int, asked_fen: int) -> None:
    """Raise TooManyLines or LineTooLarge for one more line beside `lines`."""
    if lines >= LINES_MOST:
        raise TooManyLines(most=LINES_MOST)
    if line.quantity < 1 or line.price_fen < 1 or line.amount_fen > asked_fen:
        raise LineTooLarge


def check_sum(amounts: Sequence[int], asked_fen: int) -> None:
    """Raise BudgetMissesTheSum: what is asked is what its lines are together."""
    if sum(amounts) != asked_fen:
        raise BudgetMissesTheSum(sum=format_yuan(sum(amounts)), asked=format_yuan(asked_fen))
