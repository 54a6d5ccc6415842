"""The decisions of foundations, by subject; here the names that subjects share. Pure."""

SECRETARY = "foundation.secretary"
PAGE_SIZE, WORDS_MOST = 20, 40
