"""One's own account: who one is here, where one is signed in, and the password."""
