"""The room of the Configuration: its pages are listed here, each imported and made when it is first opened."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from repaircenter.desk.kit.room import Frame, Room, RoomPage

if TYPE_CHECKING:
    from repaircenter.desk.settings.settings_page import ConfigurationPart


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.settings.configuration_page import ConfigurationPage

    assert isinstance(frame.account, Account)
    context, account = frame.context, frame.account

    def page(place: str, *needed: Any) -> "Callable[[], ConfigurationPart]":
        """`place` is its module below this folder and its class."""
        module, _, name = place.rpartition(".")

        def make() -> "ConfigurationPart":
            made: ConfigurationPart = getattr(import_module(f"repaircenter.desk.settings.{module}"), name)(context, *needed)
            return made

        return make

    return ConfigurationPage(
        context,
        lambda: frame.open("jobs"),
        {
            "customer": page("customer_page.CustomerPage", frame.open),
            "connection": page("connection_page.ConnectionPage", account, frame.reconnect),
            "my_account": page("account_page.AccountPage", account),
            "appearance": page("appearance_page.AppearancePage", frame.set_language, frame.set_appearance),
            "programmes": page("programmes.programmes_page.ProgrammesPage", account),
            "questionnaires": page("questionnaires.questionnaires_page.QuestionnairesPage", account),
            "contests": page("contests.contests_page.ContestsPage", account),
            "wordings": page("wordings.wordings_page.WordingsPage", account),
            "hours": page("hours.hours_page.HoursPage", account),
            "places": page("places.places_page.PlacesPage", account),
            "employees": page("employees.employees_page.EmployeesPage", account),
            "people": page("people.people_page.PeoplePage", account),
            "organisation": page("organisation_page.OrganisationPage", account),
            "reports": page("reports_page.ReportsPage", account),
            "start": page("start_page.StartPage", frame.tray),
            "privacy": page("privacy_page.PrivacyPage"),
        },
    )


ROOM = Room("configuration", _make, "repaircenter.desk.settings.configuration_page")
