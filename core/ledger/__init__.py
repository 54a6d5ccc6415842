"""The ledger: integers only, append-only, balanced by the database.

Sign: plus means that the owner of the account has more. Accounts of the outside world have no
floor, so money that comes in from a resident's pocket leaves `outside.cash` and enters the
committee's account: the two entries of one transfer sum to zero.
"""
