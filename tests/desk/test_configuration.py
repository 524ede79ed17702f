"""Configuration > File directories (A-16, A-17, A-18): several folders, their troubles, test, preview, cut-off."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QMenu, QTableWidget, QWidget

from repaircenter.desk.kit.notices.toast import Toast
from repaircenter.shop.model.folder import FolderHealth, FolderSetting, FolderTest, LedgerEntry
from repaircenter.shop.model.state import Holder
from tests.desk.conftest import NOW, Bench, FakeControl
from tests.desk.test_jobs_page import press, visible, words_on


def opened(bench: Bench) -> Bench:
    """On screen as a person gets there: the share cell of the status bar."""
    bench.window._cell_pressed("share")
    bench.wait(lambda: visible(bench, QTableWidget) and table(bench).rowCount() == len(bench.control.settings))
    return bench


def table(bench: Bench) -> QTableWidget:
    (found,) = visible(bench, QTableWidget)
    assert isinstance(found, QTableWidget)
    return found


def rows(bench: Bench) -> list[list[str]]:
    found = table(bench)
    return [
        [item.text() if (item := found.item(row, column)) else "" for column in range(found.columnCount())]
        for row in range(found.rowCount())
    ]


def told(bench: Bench) -> None:
    """The collector tells that something changed."""
    bench.window.heard("connection_changed")


def test_the_folders_are_listed_with_their_states(bench: Bench) -> None:
    bench.control.settings = [FolderSetting("/share", 1), FolderSetting("/old", 2, paused=True), FolderSetting("/new")]
    opened(bench)
    bench.wait(lambda: table(bench).rowCount() == 3)
    assert [row[:3] for row in rows(bench)] == [
        ["/share", "Lecture", "Nord"],
        ["/old", "En pause", "Sud"],
        ["/new", "Nouveau", "Selon l’atelier de réparation"],
    ]
    assert rows(bench)[0][3] == "4 / 5"


@pytest.mark.parametrize(
    ("trouble", "word", "step"),
    [
        ("missing", "Not there", "Check its name"),
        ("denied", "No permission", "Ask whoever looks after the file server"),
        ("unreachable", "Away", "Nothing is lost"),
        ("not_answering", "Not answering", "Other folders go on"),
    ],
)
def test_every_trouble_of_a_folder_has_a_word_and_a_next_step(
    start: Callable[..., Bench], control: FakeControl, trouble: str, word: str, step: str
) -> None:
    control.healths = (FolderHealth("/share", NOW, NOW, 5, 0, 0.1, trouble),)
    found = start("en")
    found.wait(lambda: step in words_on(found))
    assert "/share" in words_on(found) and "File directories…" in words_on(found)
    press(found, "Scan now")
    found.wait(lambda: ("scan",) in control.calls)
    press(found, "File directories…")
    found.wait(lambda: visible(found, QTableWidget) and rows(found))
    assert rows(found)[0][1] == word and step in words_on(found)
    control.healths = (FolderHealth("/share", NOW, None, 5, 0, 0.1),)
    told(found)
    found.wait(lambda: rows(found)[0][1] == "Good")
    assert step not in words_on(found)


def test_sets_that_wait_for_a_member_are_said(start: Callable[..., Bench], control: FakeControl) -> None:
    control.healths = (FolderHealth("/share", NOW, None, 5, 2, 0.1, None, 2),)
    found = opened(start("en"))
    found.wait(lambda: "2 sets wait for missing files" in words_on(found))


def test_a_folder_in_order_says_when_it_last_brought_something(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    """The first stages of the silence detector: read when, and the last news (A-N2)."""
    control.healths = (FolderHealth("/share", NOW, None, 5, 0, 0.1),)
    found = opened(start("en"))
    found.wait(lambda: "Read 0 s ago; 5 sets were found. The last new estimate came" in words_on(found))


def test_a_new_folder_is_tested_before_it_is_kept(bench: Bench) -> None:
    opened(bench)
    bench.window.page("configuration").directories.add("/fresh")
    bench.wait(lambda: "Le dossier est lisible; il contient 3 lots de fichiers." in words_on(bench))
    assert not any(call[0] == "save_folders" for call in bench.control.calls), "nothing is kept before Apply"
    press(bench, "Appliquer")
    bench.wait(lambda: ("save_folders", FolderSetting("/share", 1), FolderSetting("/fresh")) in bench.control.calls)
    assert ("begin",) in bench.control.calls


def test_a_folder_that_cannot_be_read_is_kept_only_when_a_person_insists(bench: Bench) -> None:
    bench.control.tests["//SRV/OFF"] = FolderTest("unreachable", True, 0, None, None, None)
    opened(bench)
    bench.window.page("configuration").directories.add("//SRV/OFF")
    bench.wait(lambda: "ne peut pas être joint" in words_on(bench))
    press(bench, "OK")
    bench.wait(lambda: "//SRV/OFF : absent." in words_on(bench))
    assert not any(call[0] == "save_folders" for call in bench.control.calls)
    press(bench, "OK")
    bench.wait(lambda: any(call[0] == "save_folders" for call in bench.control.calls))
    bench.wait(lambda: bench.window.page("jobs").isVisible())


def test_a_folder_full_of_old_exports_gets_a_cut_off_date(bench: Bench) -> None:
    old = NOW - timedelta(days=2000)
    bench.control.tests["/archive"] = FolderTest(None, False, 5000, old, NOW, "cp850")
    opened(bench)
    bench.window.page("configuration").directories.add("/archive")
    bench.wait(lambda: "Il contient d’anciens exports" in words_on(bench))
    assert "5000 lots" in words_on(bench) and "cp850" in words_on(bench)
    press(bench, "Appliquer")
    expected = FolderSetting("/archive", cutoff=NOW.date())
    bench.wait(lambda: any(expected in call for call in bench.control.calls))


def test_the_preview_counts_while_it_reads_and_can_be_stopped(bench: Bench) -> None:
    opened(bench)
    bench.wait(lambda: "Aperçu" in words_on(bench).replace("&", ""))
    press(bench, "Aperçu")
    bench.wait(lambda: "1200 lots lus sur 1200 : 600 travaux de 400 clients." in words_on(bench))
    assert "Seraient envoyés selon la règle actuelle : 12." in words_on(bench) and "2 lots sont illisibles" in words_on(
        bench
    )
    bench.control.slow_preview = True
    press(bench, "Aperçu")
    bench.wait(lambda: "Arrêter" in words_on(bench).replace("&", ""))
    press(bench, "Arrêter")
    bench.wait(lambda: "Aperçu" in words_on(bench).replace("&", ""))


def test_shop_code_page_and_pause_of_a_folder_are_kept(bench: Bench) -> None:
    opened(bench)
    bench.wait(lambda: visible(bench, QComboBox))
    editor = bench.window.page("configuration").directories._editor
    editor._shop.setCurrentText("Sud")
    editor._page.setCurrentText("cp850")
    editor._paused.setChecked(True)
    press(bench, "OK")
    expected = FolderSetting("/share", 2, "cp850", None, True)
    bench.wait(lambda: ("save_folders", expected) in bench.control.calls)


def test_cancel_keeps_nothing(bench: Bench) -> None:
    opened(bench)
    bench.wait(lambda: visible(bench, QCheckBox))
    press(bench, "Retirer")
    assert rows(bench) == []
    press(bench, "Annuler")
    assert bench.window.page("jobs").isVisible() and bench.control.settings == [FolderSetting("/share", 1)]
    opened(bench)
    bench.wait(lambda: rows(bench))


def test_another_pc_collects_and_this_one_may_take_over_or_show_only(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.others = (Holder(1, "FRONT-2", NOW),)
    found = start("en")
    found.wait(lambda: "FRONT-2 has collected for Nord since" in words_on(found))
    assert "FRONT-2 collects for this shop" in found.window.status_text("share")
    press(found, "This PC only shows")
    found.wait(lambda: ("show_only", True) in control.calls)
    control.others = ()
    told(found)
    found.wait(lambda: "only shows" in found.window.status_text("share"))
    opened(found)
    found.wait(lambda: "Collect on this PC" in words_on(found))
    press(found, "Collect on this PC")
    found.wait(lambda: ("show_only", False) in control.calls)
    control.others = (Holder(1, "FRONT-2", NOW),)
    told(found)
    found.wait(lambda: "Collect here instead" in words_on(found))
    press(found, "Collect here instead")
    found.wait(lambda: ("take_over",) in control.calls)


def test_without_a_folder_the_jobs_page_leads_to_the_setting(start: Callable[..., Bench], control: FakeControl) -> None:
    control.kept_jobs, control.healths, control.settings = [], (), []
    found = start("fr")
    found.wait(lambda: "Aucun dossier n’est surveillé" in words_on(found))
    press(found, "Répertoires de fichiers…")
    found.wait(lambda: "Aucun dossier n’est encore surveillé" in words_on(found))


def test_a_file_that_another_program_holds_is_named(bench: Bench) -> None:
    entry = LedgerEntry(
        folder="/share", base="9508501", signature="s", outcome="busy", reason=None, job_id=None, at_utc=NOW
    )
    bench.control.troubles = [entry, replace(entry, base="9508502")]
    bench.window.page("jobs").refresh()
    bench.wait(lambda: "2 estimations (fichiers 9508501, 9508502) sont retenues" in words_on(bench))


def test_every_control_of_the_page_has_a_name_and_is_reached_by_tab(bench: Bench) -> None:
    opened(bench)
    bench.wait(lambda: visible(bench, QComboBox))
    page = bench.window.page("configuration")
    wanted = {
        w
        for w in page.findChildren(QWidget)
        if w.isVisible() and w.isEnabled() and w.focusPolicy().value & 1 and w.focusProxy() is None
    }
    assert all(w.accessibleName() for w in wanted), [w for w in wanted if not w.accessibleName()]
    reached, at = {page._tree}, page._tree
    while (at := at.nextInFocusChain()) is not page._tree:
        reached.add(at)
    assert wanted <= reached


def archive(bench: Bench, path: str = "/archive") -> str:
    old = NOW - timedelta(days=2000)
    bench.control.tests[path] = FolderTest(None, False, 5000, old, NOW, "cp850")
    return path


def kept_folders(bench: Bench) -> dict[str, FolderSetting]:
    saved = [call for call in bench.control.calls if call[0] == "save_folders"]
    return {one.path: one for one in saved[-1][1:]} if saved else {}  # type: ignore[attr-defined, misc]


def test_the_cut_off_is_set_whatever_row_is_chosen_and_however_quick_ok_is(bench: Bench) -> None:
    opened(bench)
    page = bench.window.page("configuration").directories
    page.add(archive(bench))
    page._table.selectRow(0)
    press(bench, "OK")
    bench.wait(lambda: kept_folders(bench))
    assert kept_folders(bench)["/archive"].cutoff == NOW.date() and kept_folders(bench)["/share"].cutoff is None


def test_a_person_who_wants_no_cut_off_gets_none(bench: Bench) -> None:
    opened(bench)
    page = bench.window.page("configuration").directories
    page.add(archive(bench))
    bench.wait(lambda: page._editor._has_cutoff.isChecked())
    page._editor._has_cutoff.setChecked(False)
    press(bench, "OK")
    bench.wait(lambda: kept_folders(bench))
    assert kept_folders(bench)["/archive"].cutoff is None


def test_testing_a_kept_folder_changes_nothing(bench: Bench) -> None:
    archive(bench, "/share")
    opened(bench)
    press(bench, "Tester")
    bench.wait(lambda: "5000 lots" in words_on(bench))
    press(bench, "OK")
    bench.wait(lambda: bench.window.page("jobs").isVisible())
    assert kept_folders(bench) == {} and bench.control.settings == [FolderSetting("/share", 1)]


def test_ok_before_the_folders_were_read_takes_none_of_them_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders could not be read, or not yet: what was never seen is never kept."""
    known = bench.control.folders.settings

    def slowly() -> list[FolderSetting]:
        time.sleep(0.5)
        return known()

    monkeypatch.setattr(bench.control.folders, "settings", slowly)
    bench.window.open_directories()
    press(bench, "OK")
    bench.wait(lambda: bench.window.page("jobs").isVisible())
    bench.wait(lambda: True, 0.8)
    assert not any(call[0] == "save_folders" for call in bench.control.calls)


def test_closing_the_window_stops_a_preview(start: Callable[..., Bench], control: FakeControl) -> None:
    control.slow_preview = True
    found = opened(start("fr"))
    press(found, "Aperçu")
    found.wait(lambda: "Arrêter" in words_on(found).replace("&", ""))
    began = time.monotonic()
    found.program.close()
    assert time.monotonic() - began < 0.4
    found.program.close = lambda: None  # type: ignore[method-assign]


def test_apply_and_ok_say_that_the_configuration_is_saved(bench: Bench) -> None:
    """Issue 15.6: who presses Apply sees that something happened."""
    opened(bench)
    toast = bench.program.context.toast
    assert isinstance(toast, Toast) and not toast.isVisible()
    press(bench, "Appliquer")
    bench.wait(toast.isVisible)
    assert "La configuration est enregistrée." in [one.text() for one in toast.findChildren(QLabel)]
    toast.close_now()
    press(bench, "OK")
    bench.wait(lambda: bench.window.page("jobs").isVisible() and toast.isVisible())


def test_what_cannot_be_chosen_in_a_menu_looks_so(bench: Bench) -> None:
    """Issue 15.12: a disabled entry of any menu is grey, light and dark."""
    for look in ("light", "dark"):
        bench.window.set_appearance(look)
        menu = QMenu()
        menu.addAction("MMMM")
        menu.addAction("MMMM").setEnabled(False)
        menu.ensurePolished()
        menu.resize(menu.sizeHint())
        picture, paper = menu.grab().toImage(), bench.program.context.theme.colour("paper")

        def ink(picture: QImage, paper: QColor, row: QRect) -> int:
            """How far the letters of a row stand out from the paper."""
            places = [(x, y) for x in range(row.left(), row.right()) for y in range(row.top() + 6, row.bottom() - 6)]
            return max(abs(picture.pixelColor(x, y).lightness() - paper.lightness()) for x, y in places)

        able, unable = (ink(picture, paper, menu.actionGeometry(action)) for action in menu.actions())
        assert unable < 0.8 * able, look


def test_a_page_is_made_when_it_is_first_opened(bench: Bench) -> None:
    """Opening the Configuration keeps nobody waiting for pages they do not look at."""
    bench.window.open_page("directories")
    page = bench.window.page("configuration")
    assert set(page.parts) == {"directories"} and len(page.names) > 10
    bench.window.open_page("privacy")
    assert set(page.parts) == {"directories", "privacy"} and page.part("privacy").isVisible()
    made = page.part("privacy")
    bench.window.open_page("jobs")
    bench.window.open_page("privacy")
    assert page.part("privacy") is made
