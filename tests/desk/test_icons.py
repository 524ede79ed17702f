"""The icons: every name the desk uses exists, is drawn in its colour, and is sharp at 200 %."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

import repaircenter.desk
from repaircenter.desk.kit.icons import UnknownIcon, icon
from repaircenter.rendering.symbols import _charmap

_INK, _FAINT, _ACTIVE = "#204060", "#c0c0c0", "#000000"


def _drawn(name: str, size: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon(name, _INK, _FAINT, _ACTIVE).pixmap(QSize(size, size), mode).toImage()


def _colours(picture: QImage) -> set[str]:
    points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    found = (picture.pixelColor(x, y) for x, y in points)
    return {QColor(one.rgb()).name() for one in found if one.alpha() == 255}


def test_an_icon_is_drawn_in_its_colours(qapp: QApplication) -> None:
    assert _colours(_drawn("car-wrench", 24)) == {_INK}
    assert _colours(_drawn("car-wrench", 24, QIcon.Mode.Disabled)) == {_FAINT}


@pytest.mark.parametrize("size", [16, 24, 32, 36, 48])
def test_an_icon_is_drawn_at_the_size_asked_for(qapp: QApplication, size: int) -> None:
    assert _drawn("car-wrench", size).size() == QSize(size, size)


def test_an_unknown_name_is_refused(qapp: QApplication) -> None:
    with pytest.raises(UnknownIcon):
        icon("no-such-icon", _INK, _FAINT, _ACTIVE)


def test_every_name_in_the_desks_source_exists() -> None:
    """A word with hyphens in the desk's source is an icon's name; those that are not are named here."""
    others = {"desk-long"}
    sources = Path(repaircenter.desk.__file__).parent.rglob("*.py")
    named = {name for one in sources for name in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', one.read_text("utf-8"))}
    assert "car-wrench" in named
    assert named - others <= set(_charmap())
