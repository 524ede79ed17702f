"""Colours of pages, chosen to stay apart in grey print and for colour-blind people (contrast of text >= 4.5:1)."""

INK, SOFT, RULE, FAINT = "1c2530", "566270", "9aa5b1", "d9dfe5"
BAND, ACCENT, WHISKER, EMPTY_STAR = "eef1f4", "3f74b5", "1c2530", "c3ccd5"
MUTED, AREA, LINK = "616b76", "d3e0f0", "1d4f91"
# Dark, pale and middle in grey: the three groups are told apart without colour, and by their labels.
TONES = {"good": "1f5f99", "middle": "d5dae0", "bad": "d9822b", "plain": "3f74b5"}
ON_TONES = {"good": "ffffff", "middle": "1c2530", "bad": "1c2530", "plain": "ffffff"}
SERIES = ("1f5f99", "b5561c", "4d7a4f", "6b5b95")
GOOD, BAD = "1c6e3c", "a3361f"
