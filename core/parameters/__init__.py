"""Numbers of the field's rules: per scope, with a date from which they hold, and their history."""
