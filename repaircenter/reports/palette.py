"""Colours of pages, chosen to stay apart in grey print (contrast with white >= 4.5:1 for text)."""

INK, SOFT, RULE, FAINT = "1c2530", "566270", "9aa5b1", "d9dfe5"
BAND, ACCENT, WHISKER, EMPTY_STAR = "eef1f4", "3f74b5", "1c2530", "c3ccd5"
