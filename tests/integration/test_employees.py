"""Names that are one person: suggested, decided, counted together in reports (MODULES 2; B-26, B-N7, B-21)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.parts import Part
from repaircenter.wire.employees import EmployeeDecision, EmployeeName
from tests import answered
from tests.answered import Answered
from tests.conftest import Central
from tests.integration.test_places import only_north
from tests.integration.test_programmes import admin, person
from tests.integration.test_reports import fill, plain, run, tables, within

__all__ = ["admin"]

FULL, SHORT = "Benoît Tessier", "B. TESSIER"


def world(central: Central) -> list[Answered]:
    """Sixty jobs; Benoît stands in every third as a short name, and beside his own in an answer and in one without."""
    rows = list(answered.some(9, [central.shops["North"]], [1], 60, date(2026, 5, 1), 20))
    named = [{"estimator": [(SHORT if n % 3 == 0 else FULL, 1.0)]} for n in range(len(rows))]
    rated = next(n for n, one in enumerate(rows) if "stars" in one.values and n % 3 == 1)
    unrated = next(n for n, one in enumerate(rows) if not one.values and n % 3 == 1)
    for number in (rated, unrated):
        named[number] = {"estimator": [(SHORT, 0.25), (FULL, 0.75)]}
    named[2] = {"estimator": [("Ana Ruiz", 1.0)]}
    rows = fill(central, [replace(one, people=people) for one, people in zip(rows, named, strict=True)])
    with central.service.admin() as connection:
        connection.execute(
            text(
                "UPDATE job j SET credits = i.people FROM sample s JOIN invitation i ON i.sample_id = s.id "
                "WHERE s.job_id = j.id; UPDATE job SET estimator = NULL"
            )
        )
    return rows


def listed(who: PersonClient) -> dict[str, EmployeeName]:
    return {one.name: one for one in who.call(endpoints.EMPLOYEES).names}


def decide(central: Central, who: PersonClient, name: str, known_as: str, shop: str = "North") -> dict[str, EmployeeName]:
    asked = EmployeeDecision(key="k", shop_id=central.shops[shop], name=name, known_as=known_as)
    return {one.name: one for one in who.call(endpoints.DECIDE_EMPLOYEE, asked).names}


def lines(parts: list[Part]) -> dict[str, Sequence[Any]]:
    return {str(plain(row[0])): row for table in tables(parts) for row in table.rows}


def test_a_short_name_is_suggested_and_a_decision_holds(central: Central, admin: PersonClient) -> None:
    world(central)
    before = listed(admin)
    assert (before[SHORT].suggested, before[FULL].suggested, before["Ana Ruiz"].suggested) == (FULL, None, None)
    assert before[SHORT].roles == ["estimator"] and before[SHORT].jobs == 22 and not before[SHORT].decided
    after = decide(central, admin, SHORT, FULL)
    assert (after[SHORT].known_as, after[SHORT].decided, after[SHORT].suggested) == (FULL, True, None)
    apart = decide(central, admin, SHORT, SHORT)
    assert (apart[SHORT].known_as, apart[SHORT].suggested) == (SHORT, None), "nobody asks again"


def test_both_names_are_counted_as_one_person(central: Central, admin: PersonClient) -> None:
    """Recomputed from the rows: an answer that named both counts once, with the shares of both."""
    rows = world(central)
    mine = [one for one in within(rows) if one.people["estimator"][0][0] != "Ana Ruiz"]
    rated = [one.values["stars"] for one in mine if "stars" in one.values]
    apart = lines(run(central, "R-05"))
    assert SHORT in apart and FULL in apart
    decide(central, admin, SHORT, FULL)
    together = lines(run(central, "R-05"))
    assert SHORT not in together and "Ana Ruiz" in together
    line = together[FULL]
    assert plain(line[4]) == pytest.approx(len(rated)) and plain(line[5]) == pytest.approx(sum(rated) / len(rated))
    delivered = [one for one in rows if one.people["estimator"][0][0] != "Ana Ruiz"]
    assert plain(line[1]) == len(delivered), "a job that named both is one job"
    assert plain(line[2]) == len(delivered) and plain(line[3]) == len(rated), "and one invitation, and one answer"
    said = {str(plain(cell)) for table in tables(run(central, "R-07")) for row in table.rows for cell in row}
    assert any(FULL in cell for cell in said) and not any(SHORT in cell for cell in said)


def test_a_filter_by_the_person_takes_every_spelling(central: Central, admin: PersonClient) -> None:
    world(central)
    apart = plain(lines(run(central, "R-05", role="estimator", employees=FULL))[FULL][1])
    decide(central, admin, SHORT, FULL)
    together = plain(lines(run(central, "R-05", role="estimator", employees=FULL))[FULL][1])
    assert isinstance(apart, int | float) and isinstance(together, int | float) and together > apart
    assert FULL in admin.call(endpoints.REPORT_OPTIONS).employees["estimator"]
    assert SHORT not in admin.call(endpoints.REPORT_OPTIONS).employees["estimator"]


def test_there_is_no_chain_and_no_circle(central: Central, admin: PersonClient) -> None:
    world(central)
    decide(central, admin, SHORT, FULL)
    moved = decide(central, admin, FULL, "Ana Ruiz")
    assert {moved[SHORT].known_as, moved[FULL].known_as} == {"Ana Ruiz"}, "whoever stood for the name goes along"
    swapped = decide(central, admin, "Ana Ruiz", FULL)
    assert [swapped[name].known_as for name in (SHORT, FULL, "Ana Ruiz")] == [FULL, FULL, FULL]
    followed = decide(central, admin, "Ana Ruiz", SHORT)
    assert followed["Ana Ruiz"].known_as == FULL


def test_only_names_of_ones_own_shops_are_decided(central: Central, admin: PersonClient) -> None:
    world(central)
    for who, shop in ((admin, "South"), (person(central, "admin@two.example"), "North")):
        with pytest.raises(KnownError) as refused:
            decide(central, who, SHORT, FULL, shop)
        assert refused.value.code == "not_there"
    north = only_north(central, admin)
    assert decide(central, north, SHORT, FULL)[SHORT].known_as == FULL


@pytest.mark.parametrize("shop", ["South", "Other"])
def test_plain_sql_decides_for_no_other_shop(central: Central, admin: PersonClient, shop: str) -> None:
    north = only_north(central, admin)
    me = north.call(endpoints.PEOPLE).me
    scope = central.scope([central.shops["North"]], me)
    with pytest.raises(DBAPIError, match=r"row-level security"), central.parts.web.scoped(scope) as connection:
        connection.execute(
            text(
                "INSERT INTO employee_name SELECT rc_own_organisation(), :shop, 'A', 'B', :me, now()"
            ),
            {"shop": central.shops[shop], "me": me},
        )


def test_a_job_that_names_nobody_is_read_as_before(central: Central, admin: PersonClient) -> None:
    world(central)
    with central.service.admin() as connection:
        connection.execute(text("""UPDATE invitation SET people = '{}' WHERE id % 2 = 0"""))
        connection.execute(text("""UPDATE invitation SET people = '{"estimator": []}' WHERE id % 4 = 1"""))
    decide(central, admin, SHORT, FULL)
    for report in ("R-02", "R-05", "R-07", "R-29", "R-31"):
        assert run(central, report)


def test_an_old_spelling_still_finds_the_person(central: Central, admin: PersonClient) -> None:
    """A favourite or a link may have kept it."""
    world(central)
    decide(central, admin, SHORT, FULL)
    by_old = lines(run(central, "R-05", role="estimator", employees=SHORT))
    assert plain(by_old[FULL][1]) == plain(lines(run(central, "R-05", role="estimator", employees=FULL))[FULL][1])


def test_names_of_what_was_asked_and_whom_others_stand_for_are_there(central: Central, admin: PersonClient) -> None:
    """An estimate corrects a name, or nobody has it in a job any more: what was asked keeps it."""
    world(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE job SET credits = '{}', estimator = 'Somebody Else'"))
    assert {SHORT, FULL, "Ana Ruiz", "Somebody Else"} == set(listed(admin))
    decide(central, admin, SHORT, FULL)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET people = '{}'"))
    left = listed(admin)
    assert FULL in left and left[FULL].jobs == 0


def test_the_status_report_names_one_person(central: Central, admin: PersonClient) -> None:
    world(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE job SET estimator = :short"), {"short": SHORT})
    decide(central, admin, SHORT, FULL)
    said = {str(plain(cell)) for table in tables(run(central, "R-29")) for row in table.rows for cell in row}
    assert FULL in said and SHORT not in said


def give(
    central: Central, who: PersonClient, name: str, person_id: int, known_as: str = "", shop: str = "North"
) -> dict[str, EmployeeName]:
    asked = EmployeeDecision(
        key="k", shop_id=central.shops[shop], name=name, known_as=known_as or name, person_id=person_id
    )
    return {one.name: one for one in who.call(endpoints.DECIDE_EMPLOYEE, asked).names}


def accounts(who: PersonClient) -> dict[str, int]:
    return {one.name: one.id for one in who.call(endpoints.EMPLOYEES).accounts}


def test_an_account_is_an_employee_and_goes_along(central: Central, admin: PersonClient) -> None:
    world(central)
    stan = accounts(admin)["Stan Dard"]
    given = give(central, admin, SHORT, stan)
    assert (given[SHORT].person_id, given[SHORT].person, given[SHORT].decided) == (stan, "Stan Dard", True)
    moved = decide(central, admin, SHORT, FULL)
    assert (moved[SHORT].person_id, moved[FULL].person_id) == (None, stan), "the account goes along"
    decide(central, admin, FULL, FULL)
    assert listed(admin)[FULL].person_id == stan, "and stays"
    assert give(central, admin, FULL, 0)[FULL].person_id is None


def test_who_has_an_account_keeps_it_when_another_name_comes(central: Central, admin: PersonClient) -> None:
    world(central)
    people = accounts(admin)
    give(central, admin, FULL, people["Stan Dard"])
    give(central, admin, SHORT, people["Ada Admin"] if "Ada Admin" in people else min(people.values()))
    together = decide(central, admin, SHORT, FULL)
    assert (together[FULL].person_id, together[SHORT].person_id) == (people["Stan Dard"], None)


def test_an_account_is_one_employee_of_a_shop(central: Central, admin: PersonClient) -> None:
    world(central)
    stan = accounts(admin)["Stan Dard"]
    give(central, admin, FULL, stan)
    with pytest.raises(KnownError) as refused:
        give(central, admin, "Ana Ruiz", stan)
    assert refused.value.code == "employee_taken" and FULL in str(refused.value.facts)
    assert listed(admin)["Ana Ruiz"].person_id is None
    assert give(central, admin, SHORT, stan, known_as=FULL)[FULL].person_id == stan, "the same one"


def test_nobody_elses_account_is_given(central: Central, admin: PersonClient) -> None:
    world(central)
    with central.service.admin() as connection:
        stranger = connection.execute(text("SELECT id FROM person WHERE org_id <> 1 ORDER BY id LIMIT 1")).scalar_one()
    with pytest.raises(KnownError) as refused:
        give(central, admin, FULL, stranger)
    assert refused.value.code == "not_there"
    me = admin.call(endpoints.PEOPLE).me
    scope = central.scope([central.shops["North"]], me)
    with pytest.raises(DBAPIError, match="nobody of the shop"), central.parts.web.scoped(scope) as connection:
        connection.execute(
            text("INSERT INTO employee_name SELECT rc_own_organisation(), :shop, 'A', 'A', :me, now(), :stranger"),
            {"shop": central.shops["North"], "me": me, "stranger": stranger},
        )


def test_who_left_the_shop_is_no_employee_any_more(central: Central, admin: PersonClient) -> None:
    world(central)
    stan = accounts(admin)["Stan Dard"]
    give(central, admin, SHORT, stan)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE person SET active = false WHERE id = :id"), {"id": stan})
    assert "Stan Dard" not in accounts(admin) and listed(admin)[SHORT].person is None
    assert decide(central, admin, SHORT, FULL)[FULL].person_id is None
