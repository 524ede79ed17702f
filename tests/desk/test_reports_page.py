"""Configuration > Reports: the logo, chosen, shown, kept, removed, refused (issue 15.19)."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage

from repaircenter.desk.settings.reports_page import ReportsPage, as_logo
from repaircenter.wire.vocabulary import LOGO_BYTES, LOGO_SIDE
from tests.desk.conftest import Bench


def picture(path: Path, wide: int, high: int, kind: str = "PNG") -> Path:
    Image.effect_noise((wide, high), 90).convert("RGB").save(path, kind)
    return path


@pytest.fixture
def page(bench: Bench) -> ReportsPage:
    bench.sign_in()
    bench.window.open_page("reports")
    found: ReportsPage = bench.window.page("configuration").parts["reports"]
    bench.wait(lambda: found._choose.isEnabled())
    return found


def test_a_logo_is_chosen_shown_and_kept_by_apply(bench: Bench, page: ReportsPage, tmp_path: Path) -> None:
    assert page._shown.text() == "Aucun logo" and not page._remove.isEnabled() and not page.is_changed
    page.take(picture(tmp_path / "logo.jpg", 300, 90, "JPEG"))
    bench.wait(lambda: page.is_changed)
    assert not page._shown.pixmap().isNull() and bench.control.person.logo == b""
    bench.window.page("configuration")._apply.click()
    bench.wait(lambda: bench.control.person.logo)
    kept = Image.open(io.BytesIO(bench.control.person.logo))
    assert (kept.format, kept.size) == ("PNG", (300, 90)) and not page.is_changed
    page._remove.click()
    bench.wait(lambda: page.is_changed)
    assert page._shown.text() == "Aucun logo"
    bench.window.page("configuration")._apply.click()
    bench.wait(lambda: bench.control.person.logo == b"")


def test_what_is_no_picture_is_said_and_a_refusal_too(bench: Bench, page: ReportsPage, tmp_path: Path) -> None:
    rubbish = tmp_path / "logo.png"
    rubbish.write_bytes(b"\x89PNG rubbish")
    page.take(rubbish)
    bench.wait(lambda: "pas une image lisible" in page._problem.text())
    assert not page.is_changed

    bench.control.person.refuses = True
    page.take(picture(tmp_path / "good.png", 30, 30))
    bench.wait(lambda: page.is_changed)
    bench.window.page("configuration")._apply.click()
    bench.wait(lambda: page._problem.isVisible() and page._problem.text())
    assert page.is_changed, "it stays to be tried again"


def test_nobody_signed_in_is_told_where(bench: Bench) -> None:
    bench.window.open_page("reports")
    page = bench.window.page("configuration").parts["reports"]
    assert not page._choose.isEnabled() and "Ouvrez une session" in page._note.text()


@pytest.mark.parametrize(("wide", "high"), [(3000, 800), (800, 3000), (990, 990)])
def test_a_large_picture_is_made_small_enough_in_its_own_shape(tmp_path: Path, wide: int, high: int) -> None:
    data = as_logo(picture(tmp_path / "large.png", wide, high))
    image = QImage.fromData(data)
    assert len(data) <= LOGO_BYTES and max(image.width(), image.height()) <= LOGO_SIDE
    assert image.width() / image.height() == pytest.approx(wide / high, rel=0.03)
