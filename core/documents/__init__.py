"""Files that the product keeps for a person for a while: lists to take away, made by long jobs."""
