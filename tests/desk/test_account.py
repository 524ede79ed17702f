"""Who is at the desk: sign in, stay, lock, sign out, the licence (A-01, DESIGN 3.10, UI.md Frame)."""

from collections.abc import Callable

import pytest

from repaircenter.shop.ports import KeptPerson
from repaircenter.wire.identity import ShopInfo
from repaircenter.wire.vocabulary import INTERVIEW, RUN_REPORTS, WORK_ON_ALERTS
from tests.desk.conftest import Bench, FakeControl
from tests.desk.screen import field, menu_of, press, words_on


def opened(start: Callable[..., Bench], **options: object) -> Bench:
    found = start("en", **options)
    found.wait(lambda: found.window.account._link is not None)
    return found


def test_a_desk_nobody_signed_in_at_shows_its_jobs(start: Callable[..., Bench]) -> None:
    found = opened(start)
    found.wait(lambda: found.window.page("jobs").count_shown == 5)
    assert "Sign out" not in menu_of(found, "More")


def test_who_is_signed_in_is_seen_on_every_page(bench: Bench) -> None:
    """Issue 15.16."""
    assert not bench.window.bar._person_action.isVisible()
    bench.sign_in()
    for page in ("jobs", "sending", "surveys"):
        bench.window.show_page(page)
        assert "Ada" in words_on(bench)
    entries = [action.text() for action in bench.window.bar._of_person.actions()]
    assert entries == []
    bench.window.bar._of_person.aboutToShow.emit()
    assert len(bench.window.bar._of_person.actions()) == 3
    bench.window.bar._of_person.actions()[2].trigger()
    bench.wait(lambda: not bench.window.bar._person_action.isVisible())


def test_who_stays_signed_in_is_not_asked(start: Callable[..., Bench], control: FakeControl) -> None:
    control.person_side.known = KeptPerson("ada@example.com", True)
    found = opened(start)
    found.wait(lambda: found.window.account.session is not None)
    found.window.show_page("surveys")
    found.wait(lambda: found.window.page("surveys").ready)


def test_who_did_not_stay_is_asked_at_the_next_start_and_collecting_goes_on(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.person_side.known = KeptPerson("ada@example.com", False)
    found = opened(start)
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found))
    assert not found.window.page("jobs").isVisible() and found.window.status_text("share")
    field(found, "Password").setText("wrong")
    press(found, "Sign in")
    found.wait(lambda: "password is wrong" in words_on(found))
    field(found, "Password").setText("right")
    press(found, "Sign in")
    found.wait(lambda: found.window.page("jobs").isVisible() and found.window.page("jobs").count_shown == 5)


def test_while_the_service_is_away_the_last_person_gets_in_all_the_same(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.person_side.known = KeptPerson("ada@example.com", False)
    control.person_side.away = True
    found = opened(start)
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found))
    field(found, "E-mail").setText("other@example.com")
    field(found, "Password").setText("right")
    press(found, "Sign in")
    found.wait(lambda: "service cannot be reached" in words_on(found))
    field(found, "E-mail").setText("ada@example.com")
    field(found, "Password").setText("right")
    press(found, "Sign in")
    found.wait(lambda: found.window.page("jobs").isVisible())


def test_signing_out_hides_jobs_and_reports_and_is_remembered(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    found = opened(start)
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.sign_in()
    menu_of(found, "More")["Sign out"].trigger()
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found) and control.person_side.known is None)
    assert not found.window.page("surveys").viewer.view.pages
    found.program.context.settings.sync()
    again = opened(start)
    again.wait(lambda: "Jobs and reports are hidden" in words_on(again))


def test_locking_asks_for_the_password_and_nothing_is_lost(start: Callable[..., Bench], control: FakeControl) -> None:
    found = opened(start)
    found.sign_in()
    session = found.window.account.session
    menu_of(found, "More")["Lock"].trigger()
    assert "Give your password to go on" in words_on(found) and not found.window.page("surveys").isVisible()
    found.window.show_page("jobs")
    assert not found.window.page("jobs").isVisible(), "no way round the lock"
    field(found, "Password").setText("wrong")
    press(found, "Unlock")
    found.wait(lambda: "password is wrong" in words_on(found))
    control.person_side.away = True
    field(found, "Password").setText("right")
    press(found, "Unlock")
    found.wait(lambda: found.window.page("jobs").isVisible())
    assert found.window.account.session is session


def test_a_locked_desk_is_still_locked_after_a_restart(start: Callable[..., Bench], control: FakeControl) -> None:
    control.person_side.known = KeptPerson("ada@example.com", True)
    found = opened(start)
    found.wait(lambda: found.window.account.session is not None)
    found.window.account.lock()
    found.program.context.settings.sync()
    again = opened(start)
    again.wait(lambda: "Give your password to go on" in words_on(again))
    assert not again.window.page("jobs").isVisible()


def test_nothing_is_shown_before_it_is_known_who_is_here(start: Callable[..., Bench], control: FakeControl) -> None:
    """A keyring that does not answer at once, or at all, opens nothing."""
    from repaircenter.runtime.errors import EnvironmentFailure

    def locked() -> None:
        raise EnvironmentFailure("locked")

    control.person_side.kept = locked  # type: ignore[method-assign]
    found = opened(start)
    assert not found.window.page("jobs").isVisible()
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found))


def test_an_account_of_other_shops_gets_nobody_in(start: Callable[..., Bench], control: FakeControl) -> None:
    control.person_side.known = KeptPerson("ada@example.com", False)
    control.person_side.shops = [ShopInfo(id=999, name="Elsewhere", zone="UTC")]
    found = opened(start)
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found))
    field(found, "Password").setText("right")
    press(found, "Sign in")
    found.wait(lambda: "does not belong to the shops of this PC" in words_on(found))
    assert not found.window.page("jobs").isVisible()


def test_who_stays_is_signed_in_as_soon_as_the_service_is_back(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.person_side.known = KeptPerson("ada@example.com", True)
    control.person_side.away = True
    found = opened(start)
    found.wait(lambda: found.window.page("jobs").isVisible())
    assert found.window.account.session is None
    control.person_side.away = False
    found.hub.tell("connection_changed")
    found.wait(lambda: found.window.account.session is not None)


def test_the_next_person_sees_nothing_of_the_last_one(start: Callable[..., Bench], control: FakeControl) -> None:
    found = opened(start)
    found.sign_in()
    found.window.page("surveys").choose_report("R-01", {})
    found.window.page("surveys").view_report()
    found.wait(
        lambda: found.window.page("surveys").viewer.view.pages and not found.window.page("surveys").viewer.is_running
    )
    found.window.page("jobs")._list.search.setText("secret")
    found.window.account.sign_out()
    found.wait(lambda: "Jobs and reports are hidden" in words_on(found))
    assert not found.window.page("surveys").viewer.view.pages and not found.window.page("surveys").ready
    assert found.window.page("jobs")._list.search.text() == "" and found.window.page("jobs").shown_job == 0


@pytest.mark.parametrize("minutes", [0, 5])
def test_the_desk_locks_itself_after_the_minutes_one_chose(start: Callable[..., Bench], minutes: int) -> None:
    found = opened(start)
    found.sign_in()
    found.program.context.remember("lock_minutes", minutes)
    clock = found.program.context.clock
    clock.pass_time(4 * 60)  # type: ignore[attr-defined]
    found.window.account._look()
    assert not found.window.account.locked
    clock.pass_time(2 * 60)  # type: ignore[attr-defined]
    found.window.account._look()
    assert found.window.account.locked == bool(minutes)


def test_without_the_licence_for_surveys_there_is_no_icon(start: Callable[..., Bench], control: FakeControl) -> None:
    found = opened(start)
    found.wait(lambda: found.window.page("jobs").count_shown)
    assert found.window.bar.actions_by_page["surveys"].isVisible()
    control.person_side.surveys = False
    found.hub.tell("connection_changed")
    found.wait(lambda: not found.window.bar.actions_by_page["surveys"].isVisible())


@pytest.mark.parametrize(
    ("permissions", "offered"),
    [
        ([INTERVIEW], ["calls"]),
        ([RUN_REPORTS], ["surveys"]),
        ([RUN_REPORTS, WORK_ON_ALERTS], ["surveys", "alerts"]),
        ([], ["surveys", "alerts"]),
    ],
)
def test_a_room_is_offered_to_whoever_may_work_there(bench: Bench, permissions: list[str], offered: list[str]) -> None:
    """While nobody is signed in the rooms that ask who one is are there; a service that names no rights hides nothing."""

    def there() -> list[str]:
        return [name for name in ("surveys", "alerts", "calls") if bench.window.bar.offers(name)]

    assert there() == ["surveys", "alerts"]
    bench.control.person.permissions = permissions
    bench.window.open_page("surveys")
    bench.sign_in()
    assert there() == offered
    if "surveys" not in offered:
        bench.wait(lambda: bench.window.page("jobs").isVisible())
    bench.window.account.sign_out()
    assert there() == ["surveys", "alerts"]
