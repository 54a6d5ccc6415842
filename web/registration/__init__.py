"""Getting an account with a phone, a new password with the same, and what is kept and agreed to."""
