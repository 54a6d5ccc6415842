"""`python -m core.cli`, where the script `yiji` is not on the path."""

from core.cli import main

main(prog_name="yiji")
