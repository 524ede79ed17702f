"""What a small window must not do: squeeze, cover, cut; inputs are as wide as what stands in them (issue 15.17)."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QSpinBox, QToolButton, QWidget

from repaircenter.desk.jobs.job_actions import JobActions
from repaircenter.desk.kit.tables import fill, read_only_table
from repaircenter.desk.kit.widgets import INPUT_WIDTH, day_box, number_box
from repaircenter.desk.viewer.report_bar import ReportBar
from tests.desk.conftest import Bench, job


@pytest.mark.parametrize("size", [(1024, 680), (1366, 728)])
def test_nothing_of_a_job_is_squeezed_in_a_low_window(bench: Bench, size: tuple[int, int]) -> None:
    """With a question, notices above and a day asked for: the details scroll, and no part is lower than it needs."""
    window, page = bench.window, bench.window.page("jobs")
    bench.control.alike = ((job(3), "same_repair"),)
    window.resize(*size)
    page.select_first()
    bench.wait(lambda: page.shown_job)
    page._read_details(page.shown_job)
    bench.wait(lambda: page._details._question.isVisible())
    page._details._actions._ask_day()
    bench.wait(lambda: page._details._actions._deliver.isVisible())
    details = page._details
    parts = [details._head, details._status, details._question, details._actions, details._tabs]
    bench.wait(lambda: all(part.height() >= part.minimumSizeHint().height() for part in parts))
    assert details._page.width() >= details._page.minimumSizeHint().width(), "nor cut at its side"
    assert details._tabs.height() >= 190


def test_a_toast_covers_neither_the_status_bar_nor_the_buttons(bench: Bench) -> None:
    window = bench.window
    window.resize(1024, 680)
    window.open_page("appearance")
    bench.program.context.tell("Enregistré")
    toast = bench.program.context.toast
    assert toast is not None and toast.isVisible()  # type: ignore[attr-defined]
    assert toast.geometry().bottom() < window.statusBar().geometry().top()  # type: ignore[attr-defined]
    assert toast.width() < 260, "as wide as its words"  # type: ignore[attr-defined]
    bench.program.context.tell("Enregistré " * 30)
    assert toast.width() <= 640  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["appearance", "privacy", "connection"])
def test_inputs_are_as_wide_as_what_stands_in_them(bench: Bench, place: str) -> None:
    window = bench.window
    window.resize(1920, 1040)
    window.open_page(place)
    inputs = [
        widget
        for kind in (QLineEdit, QComboBox, QSpinBox, QDateEdit)
        for widget in window.page("configuration").findChildren(kind)
        if widget.isVisible()
    ]
    assert inputs
    for widget in inputs:
        most = INPUT_WIDTH if isinstance(widget, QLineEdit) else max(widget.sizeHint().width() + 8, 300)
        assert widget.width() <= most, widget.accessibleName()


def test_buttons_of_a_row_have_one_height(bench: Bench) -> None:
    """Issue 15.17: in the details, above the list, below a form."""
    page = bench.window.page("jobs")
    page.select_first()
    bench.wait(lambda: page.shown_job)
    actions: JobActions = page._details._actions
    heights = {widget.height() for widget in (actions._contact, actions._more) if widget.isVisible()}
    assert max(heights) - min(heights) <= 3
    columns = next(w for w in page.findChildren(QToolButton) if w.property("role") == "square")
    assert abs(columns.height() - page._list.search.height()) <= 2


def test_the_page_number_is_seen(bench: Bench) -> None:
    """A style may leave the box of the number without any room."""
    bench.sign_in()
    bench.window.page("surveys").view_report()
    viewer = bench.window.page("surveys").viewer
    bench.wait(lambda: viewer.view.pages and not viewer.is_running)
    bar: ReportBar = viewer.tool_bar
    edit: QWidget = bar.page.lineEdit()
    assert bar.page.text() == "1" and edit.width() > 20 and edit.height() > 12


def test_what_ends_a_form_is_in_sight(bench: Bench) -> None:
    bench.window.resize(1024, 680)
    page = bench.window.page("jobs")
    page._begin_new()
    keep = next(w for w in page.findChildren(QWidget) if w.property("primary") and w.isVisible())
    assert not keep.visibleRegion().isEmpty() and keep.visibleRegion().boundingRect().height() == keep.height()


def test_what_was_not_saved_is_not_said_of_what_is_fresh(bench: Bench) -> None:
    """The question goes when the page shows what is kept again."""
    window = bench.window
    window.open_page("customer")
    configuration = window.page("configuration")
    customer = configuration.parts["customer"]
    customer._rules.choose("convert")
    customer._chosen("convert")
    window.show_page("jobs")
    assert configuration._unsaved.isVisible()
    configuration.opened("customer", fresh=True)
    bench.wait(lambda: not customer.is_changed)
    assert not configuration._unsaved.isVisible()


def ink(picture: QImage, left: int, right: int, top: int, bottom: int) -> int:
    """The first column of pixels with something drawn on it."""
    ground = picture.pixelColor(left, top)
    return next(
        x
        for x in range(left, right)
        if any(abs(picture.pixelColor(x, y).lightness() - ground.lightness()) > 60 for y in range(top, bottom))
    )


def test_headers_stand_over_their_cells(bench: Bench) -> None:
    """Issue 15.17: a title begins where the words below it begin."""
    table = read_only_table(2, stretch=1)
    table.setHorizontalHeaderLabels(["H", "H"])
    fill(table, [["H", "H"]])
    table.resize(400, 200)
    table.show()
    bench.program.app.processEvents()
    header, cells = table.horizontalHeader().grab().toImage(), table.viewport().grab().toImage()
    for column in (0, 1):
        left, wide = table.columnViewportPosition(column), table.columnWidth(column)
        title = ink(header, left, left + wide, 3, header.height() - 3)
        assert abs(title - ink(cells, left, left + wide, 3, table.rowHeight(0) - 3)) <= 1
    table.close()


def test_rows_of_a_tree_filled_before_it_is_seen_have_their_height(bench: Bench) -> None:
    """Issue 15.17: names in the Configuration stand 28 pixels apart at least, as in every list."""
    bench.window.open_page("appearance")
    tree = bench.window.page("configuration")._tree
    bench.wait(tree.isVisible)
    assert all(tree.visualItemRect(tree.topLevelItem(at)).height() >= 28 for at in range(tree.topLevelItemCount()))


def test_inputs_have_one_height(bench: Bench) -> None:
    form = QWidget()
    row = QHBoxLayout(form)
    choice = QComboBox()
    choice.addItem("A")
    for box in (choice, QLineEdit(), number_box(1, 9), day_box()):
        row.addWidget(box)
    form.show()
    bench.program.app.processEvents()
    assert {row.itemAt(at).widget().height() for at in range(row.count())} == {30}
    form.close()


def test_the_buttons_of_a_job_have_one_height(bench: Bench) -> None:
    page = bench.window.page("jobs")
    page.select_first()
    bench.wait(lambda: page.shown_job)
    (actions,) = bench.window.findChildren(JobActions)
    assert len({button.height() for button in (actions._send, actions._contact, actions._more)}) == 1
