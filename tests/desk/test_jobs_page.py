"""The Jobs page and the frame around it (UI.md; A-N1, A-N8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTabWidget,
    QToolButton,
    QWidget,
)

from repaircenter.desk.jobs.columns import ORDER
from repaircenter.desk.jobs.job_list import MARKS
from repaircenter.desk.jobs.timeline import steps
from repaircenter.desk.kit.theme import DARK, LIGHT
from repaircenter.runtime.errors import EnvironmentFailure, KeyTrouble, KnownError
from repaircenter.shop.model.folder import FolderHealth, LedgerEntry
from repaircenter.shop.model.job import Event, Facility, JobDetails
from repaircenter.shop.model.state import ConnectionState, NewerDesk, Silence
from tests.desk.conftest import NOW, Bench, FakeControl, RoomBench, job
from tests.fakes.clock import FakeClock

WRONG_KEY = "wrong_key"


@pytest.fixture
def listed(room: Callable[..., RoomBench]) -> RoomBench:
    """The French page of jobs, by itself."""
    found = room("jobs", "fr")
    found.wait(lambda: found.window.page("jobs").count_shown)
    return found


def visible(bench: Bench | RoomBench, kind: type[QWidget]) -> list[QWidget]:
    return [w for w in bench.window.findChildren(kind) if w.isVisible()]


def words_on(bench: Bench | RoomBench) -> str:
    labels = [w.text() for w in visible(bench, QLabel)]  # type: ignore[attr-defined]
    buttons = [w.text() for w in [*visible(bench, QPushButton), *visible(bench, QToolButton)]]  # type: ignore[attr-defined]
    return "\n".join([*labels, *buttons]).replace("\N{NO-BREAK SPACE}", " ")


def press(bench: Bench | RoomBench, text: str) -> None:
    button = next(w for w in visible(bench, QPushButton) if w.text().replace("&", "") == text)  # type: ignore[attr-defined]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_window_is_there_before_the_shop_is_open(start: Callable[..., Bench]) -> None:
    found = start("en")
    assert found.window.isVisible() and "Opening…" in words_on(found)
    found.wait(lambda: found.window.page("jobs").count_shown == 5)


def test_what_cannot_be_opened_says_why_and_can_be_tried_again(start: Callable[..., Bench]) -> None:
    found = start("fr", opening=[EnvironmentFailure("locked")])
    found.wait(lambda: "verrouillé" in words_on(found))
    found.opener.troubles.clear()
    press(found, "Réessayer")
    found.wait(lambda: found.window.page("jobs").count_shown == 5)


def test_a_job_shows_its_facts_lines_and_what_was_sent(listed: RoomBench) -> None:
    listed.window.page("jobs").select_first()
    listed.wait(lambda: listed.window.page("jobs").shown_job)
    text = words_on(listed)
    assert "Éloïse Gagné" in text and "2020 Mazda CX-5" in text and "Assurances Exemple" in text
    tabs = next(w for w in visible(listed, QTabWidget))
    assert [tabs.tabText(i) for i in range(4)] == ["Parcours", "Lignes", "Versions", "Envoyé"]  # type: ignore[attr-defined]


def test_the_timeline_tells_the_newest_step_first(listed: RoomBench) -> None:
    context = listed.program.context
    events = (Event(NOW, "read", "E01 x"), Event(NOW + timedelta(hours=1), "answer_filtered", "insurer_not_surveyed"))
    told = [step.text for step in steps(JobDetails(job(1), (), events, ()), context)]
    assert "cet assureur n’a pas de programme de sondage" in told[0] and told[1] == "Vue dans le dossier et lue (E01 x)"
    answered = job(
        1, service_state="answered", service_invited_at=NOW, service_answered_at=NOW + timedelta(1), service_stars=4
    )
    assert [s.text for s in steps(JobDetails(answered, (), (), ()), context)] == [
        "Le client a répondu\N{NO-BREAK SPACE}: 4 étoiles sur 5",
        "Client invité",
    ]


def test_searching_and_filtering_narrow_the_list_and_say_why_it_is_empty(listed: RoomBench) -> None:
    search = next(w for w in visible(listed, QLineEdit))
    search.setText("gagné 3")  # type: ignore[attr-defined]
    listed.wait(lambda: listed.window.page("jobs").count_shown == 1)
    search.setText("nobody")  # type: ignore[attr-defined]
    listed.wait(lambda: "Aucun résultat" in words_on(listed))
    press(listed, "Afficher tous les travaux")
    listed.wait(lambda: listed.window.page("jobs").count_shown == 5)


def test_the_details_are_always_those_of_the_chosen_row(listed: RoomBench) -> None:
    """Issue 15.2: nobody acts on a customer who is not in the list any more."""
    page = listed.window.page("jobs")
    page.select_first()
    listed.wait(lambda: page.shown_job == 5)
    page.search_for("26-0002")
    listed.wait(lambda: page.count_shown == 1 and page.shown_job == 0)
    assert "Modifier le contact" not in words_on(listed)
    page._list.table.selectRow(0)
    listed.wait(lambda: page.shown_job == 2)
    page.search_for("")
    listed.wait(lambda: page.count_shown == 5)
    assert page.shown_job == 2 and page._list.table.currentIndex().row() == page._list.model.row_of(2)
    page._list.table.clearSelection()
    listed.wait(lambda: page.shown_job == 0)


def test_a_poor_answer_is_no_green_tick(listed: RoomBench) -> None:
    """Issue 15.9: stars in the cell, red for two and fewer, amber for three, and a chip that counts them."""
    listed.control.kept_jobs = [job(n, service_state="answered", service_stars=n) for n in range(1, 6)]
    listed.control.kept_jobs.append(job(6, service_state="answered", service_stars=None))
    page = listed.window.page("jobs")
    page._list.read_all()
    listed.wait(lambda: page.count_shown == 6)
    (survey,) = [column for column in page._list.model.columns if column.name == "survey"]
    told = {row.id: (MARKS[survey.mark(row)][1], survey.text(row, page._context)) for row in page._list.model.rows}
    assert [told[n][0] for n in range(1, 7)] == ["problem", "problem", "attention", "good", "good", "good"]
    assert (told[1][1], told[2][1]) == ("1 étoile sur 5", "2 étoiles sur 5") and told[6][1] == "Répondu"
    chip = page._filters._chips["low_rating"]
    assert chip.text() == "Note basse (3)" and chip.isVisible()
    chip.click()
    listed.wait(lambda: sorted(row.id for row in page._list.model.rows) == [1, 2, 3])


def test_a_form_that_is_being_filled_in_outlives_a_search(listed: RoomBench) -> None:
    page = listed.window.page("jobs")
    page.select_first()
    listed.wait(lambda: page.shown_job == 5)
    press(listed, "Modifier le contact")
    page.search_for("26-0002")
    listed.wait(lambda: page.count_shown == 1)
    assert page._details.is_editing and page.shown_job == 5
    press(listed, "Annuler")
    listed.wait(lambda: page.shown_job == 0)


def test_the_customer_has_a_line_of_their_own_that_can_be_copied(listed: RoomBench) -> None:
    """Issue 15.3: phones as people read them, never in the estimator's line."""
    listed.control.kept_jobs = [job(1, phones=("+15145550101",), estimator="Ana Ruiz")]
    page = listed.window.page("jobs")
    page._list.read_all()
    listed.wait(lambda: page.count_shown == 1)
    page.select_first()
    listed.wait(lambda: page.shown_job == 1)
    lines = words_on(listed).split("\n")
    assert "Client : 514-555-0101 · e@example.com" in lines
    (estimator,) = [line for line in lines if "Ana Ruiz" in line]
    assert "514" not in estimator and "@" not in estimator
    press(listed, "Copier les coordonnées")
    copied = QGuiApplication.clipboard().text()
    assert copied == "Éloïse Gagné 1\n514-555-0101\ne@example.com"


def test_facts_from_other_threads_refresh_the_list(listed: RoomBench) -> None:
    listed.control.kept_jobs.append(job(6))
    listed.hub.tell("jobs_changed")
    listed.wait(lambda: listed.window.page("jobs").count_shown == 6)


def test_a_store_that_cannot_be_read_offers_retry(listed: RoomBench) -> None:
    listed.control.broken = True
    listed.window.page("jobs").refresh()
    listed.wait(lambda: "Cette liste n’a pas pu être lue" in words_on(listed))
    listed.control.broken = False
    press(listed, "Réessayer")
    listed.wait(lambda: listed.window.page("jobs").count_shown == 5)


def test_an_unknown_facility_is_confirmed_with_one_press(listed: RoomBench) -> None:
    listed.control.facilities = [Facility("tax:1", "Carrosserie Sud · TAX", None)]
    listed.window.page("jobs").refresh()
    listed.wait(lambda: "Quel atelier?" in words_on(listed))
    choice = next(w for w in visible(listed, QComboBox) if w.accessibleName() == "Atelier")
    assert choice.currentText() == "Sud"  # type: ignore[attr-defined]
    press(listed, "Confirmer")
    listed.wait(lambda: ("confirm", "tax:1", 2) in listed.control.calls and "Quel atelier?" not in words_on(listed))


def test_a_broken_set_is_named_with_its_reason(listed: RoomBench) -> None:
    listed.control.troubles = [
        LedgerEntry(
            folder="/share",
            base="4bdead01",
            signature="s",
            outcome="broken",
            reason="the file is no dBASE table",
            job_id=None,
            at_utc=NOW,
        )
    ]
    listed.window.page("jobs").refresh()
    listed.wait(lambda: "4bdead01) est illisible : le fichier n’est pas une table dBASE" in words_on(listed))
    press(listed, "Ne plus afficher")
    assert "4bdead01" not in words_on(listed)
    listed.window.page("jobs").refresh()
    QTest.qWait(400)
    assert "4bdead01" not in words_on(listed), "what was put away stays away"
    listed.control.troubles = [replace(listed.control.troubles[0], signature="t")]
    listed.window.page("jobs").refresh()
    listed.wait(lambda: "4bdead01) est illisible" in words_on(listed))


def test_a_silence_can_be_put_away_until_there_is_another(listed: RoomBench) -> None:
    listed.control.silences = (Silence("kept", NOW, 0.0, "rule_never"),)
    listed.hub.tell("cycle_ended")
    listed.wait(lambda: "Le service n’a gardé aucun travail" in words_on(listed))
    press(listed, "Ne plus afficher")
    listed.hub.tell("cycle_ended")
    assert "Le service n’a gardé aucun travail" not in words_on(listed)
    listed.control.silences = (Silence("kept", NOW + timedelta(days=1), 0.0, "rule_never"),)
    listed.hub.tell("cycle_ended")
    listed.wait(lambda: "Le service n’a gardé aucun travail" in words_on(listed))


def test_a_newer_desk_is_said_once_a_day(listed: RoomBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 16: with the way to it; nothing installs itself."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    listed.control.newer = NewerDesk("9.1", "https://example.com/desk")
    listed.hub.tell("cycle_ended")
    listed.wait(lambda: "RepairCenter 9.1 est disponible" in words_on(listed))
    press(listed, "Voir où")
    assert opened == ["https://example.com/desk"]
    press(listed, "Pas aujourd’hui")
    listed.hub.tell("cycle_ended")
    QTest.qWait(300)
    assert "9.1" not in words_on(listed)
    clock = listed.program.context.clock
    assert isinstance(clock, FakeClock)
    clock.pass_time(86400)
    listed.hub.tell("cycle_ended")
    listed.wait(lambda: "RepairCenter 9.1 est disponible" in words_on(listed))


def test_send_now_sends_the_job(listed: RoomBench) -> None:
    listed.control.kept_jobs = [job(1, sent_digest=None, service_state=None, service_callable_on=None)]
    QTest.keyClick(listed.window.page("jobs"), Qt.Key.Key_F5)
    listed.wait(lambda: listed.window.page("jobs").count_shown == 1)
    listed.window.page("jobs").select_first()
    listed.wait(lambda: listed.window.page("jobs").shown_job)
    press(listed, "Envoyer maintenant")
    listed.wait(lambda: ("send", 1) in listed.control.calls)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConnectionState("offline", None, NOW), "Hors ligne depuis"),
        (ConnectionState("disconnected"), "Déconnecté – rien n’est envoyé"),
        (ConnectionState("unpaired"), "Non jumelé"),
        (ConnectionState("ending_soon", NOW), "Fin de session"),
    ],
)
def test_the_status_bar_says_how_the_connection_is(bench: Bench, state: ConnectionState, expected: str) -> None:
    bench.control.connection = state
    bench.hub.tell("connection_changed")
    bench.wait(lambda: expected in bench.window.status_text("connection"))


def test_the_status_bar_says_since_when_the_share_is_away(bench: Bench) -> None:
    bench.control.healths = (FolderHealth("//SRV/EMS", NOW, NOW, 0, 0, 0.0),)
    bench.hub.tell("cycle_ended")
    bench.wait(lambda: "//SRV/EMS absent depuis" in bench.window.status_text("share"))
    assert "2 à envoyer" in bench.window.status_text("outbox") and "Dernier cycle complet" in bench.window.status_text(
        "cycle"
    )


def test_the_language_changes_at_once_everywhere(bench: Bench) -> None:
    for language, word in (("en", "Jobs"), ("es", "Trabajos"), ("fr", "Travaux")):
        bench.window.set_language(language)
        assert word in words_on(bench)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_control_has_a_name_for_screen_readers(start: Callable[..., Bench], language: str) -> None:
    found = start(language)
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.sign_in()
    nameless = [
        type(w).__name__
        for kind in (QPushButton, QToolButton, QLineEdit, QComboBox, QTableView)
        for w in found.window.findChildren(kind)
        if not w.objectName().startswith("qt_")
        and not w.accessibleName()
        and not getattr(w, "text", lambda: "")()
        and w.isVisibleTo(found.window)
    ]
    assert nameless == []


def test_dark_and_light_differ_and_keep_their_contrast(bench: Bench) -> None:

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colours in (LIGHT, DARK):
        for ink, ground in (
            ("ink", "paper"),
            ("ink", "ground"),
            ("ink", "bar"),
            ("ink", "chosen"),
            ("soft", "paper"),
            ("soft", "ground"),
            ("soft", "bar"),
            ("good", "paper"),
            ("attention", "paper"),
            ("problem", "paper"),
            ("accent", "paper"),
            ("on_accent", "accent"),
            ("ink", "notice"),
        ):
            one, two = luminance(colours[ink]), luminance(colours[ground])
            assert (max(one, two) + 0.05) / (min(one, two) + 0.05) >= 4.5, (ink, ground)
    bench.window.set_appearance("dark")
    assert bench.program.context.theme.is_dark
    bench.window.set_appearance("light")


def test_a_slow_store_never_stops_the_window(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second in the store, and a 5-ms timer of the window goes on."""
    import time

    from tests.desk.conftest import FakeReader

    slow = FakeReader.job_lines
    monkeypatch.setattr(
        FakeReader,
        "job_lines",
        lambda self, search="", after=0: (time.sleep(0.5), slow(self, search, after))[1],  # type: ignore[func-returns-value]
    )
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        gaps.append(time.perf_counter() - last)
        last = time.perf_counter()

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(5)
    bench.control.kept_jobs.append(job(7))
    bench.window.page("jobs").refresh()
    bench.wait(lambda: bench.window.page("jobs").count_shown == 6)
    timer.stop()
    assert max(gaps) < 0.25, max(gaps)


def test_the_keyboard_reaches_the_pages(bench: Bench) -> None:
    QTest.keyClick(bench.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: "Ouvrir une session" in words_on(bench))
    QTest.keyClick(bench.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: "Tous les assureurs" in [w.currentText() for w in visible(bench, QComboBox)])  # type: ignore[attr-defined]
    assert QApplication.instance() is not None


def test_a_job_that_names_no_facility_is_placed_by_hand(listed: RoomBench) -> None:
    listed.control.kept_jobs = [job(1, shop_id=None, sent_digest=None, service_state=None)]
    QTest.keyClick(listed.window.page("jobs"), Qt.Key.Key_F5)
    listed.wait(lambda: listed.window.page("jobs").count_shown == 1)
    listed.window.page("jobs").select_first()
    listed.wait(lambda: listed.window.page("jobs").shown_job)
    press(listed, "Confirmer")
    listed.wait(lambda: ("place", 1, 1) in listed.control.calls)


def test_the_recovery_code_is_shown_once_when_the_store_is_made(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.new_recovery_code = "ABCDEFG-HIJKLMN"
    found = start("fr")
    found.wait(lambda: "ABCDEFG-HIJKLMN" in words_on(found))
    press(found, "Je l’ai gardé")
    found.wait(lambda: found.window.page("jobs").count_shown == 5)


def test_a_lost_key_is_replaced_by_the_code(start: Callable[..., Bench]) -> None:
    found = start("fr", opening=[KeyTrouble(WRONG_KEY)])
    found.wait(lambda: "n’ouvre pas la base" in words_on(found))
    (edit,) = visible(found, QLineEdit)
    edit.setText("wrong")  # type: ignore[attr-defined]
    press(found, "Ouvrir avec le code")
    found.wait(lambda: "n’est pas un code de récupération" in words_on(found))
    edit.setText("right")  # type: ignore[attr-defined]
    press(found, "Ouvrir avec le code")
    found.wait(lambda: found.window.page("jobs").count_shown == 5)
    assert found.opener.calls == ["recover"]


def test_a_store_of_a_newer_program_offers_the_backup_of_before(start: Callable[..., Bench]) -> None:
    """Issue 16: the desk refuses in words and offers what it can open."""
    found = start("en", opening=[KnownError("newer")])
    found.wait(lambda: "written by a newer RepairCenter" in words_on(found))
    assert "Open the backup" not in words_on(found), "there is none"
    found.opener.backup = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    press(found, "Try again")
    found.wait(lambda: "Open the backup of 2026-11-02" in words_on(found))
    assert "erased by hand since then is lost" in words_on(found)
    (text,) = [w for w in visible(found, QLabel) if "newer RepairCenter" in w.text()]  # type: ignore[attr-defined]
    assert text.height() >= text.heightForWidth(text.width()), "every line of it is seen"
    press(found, next(line for line in words_on(found).splitlines() if line.startswith("Open the backup")))
    found.wait(lambda: found.window.page("jobs").count_shown == 5)
    assert found.opener.calls == ["go back"]


def test_without_the_code_a_new_store_can_be_started(start: Callable[..., Bench]) -> None:
    found = start("en", opening=[KeyTrouble(WRONG_KEY)])
    found.wait(lambda: "does not open the store" in words_on(found))
    press(found, "Start a new store")
    found.wait(lambda: found.window.page("jobs").count_shown == 5)
    assert found.opener.calls == ["new"]


def test_the_list_paints_what_its_cells_say(listed: RoomBench) -> None:
    """It paints itself: words where their column is, the chosen row, the marks of the survey, the theme's colours."""
    table = listed.window.page("jobs")._list.table
    listed.window.page("jobs").select_first()
    listed.program.app.processEvents()

    def picture() -> QImage:
        return table.viewport().grab().toImage()  # type: ignore[no-any-return]

    def inked(shown: QImage, row: int, name: str, ground: str) -> int:
        """Pixels of a cell that are not its ground."""
        column = list(ORDER).index(name)
        left, top = table.columnViewportPosition(column), table.rowViewportPosition(row)
        area = [
            shown.pixelColor(x, y).name()
            for x in range(left + 2, left + table.columnWidth(column) - 2)
            for y in range(top + 3, top + table.rowHeight(row) - 4)
        ]
        return sum(colour != ground for colour in area)

    for colours in (LIGHT, DARK):
        shown = picture()
        assert inked(shown, 0, "customer", colours["chosen"]) > 50, "words on the chosen row"
        assert inked(shown, 1, "customer", colours["paper"]) > 50
        assert inked(shown, 1, "survey", colours["paper"]) > 100, "a mark before the words"
        reach = table.horizontalHeader().length()
        if reach + 2 < shown.width():
            beside = shown.pixelColor(reach + 2, table.rowViewportPosition(0) + 5).name()
            assert beside == colours["paper"], "Qt would not paint more than the columns when another row is chosen"
        empty = next(row for row in range(1, 5) if not table.model().data(table.model().index(row, 7)))
        assert inked(shown, empty, "delivered", colours["paper"]) == 0
        listed.program.context.theme.choice = "dark"
        listed.program.context.theme.apply(listed.program.app)
        listed.program.app.processEvents()


def test_a_text_that_is_too_long_is_cut_with_dots(listed: RoomBench) -> None:
    table = listed.window.page("jobs")._list.table
    cut, width = table._fitted("Éloïse Gagné-Côté de la Carrosserie", 80)
    assert cut.endswith("…") and width <= 80
    assert table._fitted("Éloïse", 80)[0] == "Éloïse"
