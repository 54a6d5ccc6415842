"""Events: what happened, as rows, delivered to each subscribed plugin on its own, in order per subject."""
