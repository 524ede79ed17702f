"""The room of the Configuration: its pages are listed here."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.settings.account_page import AccountPage
    from repaircenter.desk.settings.appearance_page import AppearancePage
    from repaircenter.desk.settings.configuration_page import ConfigurationPage
    from repaircenter.desk.settings.connection_page import ConnectionPage
    from repaircenter.desk.settings.contests.contests_page import ContestsPage
    from repaircenter.desk.settings.customer_page import CustomerPage
    from repaircenter.desk.settings.hours.hours_page import HoursPage
    from repaircenter.desk.settings.organisation_page import OrganisationPage
    from repaircenter.desk.settings.people.people_page import PeoplePage
    from repaircenter.desk.settings.privacy_page import PrivacyPage
    from repaircenter.desk.settings.programmes.programmes_page import ProgrammesPage
    from repaircenter.desk.settings.reports_page import ReportsPage
    from repaircenter.desk.settings.start_page import StartPage
    from repaircenter.desk.settings.wordings.wordings_page import WordingsPage

    assert isinstance(frame.account, Account)
    context = frame.context
    return ConfigurationPage(
        context,
        lambda: frame.open("jobs"),
        (
            ("customer", CustomerPage(context, frame.open)),
            ("connection", ConnectionPage(context, frame.account, frame.reconnect)),
            ("my_account", AccountPage(context, frame.account)),
            ("appearance", AppearancePage(context, frame.set_language, frame.set_appearance)),
            ("programmes", ProgrammesPage(context, frame.account)),
            ("contests", ContestsPage(context, frame.account)),
            ("wordings", WordingsPage(context, frame.account)),
            ("hours", HoursPage(context, frame.account)),
            ("people", PeoplePage(context, frame.account)),
            ("organisation", OrganisationPage(context, frame.account)),
            ("reports", ReportsPage(context, frame.account)),
            ("start", StartPage(context, frame.tray)),
            ("privacy", PrivacyPage(context)),
        ),
    )


ROOM = Room("configuration", _make, "repaircenter.desk.settings.configuration_page")
