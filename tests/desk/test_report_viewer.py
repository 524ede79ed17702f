"""The viewer's tools: links and back, find, why, outline, layouts, sorting, page setup, copy (V-01 … V-28, V-N1 … V-N3)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QTreeWidget,
    QWidget,
)

from repaircenter.desk.viewer import report_paper
from repaircenter.desk.viewer.pages import pictures, surface
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.desk.viewer.report_viewer import ReportViewer
from repaircenter.rendering.drawing import LinkArea, Shape, Text
from repaircenter.wire.document.cells import Link
from tests.desk.conftest import Bench
from tests.fixtures import printer


@pytest.fixture
def viewed(bench: Bench) -> Bench:
    bench.sign_in()
    bench.window.page("surveys").view_report()
    viewer = bench.window.page("surveys").viewer
    bench.wait(lambda: viewer.view.pages and not viewer.is_running)
    return bench


def viewer_of(bench: Bench) -> ReportViewer:
    return bench.window.page("surveys").viewer  # type: ignore[no-any-return]


def named(bench: Bench, kind: type[QWidget], name: str) -> QWidget:
    page: QWidget = bench.window.page("surveys")
    return next(w for w in page.findChildren(kind) if w.accessibleName() == name)


def click(bench: Bench, kind: type[QWidget], name: str) -> None:
    QTest.mouseClick(named(bench, kind, name), Qt.MouseButton.LeftButton)


def words_on(bench: Bench) -> str:
    return "\n".join(w.text() for w in viewer_of(bench).findChildren(QLabel) if w.isVisible())


def area(bench: Bench, label: str) -> LinkArea:
    view = viewer_of(bench).view
    return next(one for number in range(len(view.pages)) for one in view.links.areas(number) if one.label == label)


def press_area(bench: Bench, label: str) -> None:
    """With the mouse, where it is drawn on the first page."""
    view, found = viewer_of(bench).view, area(bench, label)
    placed = view._layout.of(0)
    assert placed is not None
    x = placed.left + round((found.x + 2) * view._scale()) - view.horizontalScrollBar().value()
    y = placed.top + round((found.y + found.height / 2) * view._scale()) - view.verticalScrollBar().value()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_a_link_opens_its_report_and_back_restores_where_one_was(viewed: Bench) -> None:
    viewer, person = viewer_of(viewed), viewed.control.person
    viewer.view.set_zoom(75)
    viewer.view.verticalScrollBar().setValue(40)
    before = viewer.view.place()
    press_area(viewed, "Question 0")
    viewed.wait(lambda: "Commentaires des clients" in viewer.view.page_text() and not viewer.is_running)
    asked = person.requests[-1]
    assert (asked.report, asked.shops) == ("R-07", [2])
    assert asked.parameters == {"period": "this_month", "group": "detractors"}, "the parent's filters stay (V-N2)"
    assert "Tableau de bord CSI (2026-11-01 – 2026-11-30)  ›  Commentaires des clients (" in words_on(viewed)
    count = len(person.requests)
    QTest.keyClick(viewed.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert "Tableau de bord CSI" in viewer.view.page_text()
    assert viewer.view.place() == before and len(person.requests) == count, "nothing is asked again"
    click(viewed, QToolButton, "Avancer")
    assert "Commentaires des clients" in viewer.view.page_text() and len(person.requests) == count
    assert not named(viewed, QToolButton, "Avancer").isEnabled()


def test_a_page_is_painted_in_slices_and_is_the_same_picture(viewed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    view = viewer_of(viewed).view
    whole = view.picture(0).toImage()
    monkeypatch.setattr(surface, "_PAINT_SECONDS", 0.0)
    view.complete()
    view.viewport().repaint()
    begun, complete = view._begun(0, until=0.0)
    assert not complete and begun.toImage() != whole, "the window answers between the slices"
    (kept,) = [kept for (number, *_), kept in view._pictures._kept.items() if number == 0]
    viewed.wait(lambda: kept.painted == len(view.pages[0].operations))
    assert kept.picture.toImage() == whole, "painting went on by itself"


def test_two_pages_too_large_to_be_kept_are_painted_all_the_same(
    viewed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is begun is not let go for another page in sight: they would begin each other for ever."""
    view = viewer_of(viewed).view
    page = view.pages[0]
    pages = [page, page, page]
    kept = pictures.PagePictures(view._pictures._painter)
    monkeypatch.setattr(pictures, "_MOST_BYTES", 1000)

    def paint() -> list[bool]:
        return [kept.begun(pages, number, 2.0, 1.0, whole=True, until=0.0)[1] for number in range(2)]

    passes = next(number for number in range(1000) if all(paint()))
    assert passes > 1 and all(paint()), "both stay while they are looked at"
    kept.picture(pages, 2, 2.0, 1.0)
    assert len(kept._kept) == 1, "another page takes their place"


def test_a_fresh_report_has_no_way_back(viewed: Bench) -> None:
    press_area(viewed, "Question 0")
    viewer = viewer_of(viewed)
    viewed.wait(
        lambda: named(viewed, QToolButton, "Revenir au rapport précédent").isEnabled() and not viewer.is_running
    )
    viewed.window.page("surveys").view_report()
    viewed.wait(lambda: not viewer.is_running)
    assert not named(viewed, QToolButton, "Revenir au rapport précédent").isEnabled()


def test_a_job_in_a_report_is_shown_among_the_jobs(viewed: Bench) -> None:
    press_area(viewed, "26-0003")
    jobs = viewed.window.page("jobs")
    viewed.wait(lambda: jobs.isVisible() and jobs.count_shown == 1)


def test_a_figure_says_how_it_was_made_and_leads_to_its_rows(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    found = next(one for one in viewer.view.links.areas(0) if one.figure is not None and one.link is not None)
    viewer.view.area_activated.emit(found)
    said = words_on(viewed)
    assert "Pourquoi 8,50?" in said and "n = 20" in said and "[8,00; 9,00]" in said
    assert "Moyenne de toutes les réponses" in said and "mean-t" in said
    click(viewed, QPushButton, "Voir les réponses à l’origine")
    viewed.wait(lambda: viewed.control.person.requests[-1].report == "R-07")


def test_links_are_reached_and_opened_by_keyboard(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    view.setFocus()
    for _ in range(200):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        assert view.hasFocus()
        chosen = view.links.focus
        if chosen is not None and view.links.areas(chosen[0])[chosen[1]].label == "Question 0":
            break
    else:
        pytest.fail("the link was not reached")
    QTest.keyClick(view, Qt.Key.Key_Return)
    viewed.wait(lambda: viewed.control.person.requests[-1].report == "R-07")


def test_words_are_found_counted_and_gone_through(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    QTest.keyClick(viewed.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = named(viewed, QLineEdit, "Rechercher dans le rapport")
    QTest.keyClicks(box, "question 19")
    viewed.wait(lambda: "1 sur 11" in words_on(viewed))
    QTest.keyClick(box, Qt.Key.Key_F3)
    assert "2 sur 11" in words_on(viewed)
    assert viewer.view.marks.found[1].page + 1 >= viewer.view.current
    QTest.keyClick(box, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(box, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert "11 sur 11" in words_on(viewed) and "repris à l’autre bout" in words_on(viewed)
    click(viewed, QCheckBox, "Mots entiers")
    viewed.wait(lambda: "1 sur 1" in words_on(viewed).splitlines())  # 19, not 190 … 199
    click(viewed, QCheckBox, "Respecter la casse")
    viewed.wait(lambda: "Introuvable" in words_on(viewed))
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible() and viewer.view.marks.found == []


def test_the_outline_and_the_small_pages_follow_and_lead(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    click(viewed, QToolButton, "Plan et pages")
    outline = named(viewed, QTreeWidget, "Plan")
    assert [outline.topLevelItem(n).text(0) for n in range(2)] == ["Nord", "Sud"]  # type: ignore[attr-defined]
    outline.itemClicked.emit(outline.topLevelItem(1), 0)  # type: ignore[attr-defined]
    assert view.current == len(view.pages) and outline.currentItem().text(0) == "Sud"  # type: ignore[attr-defined]
    panel = outline.parent().parent()
    panel.setCurrentIndex(1)
    thumbs = named(viewed, QListWidget, "Pages")
    assert thumbs.count() == len(view.pages)  # type: ignore[attr-defined]
    thumbs.itemClicked.emit(thumbs.item(0))  # type: ignore[attr-defined]
    assert view.current == 1
    viewed.wait(lambda: thumbs.width() > 0)
    assert not thumbs.grab().isNull()


def test_pages_lie_one_two_or_continuous(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    view = viewer.view
    view.go_to(3)
    viewer.set_mode("two")
    places = view._layout.placed
    assert places[0].top == places[1].top < places[2].top and view.current == 3
    viewer.set_mode("single")
    assert [page.number for page in view._layout.placed] == [2] and view.current == 3
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current == len(view.pages)
    click(viewed, QToolButton, "Page précédente")
    assert view.current == len(view.pages) - 1
    viewer.set_mode("continuous")
    assert view.current == len(view.pages) - 1


def test_a_zoom_is_chosen_from_the_list(viewed: Bench) -> None:
    menu = named(viewed, QToolButton, "Zoom").menu()  # type: ignore[attr-defined]
    assert [action.text() for action in menu.actions()][:2] == ["25\N{NO-BREAK SPACE}%", "50\N{NO-BREAK SPACE}%"]
    next(action for action in menu.actions() if action.text() == "200\N{NO-BREAK SPACE}%").trigger()
    assert viewer_of(viewed).view.zoom == 200


def test_back_in_a_fitted_view_is_where_one_was(viewed: Bench) -> None:
    """The way one came is shown above the pages meanwhile, and changes their height."""
    viewer = viewer_of(viewed)
    viewer.view.fit_width()
    viewer.view.verticalScrollBar().setValue(60)
    press_area(viewed, "Question 0")
    viewed.wait(lambda: "Commentaires des clients" in viewer.view.page_text() and not viewer.is_running)
    QTest.keyClick(viewed.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    viewed.wait(lambda: "Tableau de bord CSI" in viewer.view.page_text())
    viewed.program.app.processEvents()
    assert viewer.view.verticalScrollBar().value() == pytest.approx(60, abs=2)


def test_zoom_and_another_height_keep_what_one_reads(viewed: Bench) -> None:
    view = viewed.window.page("surveys").viewer.view
    view.set_zoom(100)
    view.verticalScrollBar().setValue(1500)

    def seen() -> float:
        """Where a third of the view down is, in pages and millimetres."""
        bar = view.verticalScrollBar()
        at = bar.value() + view.viewport().height() // 3
        placed = view._layout.of(view._layout.current(at))
        assert placed is not None
        return placed.number + (at - placed.top) / placed.height  # type: ignore[no-any-return]

    before = seen()
    view.step_zoom(1)
    assert seen() == pytest.approx(before, abs=0.01)
    view.step_zoom(-1)
    assert seen() == pytest.approx(before, abs=0.01)
    view.fit_width()
    view.verticalScrollBar().setValue(1500)
    viewer, high = viewed.window.page("surveys").viewer, view.viewport().height()
    QTest.keyClick(viewer, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    viewed.wait(lambda: view.viewport().height() < high)
    assert view.verticalScrollBar().value() == pytest.approx(1500, abs=2)


def test_a_whole_page_fits_and_the_zoom_has_its_ends(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    click(viewed, QToolButton, "Page entière")
    assert view._layout.placed[0].height <= view.viewport().height()
    for _ in range(12):
        view.step_zoom(1)
    assert view.zoom == 400
    for _ in range(12):
        view.step_zoom(-1)
    assert view.zoom == 25
    QTest.keyClick(viewed.window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 100


def test_a_columns_title_sorts_and_sorts_back(viewed: Bench) -> None:
    viewer = viewer_of(viewed)

    def first() -> str:
        texts = [op.text for op in viewer.view.pages[0].operations if isinstance(op, Text)]
        return next(text for text in texts if text.startswith("Question ") or text.startswith("26-"))

    assert first() == "Question 0"
    press_area(viewed, "Question")
    viewed.wait(lambda: first() == "26-0003")
    press_area(viewed, "Question")
    viewed.wait(lambda: first() == "Question 99")
    assert len(viewed.control.person.requests) == 1, "the service is not asked for that"


def test_page_setup_is_remembered_for_each_report(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    viewer.page_setup.choose("margin", "9")
    viewed.wait(lambda: any(isinstance(op, Text) and abs(op.x - 9.0) < 0.01 for op in viewer.view.pages[0].operations))
    viewer.page_setup.choose("footer", "none")
    viewed.wait(lambda: "de 9" not in viewer.view.page_text() and "RepairCenter ·" not in viewer.view.page_text())
    viewer.page_setup.choose("tables", "size")
    viewer.page_setup.show_for("R-07")
    assert viewer.page_setup.setup().margin == 15.0 and viewer.page_setup.setup().footer
    assert viewer.page_setup.setup().fit
    viewer.page_setup.show_for("R-01")
    assert viewer.page_setup.setup().margin == 9.0 and not viewer.page_setup.setup().footer
    assert not viewer.page_setup.setup().fit


def test_page_setup_is_a_dialog_that_shows_what_it_does(viewed: Bench) -> None:
    """Issue 15.15: headings, margins in numbers, the pages behind it follow at once; nobody who has left sees it."""
    viewer = viewer_of(viewed)
    QTest.keyClick(viewed.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = viewer.page_setup
    viewed.wait(dialog.isVisible)
    assert [group.title() for group in dialog.findChildren(QGroupBox)] == [
        "Feuille",
        "Marges",
        "En-tête et pied de page",
    ]
    names = {dialog.findChildren(QComboBox)[at].currentText() for at in (3, 4)}
    assert len(names) == 2, "no header and no footer are told apart"
    dialog.findChild(QSpinBox).setValue(30)
    viewed.wait(lambda: any(isinstance(op, Text) and abs(op.x - 30.0) < 0.01 for op in viewer.view.pages[0].operations))
    viewed.window.account.lock()
    assert not dialog.isVisible()


@pytest.mark.parametrize("tool", ["fit", "whole", "layout", "copy", "setup", "find", "print", "save", "panel"])
def test_every_tool_has_a_key_of_its_own(viewed: Bench, tool: str) -> None:
    tools = viewer_of(viewed)._bar.tools
    keys = [action.shortcut().toString() for action in tools.values() if not action.shortcut().isEmpty()]
    keys += [action.shortcut().toString() for action in viewed.window.bar.actions_by_page.values()]
    assert not tools[tool].shortcut().isEmpty() and len(keys) == len(set(keys))


def test_tables_are_copied_as_text_and_html(viewed: Bench) -> None:
    QGuiApplication.clipboard().clear()  # what a window before it left there is the same, as plain text
    click(viewed, QToolButton, "Copier les tableaux")
    viewed.wait(lambda: "Question 199" in QGuiApplication.clipboard().text())
    data = QGuiApplication.clipboard().mimeData()
    assert "Question\tMoyenne\tMoyenne, de\tMoyenne, à\n" in data.text()
    assert "Question 199\t8,5\t8\t9\n" in data.text()
    assert "<th" in data.html() and "Question 199" in data.html()


def test_the_page_is_said_to_a_screen_reader(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    assert "Question 0" in view.accessibleDescription()
    view.go_to(len(view.pages))
    assert "Fin" in view.accessibleDescription() and "Question 0" not in view.accessibleDescription()


def test_every_tool_has_a_name_and_they_are_all_reached(viewed: Bench) -> None:
    bar = viewer_of(viewed)._bar
    for name, action in bar.tools.items():
        widget = bar.widgetForAction(action)
        assert action.text() and widget is not None and widget.accessibleName() == action.text(), name
        assert not action.icon().isNull() or not viewed.window.is_built, name


def test_a_wrong_page_number_goes_back_to_the_last(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    box = viewer._bar.page
    box.lineEdit().setText("999")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert viewer.view.current == int(box.text()) <= len(viewer.view.pages)


def test_words_stand_at_the_same_places_in_print_and_in_the_services_pdf(viewed: Bench, tmp_path: Path) -> None:
    """DESIGN 3.12: screen, printer and PDF come from the same operations; checked on what poppler reads from both."""
    from PySide6.QtPrintSupport import QPrinter

    from repaircenter.desk.viewer.printing import print_on, set_layout
    from repaircenter.rendering.pdf import write_pdf

    viewer = viewer_of(viewed)
    pages = viewer.view.pages
    ours, printed = tmp_path / "ours.pdf", tmp_path / "printed.pdf"
    ours.write_bytes(write_pdf(pages, "x", "fr"))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(printed))
    set_layout(printer, pages[0])
    print_on(printer, viewer._paper._painter, pages)
    viewed.wait(lambda: printed.exists() and b"%%EOF" in printed.read_bytes())
    one, other = _words(ours), _words(printed)
    assert [word for word, *_ in one] == [word for word, *_ in other] and len(one) > 500
    shifts = [max(abs(a[n] - b[n]) for n in (1, 2, 3)) for a, b in zip(one, other, strict=True)]
    assert max(shifts) < 0.6, "points: page, left edge and right edge"


def _arrived(bench: Bench, queue: printer.NetworkPrinter, path: Path) -> Path:
    bench.wait(lambda: queue.jobs, 30)
    path.write_bytes(queue.job())
    return path


def test_what_cups_prints_is_the_services_pdf(
    viewed: Bench, network_printer: printer.NetworkPrinter, tmp_path: Path
) -> None:
    """Page count, paper and the place of every word, through a real queue (DESIGN 3.12, V-15)."""
    import pypdf

    from repaircenter.desk.viewer.printing import print_on, usual_printer
    from repaircenter.rendering.pdf import write_pdf

    viewer = viewer_of(viewed)
    for paper, name, size in (("a4", "a4", (595, 842)), ("letter", "letter", (612, 792))):
        viewer.page_setup.choose("paper", paper)
        viewed.wait(lambda: not viewer.is_running and viewer.state.laid_with == viewer.page_setup.setup())
        viewed.wait(lambda width=size[0]: abs(viewer.view.pages[0].width * 72 / 25.4 - width) < 1)  # type: ignore[misc]
        pages = viewer.view.pages
        ours = tmp_path / f"{name}.pdf"
        ours.write_bytes(write_pdf(pages, "x", "fr"))
        queue = usual_printer(pages[0])
        assert queue is not None and queue.printerName() == printer.QUEUE
        print_on(queue, viewer._paper._painter, pages)
        printed = _arrived(viewed, network_printer, tmp_path / f"{name}-printed.pdf")
        found = pypdf.PdfReader(printed)
        assert len(found.pages) == len(pages) > 3
        assert [round(float(side)) for side in found.pages[0].mediabox[2:]] == list(size)
        one, other = _words(ours), _words(printed)
        assert [word for word, *_ in one] == [word for word, *_ in other] and len(one) > 500
        shifts = [max(abs(a[n] - b[n]) for n in (1, 2, 3)) for a, b in zip(one, other, strict=True)]
        assert max(shifts) < 0.6


def test_only_the_chosen_range_is_printed(
    viewed: Bench, network_printer: printer.NetworkPrinter, tmp_path: Path
) -> None:
    import pypdf

    from repaircenter.desk.viewer.printing import print_on, usual_printer

    viewer = viewer_of(viewed)
    queue = usual_printer(viewer.view.pages[0])
    assert queue is not None
    queue.setFromTo(2, 3)
    print_on(queue, viewer._paper._painter, viewer.view.pages)
    found = pypdf.PdfReader(_arrived(viewed, network_printer, tmp_path / "range.pdf"))
    assert len(found.pages) == 2 and "Page 2 sur" in " ".join(found.pages[0].extract_text().split())


def test_a_quick_print_can_be_undone(
    viewed: Bench, network_printer: printer.NetworkPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdf

    viewer = viewer_of(viewed)
    click(viewed, QToolButton, "Imprimer tout de suite sur l’imprimante habituelle")
    assert f"{printer.QUEUE} va imprimer 7 pages." in words_on(viewed)
    click(viewed, QPushButton, "Annuler")
    assert "va imprimer" not in words_on(viewed) and network_printer.jobs == 0
    viewer.print_now()
    viewed.window.account.lock()
    assert viewer._paper._soon is None, "nothing is printed of what nobody may see"
    viewed.window.account.unlock("right", lambda _sentence: None)
    viewed.wait(lambda: not viewed.window.account.hides and viewer.isVisible())
    monkeypatch.setattr(report_paper, "UNDO_MS", 200)
    viewer.print_now()
    viewer.print_now()
    viewer.say_stale(lambda: None, lambda _request: None)
    assert "ont changé" in words_on(viewed)
    found = pypdf.PdfReader(_arrived(viewed, network_printer, tmp_path / "quick.pdf"))
    assert len(found.pages) == len(viewer.view.pages) == 7
    assert network_printer.jobs == 0, "asked twice, printed once"
    assert "ont changé" in words_on(viewed), "what was said meanwhile stays"


def _words(path: Path) -> list[tuple[str, float, float, float]]:
    """(word, page, left, right in points) in reading order."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], stdout=subprocess.PIPE, check=True).stdout.decode()
    found, page = [], 0.0
    for line in text.splitlines():
        page += "<page " in line
        hit = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', line)
        if hit is not None:
            found.append((hit[5], page, float(hit[1]), float(hit[3]), round(float(hit[2]) / 3)))
    found.sort(key=lambda word: (word[1], word[4], word[2]))
    return [word[:4] for word in found]


def test_what_was_chosen_by_keyboard_is_forgotten_when_the_pages_change(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    view.setFocus()
    for _ in range(30):
        QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.links.chosen is not None
    before = len(view.pages)
    viewer_of(viewed).page_setup.choose("margin", "24")
    viewed.wait(lambda: len(view.pages) > before)
    viewed.window.grab()
    assert view.links.chosen is None
    QTest.keyClick(view, Qt.Key.Key_Return)  # type: ignore[unreachable]


def test_tab_leaves_the_pages_after_the_current_one(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    view.setFocus()
    for _ in range(len(view.links.areas(0)) + 1):
        QTest.keyClick(view, Qt.Key.Key_Tab)
    assert not view.hasFocus()


def test_a_column_is_sorted_by_keyboard(viewed: Bench) -> None:
    view = viewer_of(viewed).view
    view.setFocus()
    while (chosen := view.links.chosen) is None or chosen.sort is None:
        QTest.keyClick(view, Qt.Key.Key_Tab)
        assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    viewed.wait(
        lambda: next(op.text for op in view.pages[0].operations if isinstance(op, Text) and "26-" in op.text[:3])
    )


def test_next_goes_on_with_two_pages_and_with_small_ones(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    view = viewer.view
    viewer.set_mode("two")
    for expected in (3, 5):
        click(viewed, QToolButton, "Page suivante")
        assert view.current == expected
    viewer.set_mode("continuous")
    view.set_zoom(25)
    click(viewed, QToolButton, "Première page")
    assert view.current == 1
    click(viewed, QToolButton, "Dernière page")
    assert view.current == len(view.pages)


def test_another_period_keeps_the_reports_own_shops_and_the_way_back(viewed: Bench) -> None:
    """A favourite's, or a drill's: not what happens to be ticked above (A-50)."""
    viewer, person = viewer_of(viewed), viewed.control.person
    person.empty = True
    press_area(viewed, "Question 0")
    viewed.wait(lambda: "Aucun sondage" in words_on(viewed))
    person.empty = False
    button = next(w for w in viewer.findChildren(QPushButton) if w.isVisible() and w.text() == "Septembre")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    viewed.wait(lambda: person.requests[-1].parameters.get("period") == "2026-09" and not viewer.is_running)
    assert (person.requests[-1].report, person.requests[-1].shops) == ("R-07", [2])
    assert person.requests[-1].parameters["group"] == "detractors"
    assert viewed.window.page("surveys")._shops.chosen() == [2], "the tree says so too"
    assert named(viewed, QToolButton, "Revenir au rapport précédent").isEnabled()


def test_escape_closes_what_is_open_before_it_stops(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    viewed.control.person.slow = True
    viewed.window.page("surveys").view_report()
    viewed.wait(lambda: viewer.is_running)
    viewer._find.open_bar()
    QTest.keyClick(viewed.window, Qt.Key.Key_Escape)
    assert viewer.is_running and not viewer._find.isVisible()
    QTest.keyClick(viewed.window, Qt.Key.Key_Escape)
    assert not viewer.is_running


def test_the_next_person_finds_nothing_of_the_last_one(viewed: Bench) -> None:
    viewer, surveys = viewer_of(viewed), viewed.window.page("surveys")
    viewed.wait(lambda: surveys._parameters._people is not None)
    viewer._panel.show()
    viewer._panel.pages_changed()
    viewer._find.open_bar()
    viewer._find._words.setText("Jean Tremblay")
    surveys.forget_person()
    assert viewer._find._words.text() == "" and not viewer._find.isVisible()
    assert viewer._panel._outline.topLevelItemCount() == 0 and viewer._panel._thumbs.count() == 0
    assert surveys._parameters._people is None and surveys._shops.chosen() == []
    assert not viewer.view.pages and not viewer.state.history.before


def test_every_tool_is_seen_in_the_smallest_window(viewed: Bench) -> None:
    viewed.window.resize(1024, 680)
    bar = viewer_of(viewed)._bar
    viewed.wait(lambda: bar.width() <= 1024)
    for name, action in bar.tools.items():
        widget = bar.widgetForAction(action)
        assert widget.isVisible() and widget.geometry().right() <= bar.width(), name


def test_printing_goes_on_when_another_report_is_opened(viewed: Bench, tmp_path: Path) -> None:
    """The pages on their way to the printer are a list of their own: what was on screen is taken apart meanwhile."""
    import pypdf
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from repaircenter.desk.viewer import printing

    viewer, out = viewer_of(viewed), tmp_path / "out.pdf"
    pages = len(viewer.view.pages)

    class Accepted(QPrintDialog):
        def exec(self) -> int:
            self.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            self.printer().setOutputFileName(str(out))
            return int(QPrintDialog.DialogCode.Accepted)

    usual = printing.QPrintDialog  # type: ignore[attr-defined]
    printing.QPrintDialog = Accepted  # type: ignore[attr-defined]
    try:
        viewer.print_pages()
    finally:
        printing.QPrintDialog = usual  # type: ignore[attr-defined]
    viewed.window.page("surveys").view_report()
    viewed.wait(lambda: out.exists() and b"%%EOF" in out.read_bytes() and not viewer.is_running)
    assert len(pypdf.PdfReader(out).pages) == pages


def test_a_title_pressed_a_third_time_is_as_it_came_and_shows_its_arrow_meanwhile(viewed: Bench) -> None:
    """V-14: up, down, as it came; a small triangle stands on the title that is sorted by."""
    viewer = viewer_of(viewed)

    def arrows() -> list[Shape]:
        title = area(viewed, "Question")
        shapes = [op for op in viewer.view.pages[0].operations if isinstance(op, Shape) and len(op.points) == 3]
        return [op for op in shapes if all(title.y <= y <= title.y + 2 for _, y in op.points)]

    came = viewer.view.page_text()
    assert arrows() == []
    press_area(viewed, "Question")
    viewed.wait(arrows)
    (up,) = arrows()
    press_area(viewed, "Question")
    viewed.wait(lambda: arrows() and arrows() != [up])
    (down,) = arrows()
    assert up.points[2][1] < up.points[0][1] and down.points[2][1] > down.points[0][1]
    press_area(viewed, "Question")
    viewed.wait(lambda: not arrows())
    assert viewer.view.page_text() == came


def layout_menu(viewer: ReportViewer) -> QMenu:
    menu = viewer._bar.tools["layout"].menu()
    assert isinstance(menu, QMenu)
    return menu


def test_a_section_folds_under_its_heading_and_opens_again(viewed: Bench) -> None:
    """V-13: by the mouse, by keyboard, all at once; what is printed and saved is what is seen."""
    viewer = viewer_of(viewed)
    count = len(viewer.view.pages)
    press_area(viewed, "Nord")
    viewed.wait(lambda: len(viewer.view.pages) < count)
    assert "Question 0" not in viewer.view.page_text() and "Sud" in viewer.view.page_text()
    view = viewer.view
    view.setFocus()
    place = next(n for n, one in enumerate(view.links.areas(0)) if one.label == "Nord")
    for _ in range(place + 1):
        QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.accessibleDescription() == "Nord"
    QTest.keyClick(view, Qt.Key.Key_Return)
    viewed.wait(lambda: len(viewer.view.pages) == count)
    entries = {action.text(): action for action in layout_menu(viewer).actions()}
    entries["Replier toutes les sections"].trigger()
    viewed.wait(lambda: len(viewer.view.pages) == 1)
    assert "Nord" in view.page_text() and "Sud" in view.page_text() and "Fin" not in view.page_text()
    entries["Déplier toutes les sections"].trigger()
    viewed.wait(lambda: len(viewer.view.pages) == count)


def test_a_folded_section_is_folded_still_when_one_comes_back(viewed: Bench) -> None:
    viewer = viewer_of(viewed)
    viewer._layout.fold(1)
    viewed.wait(lambda: "Fin" not in viewer.view.page_text())
    folded = viewer.view.page_text()
    viewer.follow(Link(report="R-07"))
    viewed.wait(lambda: viewer.state.history.before and viewer.view.pages and not viewer.is_running)
    assert "Fin" in viewer.view.page_text(), "another report is not folded"
    viewer.go_back()
    assert viewer.view.page_text() == folded


def test_what_is_found_is_listed_with_its_page_and_leads_there(viewed: Bench) -> None:
    """V-04: the result list."""
    viewer = viewer_of(viewed)
    QTest.keyClick(viewed.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(named(viewed, QLineEdit, "Rechercher dans le rapport"), "question 19")
    viewed.wait(lambda: "1 sur 11" in words_on(viewed))
    click_text(viewed, "Tout afficher")
    found = named(viewed, QListWidget, "Résultats")
    assert isinstance(found, QListWidget) and found.isVisible() and found.count() == 11
    assert re.fullmatch(r"Page \d+\s:\sQuestion 19", found.item(0).text().replace("\xa0", " "))
    found.itemClicked.emit(found.item(10))
    assert "11 sur 11" in words_on(viewed)
    assert viewer.view.marks.found_now == 10 and found.currentRow() == 10
    QTest.keyClick(viewer, Qt.Key.Key_F3)
    viewed.wait(lambda: found.currentRow() == 0)
    viewer._find.close_bar()
    assert found.count() == 0


def click_text(bench: Bench, text: str) -> None:
    page: QWidget = bench.window.page("surveys")
    QTest.mouseClick(
        next(w for w in page.findChildren(QPushButton) if w.text() == text and w.isVisible()), Qt.MouseButton.LeftButton
    )


def drag(view: PageView, start: LinkArea, end: LinkArea) -> None:
    placed = view._layout.of(0)
    assert placed is not None

    def point(x: float, y: float) -> QPoint:
        return QPoint(
            placed.left + round(x * view._scale()) - view.horizontalScrollBar().value(),
            placed.top + round(y * view._scale()) - view.verticalScrollBar().value(),
        )

    first, last = point(start.x + 1, start.y + 0.5), point(end.x + end.width - 1, end.y + end.height - 0.5)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    for at in ((first + last) / 2, last):
        QApplication.sendEvent(
            view.viewport(),
            QMouseEvent(
                QEvent.Type.MouseMove, QPointF(at), QPointF(view.viewport().mapToGlobal(at)), Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
            ),
        )  # fmt: skip
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)


def test_what_is_marked_by_dragging_is_copied_by_its_key(viewed: Bench) -> None:
    """V-21: rows and columns as a sheet takes them; a drag follows no link, the next click takes the mark off."""
    viewer = viewer_of(viewed)
    titles = [one for one in viewer.view.links.areas(0) if one.sort is not None]
    asked = len(viewed.control.person.requests)
    drag(viewer.view, titles[0], titles[-1])
    assert viewer.view.marks.selection is not None and len(viewed.control.person.requests) == asked
    assert viewer.state.arrangement.order is None, "nothing was sorted"
    QTest.keyClick(viewer.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied.split("\n")[0].split("\t")[0] == "Question" and "Question 40" not in copied
    assert not viewer.view.grab().isNull()
    QTest.keyClick(viewer.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(viewer.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Question 10\t" in QGuiApplication.clipboard().text()
    QTest.mouseClick(viewer.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert viewer.view.selected_text() == ""
    QTest.keyClick(viewer.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    viewed.wait(lambda: "Question 199" in QGuiApplication.clipboard().text())


def test_all_pages_are_seen_at_a_glance_and_one_is_opened(viewed: Bench) -> None:
    """V-03: small, as many beside each other as fit; a click or Enter opens one as it lay before."""
    viewer = viewer_of(viewed)
    view = viewer.view
    view.set_zoom(150)
    viewer.set_mode("all")
    assert view.zoom == 25 and view.beside > 2
    assert len({page.top for page in view._layout.placed}) < len(view.pages)
    assert view.area_at(QPoint(view._layout.placed[0].left + 20, view._layout.placed[0].top + 20)) is None
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    view.go_to(1)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current == 3 and not view.grab().isNull()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (view.mode, view.zoom, view.current) == ("continuous", 150, 3)
    assert [one.text() for one in layout_menu(viewer).actions() if one.isChecked()] == ["Pages l’une sous l’autre"]
    viewer.set_mode("all")
    placed = view._layout.placed[1]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(placed.left + 9, placed.top + 9))
    assert (view.mode, view.current) == ("continuous", 2)
