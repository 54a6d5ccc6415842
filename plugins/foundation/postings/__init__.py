"""Which accounts foundations move; one module for each subject."""
