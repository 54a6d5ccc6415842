"""The field's rules: what holds where, since when, and who decided it. Everybody may read them."""
