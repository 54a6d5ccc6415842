"""The local PostgreSQL server of `yiji up` and of the tests: found, initialised, started, stopped.

Standard library only, and cheap to import: the process that supervises the product stays resident.
"""
