"""What a small window must not do: squeeze, cover, cut; inputs are as wide as what stands in them (issue 15.17)."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QSpinBox, QToolButton, QWidget

from repaircenter.desk.jobs.job_actions import JobActions
from repaircenter.desk.kit.form import FormPage
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.tables import fill, read_only_table
from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.kit.widgets import INPUT_WIDTH, day_box, number_box
from repaircenter.desk.viewer.pages.layout import Placed
from repaircenter.desk.viewer.pages.links import PageLinks
from repaircenter.desk.viewer.pages.marks import PageMarks
from repaircenter.desk.viewer.report_bar import ReportBar
from repaircenter.rendering.drawing import Page
from repaircenter.rendering.finding import Found
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


def test_fields_of_forms_below_each_other_begin_in_one_column(start: Callable[..., Bench]) -> None:
    found = start("es")
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.window.page("jobs")._begin_new()
    (page,) = [form for form in found.window.findChildren(FormPage) if form.isVisible()]
    found.wait(lambda: len(lefts(page)) == 1)
    day = page._forms[1]._days["delivered"]
    box = page._forms[1]._boxes["delivered"]
    assert abs(box.geometry().center().y() - day.geometry().center().y()) <= 1, "the tick stands beside its day"


def lefts(page: FormPage) -> set[int]:
    boxes = [box for form in page._forms for box in form._boxes.values() if not isinstance(box, QCheckBox)]
    return {box.mapTo(page, QPoint(0, 0)).x() for box in boxes}


def test_a_choice_above_the_list_grows_with_its_words(bench: Bench) -> None:
    """What may be chosen is read after the list was first shown."""
    chips = Chips(bench.program.context, "desk.jobs", (), {"insurer": "desk.jobs.column.insurer"}, lambda: None)
    chips.offer("insurer", [("", "A")])
    chips.show()
    bench.program.app.processEvents()
    chips.offer("insurer", [("", "Tous les assureurs")])
    box = chips.findChild(QComboBox)
    bench.wait(lambda: box.width() >= box.fontMetrics().horizontalAdvance("Tous les assureurs") + 40)
    chips.close()


def test_the_purpose_of_a_report_is_read_to_its_end(start: Callable[..., Bench]) -> None:
    found = start("es")
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.window.resize(1366, 728)
    found.sign_in()
    reports = found.window.page("surveys")._list
    for row in range(reports.count()):
        words, area = reports.item(row).text(), reports.visualItemRect(reports.item(row))
        room = QRect(0, 0, reports.viewport().width() - 16, 1000)
        needed = reports.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), words).height()
        assert area.height() >= needed + 8, words


def test_the_number_of_the_page_is_seen(bench: Bench) -> None:
    bench.window.resize(1366, 728)
    bench.sign_in()
    bench.window.page("surveys").view_report()
    viewer = bench.window.page("surveys").viewer
    bench.wait(lambda: viewer.view.pages and not viewer.is_running)
    page = bench.window.findChild(ReportBar).page
    assert page.lineEdit().width() >= 30 and page.height() == 30
    picture = page.grab().toImage()
    assert ink(picture, 6, page.width() - 6, 6, page.height() - 6)
    (zooms,) = [action.text() for action in bench.window.findChild(ReportBar)._zooms.values()][:1]
    assert zooms == "25\N{NO-BREAK SPACE}%"


def test_what_is_found_stays_as_dark_as_it_was() -> None:
    """A match is marked under its words, not over them."""
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.fillRect(0, 8, 40, 4, QColor("#1c2530"))
    links = PageLinks()
    links.show([Page(215.9, 279.4, ())])
    marks = PageMarks(Theme(), links)
    marks.found, marks.found_now = [Found(0, 0.0, 0.0, 40.0, 20.0, "")], 0
    marks.paint(painter, Placed(0, 0, 0, 40, 20), QPoint(0, 0), 1.0, focused=False)
    painter.end()
    ground, words = picture.pixelColor(20, 2), picture.pixelColor(20, 10)
    assert ground != QColor("white") and words.lightness() <= QColor("#1c2530").lightness()


def test_export_and_erase_are_in_sight_in_the_smallest_window(start: Callable[..., Bench]) -> None:
    found = start("fr")
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.window.resize(1024, 680)
    found.window.open_page("privacy")
    part = found.window.page("configuration").parts["privacy"]
    found.wait(part._erase.isVisible)
    area = part.parentWidget()
    found.wait(lambda: part._erase.mapTo(area, QPoint(0, part._erase.height())).y() <= area.height())
    assert part._search.height() == 30 and part._found.height() >= 100, "nor is anything squeezed for it"
