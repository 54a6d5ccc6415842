"""The decisions of foundations, by subject; here the names that subjects share. Pure."""

SECRETARY = "foundation.secretary"
# In yuan: what a tap gives.
AMOUNTS = (1, 10, 50)
PAGE_SIZE, WORDS_MOST = 20, 40
