"""The pages of customers and staff in a real Chromium: by keyboard alone at 320 px, with and without scripts, in three
languages, without a violation that axe-core finds (issue 17; UI.md, consumer pages)."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from repaircenter.runtime.text import LANGUAGES
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact
from repaircenter.wire.people import Forgotten, WantedAddress
from tests.conftest import Central
from tests.integration.test_service import client, message, ripen, send
from tests.integration.test_service import person as signed_in

__all__ = ["client"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="a real browser needs chromium (.ci/run installs it)")
STRICT = {"rules": {"color-contrast-enhanced": {"enabled": True}}}
NARROW: ViewportSize = {"width": 320, "height": 640}
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


class Visit:
    """One visitor: what the page asked for, and how it is used by keyboard."""

    def __init__(self, browser: Browser, *, scripts: bool = True, scheme: Scheme = "light") -> None:
        context = browser.new_context(viewport=NARROW, java_script_enabled=scripts, color_scheme=scheme)
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))

    def tab_to(self, selector: str, most: int = 60) -> None:
        """Press Tab until what is wanted has the focus."""
        wanted = self.page.locator(f"{selector}:focus")
        for _ in range(most):
            if wanted.count():
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{selector} is not reached by keyboard")

    def choose(self, question: str, value: str) -> None:
        """Choose a value of a question: Tab to its group, arrows within it."""
        self.tab_to(f"input[name={question}]")
        self.page.keyboard.press("Space")
        for _ in range(12):
            if self.page.locator(f"input[name={question}][value='{value}']:checked").count():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{question} cannot be {value} by keyboard")

    def press(self) -> None:
        self.tab_to("button:not(.plain)")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def check(page: Page) -> None:
    """Nothing that axe-core finds, text at 7 : 1 among it (UI.md), and nothing to scroll sideways."""
    violations = Axe().run(page, options=STRICT).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"


def survey(central: Central, client: CollectorClient, language: str) -> str:
    contact = Contact(first_name="Éloïse", last_name="Gagné", email="c@example.com", language=language)
    send(central, client, (message(1, contact=contact), "a"))
    return ripen(central)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_survey_is_answered_by_keyboard(
    central: Central, client: CollectorClient, browser: Browser, language: str, scripts: bool
) -> None:
    visit = Visit(browser, scripts=scripts)
    visit.page.goto(survey(central, client, language))
    assert visit.page.locator("html").get_attribute("lang") == language
    visit.choose("stars", "2")
    visit.press()
    # What went wrong is asked because of the stars (D-07), with boxes that are ticked one by one.
    visit.tab_to("input[name=problem][value=delay]")
    visit.page.keyboard.press("Space")
    visit.choose("on_time", "0")
    visit.press()
    visit.choose("told_late", "1")
    visit.choose("recommend", "9")
    visit.tab_to("textarea")
    visit.page.keyboard.type("Très bien, à bientôt")
    visit.press()
    assert visit.page.locator("form").count() == 0 and visit.page.locator("h1").count() == 1
    assert central.rows("SELECT question, value FROM answer_value ORDER BY question") == [
        ("on_time", 0),
        ("recommend", 9),
        ("stars", 2),
        ("told_late", 1),
    ]
    assert central.rows("SELECT question, choice FROM answer_choice") == [("problem", "delay")]
    assert central.rows("SELECT comment, language FROM answer") == [("Très bien, à bientôt", language)]
    assert all(address.startswith(central.address) for address in visit.asked), "nobody else is asked for anything"


def test_who_looks_at_the_page_opened_it(central: Central, client: CollectorClient, browser: Browser) -> None:
    """After two seconds, or at the first touch; a page that only lies behind another was not opened (B-N2, 6.10)."""

    def opened() -> list[tuple[object, ...]]:
        return central.rows("SELECT opened_at IS NOT NULL, started_at IS NOT NULL FROM invitation")

    link = survey(central, client, "en")
    for scripts in (False, True):
        visit = Visit(browser, scripts=scripts)
        if scripts:  # as a browser that loads ahead of time
            visit.page.add_init_script(
                "Object.defineProperty(Document.prototype, 'visibilityState', {get: () => window.shown || 'hidden'})"
            )
        visit.page.goto(link)
        visit.page.mouse.click(5, 5)
        visit.page.wait_for_timeout(2300 if scripts else 300)
        assert opened() == [(False, False)]
    visit.page.evaluate("window.shown = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    visit.page.wait_for_timeout(1500)
    assert opened() == [(False, False)], "a glance is not yet"
    with visit.page.expect_request("**/seen"):
        visit.page.mouse.click(5, 5)
    visit.page.wait_for_timeout(300)
    assert opened() == [(True, False)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_customers_have_no_barrier(
    central: Central, client: CollectorClient, browser: Browser, language: str, scheme: Scheme
) -> None:
    visit = Visit(browser, scheme=scheme)
    link = survey(central, client, language)
    visit.page.goto(link)
    check(visit.page)
    # A browser keeps what is demanded; one that does not gets the page again, with what is missing.
    visit.page.evaluate("document.querySelector('form').noValidate = true")
    visit.press()
    assert visit.page.locator("[role=alert]").count() == 1
    check(visit.page)
    visit.choose("stars", "2")
    for _ in range(3):
        visit.press()
        check(visit.page)
    assert visit.page.locator("form").count() == 0
    for address in (link, f"{link}/stop", f"{central.address}/s/made-up"):
        visit.page.goto(address)
        check(visit.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_staff_have_no_barrier(central: Central, browser: Browser, scheme: Scheme) -> None:
    def link(to: str, place: str) -> str:
        central.wait()
        found = re.search(rf"https?://\S+/{place}/(\S+)", central.letters(to)[-1].get_content())
        assert found is not None
        return f"{central.address}/{place}/{found[1]}"

    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email="staff@one.example"))
    visit = Visit(browser, scheme=scheme)
    address = link("staff@one.example", "p")
    visit.page.goto(address)
    check(visit.page)
    for password, again in (("long enough", "another one"), ("long enough", "long enough")):
        visit.tab_to("input[name=password]")
        visit.page.keyboard.type(password)
        visit.tab_to("input[name=again]")
        visit.page.keyboard.type(again)
        visit.press()
        check(visit.page)
    assert visit.page.locator("form").count() == 0
    visit.page.goto(address)
    check(visit.page)
    admin = signed_in(central)
    admin.call(endpoints.CHANGE_ADDRESS, WantedAddress(address="ada@new.example"))
    visit.page.goto(link("ada@new.example", "m"))
    check(visit.page)
    visit.press()
    check(visit.page)
