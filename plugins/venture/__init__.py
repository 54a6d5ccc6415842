"""公益创投: a call, applications, experts' scores, publicity, contracts and tranches."""
