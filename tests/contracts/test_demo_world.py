"""The world that every plugin builds for a demo, and the proofs of all of them."""

from core import plugins
from core.database import fetch_value
from core.manifest import DemoStep


async def test_after_the_demo_world_every_proof_agrees(db: str) -> None:
    """Protects the books of all plugins together: what each keeps of its own follows from the ledger."""
    steps: list[DemoStep] = plugins.contributions("register_demo_steps")
    for step in sorted(steps, key=lambda step: step.order):
        await step.build(lambda done, of: None)
    assert await fetch_value("select count(*) from ledger_transfer") > 300
    assert await plugins.collect("collect_differences") == []
