"""Symbols customers write that the family of screen and paper lacks: stars, hearts, thumbs, faces.

They are drawn from the icon font of the package qtawesome, which is here for the desk's icons already (decisions/008);
the text keeps its own characters, so that it is found, copied and exported as it was written.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

from repaircenter.runtime.resources import packaged

_FONT: Final = "materialdesignicons6-webfont"
# Every icon of the font is as wide as it is high (a test measures it).
WIDTH: Final = 1000.0
_NAMES: Final = {
    "message-text": "💬",
    "star": "★⭐🌟",
    "star-outline": "☆",
    "creation": "✨",
    "heart": "❤♥💙💚💛🧡💜🖤💖💕💗",
    "heart-outline": "♡",
    "heart-broken": "💔",
    "thumb-up": "👍",
    "thumb-down": "👎",
    "hand-clap": "👏",
    "hands-pray": "🙏",
    "hand-wave": "👋",
    "hand-okay": "👌",
    "hand-peace": "✌",
    "arm-flex": "💪",
    "emoticon-happy-outline": "☺🙂😊😃😄😁😀",
    "emoticon-excited-outline": "🤩😍🥰",
    "emoticon-lol-outline": "😂🤣😆😅",
    "emoticon-wink-outline": "😉",
    "emoticon-cool-outline": "😎",
    "emoticon-kiss-outline": "😘",
    "emoticon-neutral-outline": "😐😑😶",
    "emoticon-confused-outline": "😕🤔😬",
    "emoticon-sad-outline": "☹🙁😞😔😟",
    "emoticon-frown-outline": "😒😣😖😩😫",
    "emoticon-cry-outline": "😢😭",
    "emoticon-angry-outline": "😠😡🤬",
    "party-popper": "🎉🎊",
    "trophy": "🏆",
    "medal": "🥇",
    "fire": "🔥",
    "gift": "🎁",
    "flower": "🌹🌸🌺",
    "car": "🚗🚙",
    "wrench": "🔧",
    "hammer": "🔨",
    "phone": "📞☎",
    "email": "📧✉",
    "clock-outline": "⏰🕐",
    "alert": "⚠",
    "check-bold": "✔✅",
    "close-thick": "✗✘❌",
    "arrow-right": "➡",
    "weather-sunny": "☀",
    "music-note": "🎵",
}
_BY_CHAR: Final = {char: name for name, chars in _NAMES.items() for char in chars}
CHARS: Final = "".join(_BY_CHAR)


def glyph(char: str) -> str:
    """The font's own character for a symbol."""
    return named(_BY_CHAR[char])


def named(name: str) -> str:
    """The font's character of an icon's name (`car-wrench`). Raises KeyError."""
    return chr(int(_charmap()[name], 16))


@cache
def _charmap() -> dict[str, str]:
    (path,) = (entry for entry in _fonts().glob(f"{_FONT}-charmap-*.json"))
    outlines: dict[str, str] = json.loads(path.read_text("utf-8"))
    return outlines


@cache
def font_file() -> Path:
    (path,) = (entry for entry in _fonts().glob(f"{_FONT}-*.ttf"))
    return path


def _fonts() -> Path:
    return packaged("qtawesome", "fonts")
