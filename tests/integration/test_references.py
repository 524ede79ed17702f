"""What figures are compared with from outside: targets, published values, another questionnaire (7.3, 7.8, 9.2, B-N6)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import requests
from sqlalchemy import text

from repaircenter.assembly.commands import operator
from repaircenter.central.questionnaires.queries import add_questionnaire
from repaircenter.central.questionnaires.questionnaire_file import read
from repaircenter.central.reporting.targets_file import Benchmark, ReferencesFile, apply
from repaircenter.cli import main
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.nodes import Cards
from repaircenter.wire.jobs import Contact
from tests.answered import SCALES
from tests.conftest import Central
from tests.integration.test_reports import figure, plain, run, scores, tables, titled, within, world
from tests.integration.test_service import client, message, person, ripen, send
from tests.unit.test_questionnaire import GOOD

__all__ = ["client"]


Targets = dict[str, dict[str, float]]


def enter(central: Central, targets: Targets | None = None, benchmarks: Sequence[Benchmark] = ()) -> None:
    with central.service.admin() as connection:
        apply(connection, ReferencesFile(targets=targets or {}, benchmarks=list(benchmarks)))


def published(metric: str, value: float) -> Benchmark:
    return Benchmark(metric=metric, segment="x", value=value, source="", as_of=date(2026, 1, 1))


def programme(central: Central, number: int = 1) -> str:
    ((name,),) = central.rows(f"SELECT name FROM programme WHERE id = {number}")
    return str(name)


def test_a_target_stands_beside_its_question_and_an_arrow_only_where_it_is_certain(central: Central) -> None:
    quality = scores(within(world(central)), "quality")
    mean = sum(quality) / len(quality)
    enter(central, targets={programme(central): {"quality": 4.0, "courtesy": 9.9, "csi": 9.0, "nps": 60.0}})
    part = run(central, "R-01")[0]
    table = titled([part], "Questions")
    assert [column.title for column in table.columns if column.on_page][4:6] == ["Target", "To target"]
    rows = dict(zip(SCALES, table.rows, strict=False))
    assert rows["quality"][4] == 4.0
    (reached, missed) = (figure(rows[key][5]) for key in ("quality", "courtesy"))
    assert (reached.value, reached.direction, reached.n) == (pytest.approx(mean - 4.0), "up", len(quality))
    assert missed.direction == "down"
    assert rows["cleanliness"][4] is None
    (cards,) = [node for node in part.nodes if isinstance(node, Cards)]
    for card, target in zip(cards.cards[:2], ("9.00", "60"), strict=True):
        assert any(line.endswith(f"target of {target}") for line in card.said), card.said


def test_without_targets_the_page_has_no_columns_for_them(central: Central) -> None:
    world(central, count=60)
    table = titled(run(central, "R-01"), "Questions")
    assert [column.title for column in table.columns if not column.on_page] == ["Target", "To target"]


def test_programmes_that_wish_for_different_values_show_none_until_one_is_chosen(central: Central) -> None:
    world(central, count=200)
    with central.service.admin() as connection:
        other = connection.execute(
            text(
                "INSERT INTO programme (name, kind, questionnaire) VALUES ('Other', 'insurer', 'standard') RETURNING id"
            )
        ).scalar_one()
        connection.execute(
            text("INSERT INTO enrolment (org_id, shop_id, programme_id) VALUES (1, :shop, :other)"),
            {"shop": central.shops["North"], "other": other},
        )
    first = programme(central)
    enter(central, targets={first: {"quality": 8.0, "courtesy": 9.0}, "Other": {"quality": 9.0}})
    rows = dict(zip(SCALES, titled(run(central, "R-01", shops=["North"]), "Questions").rows, strict=False))
    assert (rows["quality"][4], rows["courtesy"][4]) == (None, None), "one wishes for more, the other for nothing"
    rows = dict(
        zip(SCALES, titled(run(central, "R-01", shops=["North"], programme="1"), "Questions").rows, strict=False)
    )
    assert (rows["quality"][4], rows["courtesy"][4]) == (8.0, 9.0)
    enter(central, targets={first: {}})
    assert titled(run(central, "R-01", shops=["South"]), "Questions").rows[0][4] is None, (
        "a programme gets exactly these"
    )


def test_what_others_published_stands_under_the_league_with_its_source(central: Central) -> None:
    world(central, count=200)
    old, new = (
        Benchmark(metric="nps", segment="Canada", value=value, source="Institute", as_of=day)
        for value, day in ((10.0, date(2025, 6, 30)), (99.0, date(2026, 6, 30)))
    )
    later = Benchmark(metric="nps", segment="Canada", value=1.0, source="Institute", as_of=date(2027, 1, 1))
    stars = Benchmark(metric="stars", segment="Canada", value=4.4, source="Institute", as_of=date(2026, 1, 1))
    enter(central, benchmarks=[old, new, later, stars])
    _league, others = tables(run(central, "R-14"))
    ((segment, value, ours, source, _day),) = others.rows
    assert (segment, plain(value), source) == ("Canada", 99.0, "Institute"), "the newest before the period's end"
    assert figure(ours).direction == "down"
    assert plain(tables(run(central, "R-14", measure="stars"))[1].rows[0][1]) == 4.4
    assert len(tables(run(central, "R-14", measure="csi"))) == 1


@pytest.mark.parametrize(
    ("name", "targets", "benchmarks", "reason"),
    [
        ("Nobody", {"quality": 9.0}, [], "no program called Nobody"),
        ("", {"colour": 9.0}, [], "no question and no measure called colour"),
        ("", {"quality": 11.0}, [], "11 is not between 1 and 10"),
        ("", {}, [published("mood", 1.0)], "no measure called mood"),
        ("", {}, [published("nps", 101.0)], "101 is not between -100 and 100"),
    ],
)
def test_a_name_or_value_that_cannot_be_is_refused_and_nothing_is_entered(
    central: Central, name: str, targets: dict[str, float], benchmarks: list[Benchmark], reason: str
) -> None:
    with pytest.raises(KnownError, match=reason):
        enter(central, {name or programme(central): targets}, [published("nps", 1.0), *benchmarks])
    assert central.rows("SELECT 1 FROM external_benchmark") == []


def test_faces_and_words_are_offered_by_language_and_the_value_is_kept(
    central: Central, client: CollectorClient, tmp_path: Path
) -> None:
    own(central, tmp_path)
    send(central, client, (message(1, contact=Contact(first_name="Ana", email="ana@example.com", language="es")), "a"))
    link = ripen(central)
    page = requests.get(link, timeout=10).text
    assert page.count("<svg") == 5 and "Excelente" in page and "★" not in page
    assert "1 = nada probable" in page, "a scale from 1 says so"
    assert central.fill_in(link, {"stars": "4", "recommend_1_10": "9"}).status_code == 200
    assert central.rows("SELECT question, value FROM answer_value ORDER BY 1") == [("recommend_1_10", 9), ("stars", 4)]


def test_a_recommendation_from_1_to_10_is_a_measure_of_its_own(central: Central, tmp_path: Path) -> None:
    world(central, count=300)
    assert "nps_1_10" not in person(central).call(endpoints.REPORT_OPTIONS).measures
    own(central, tmp_path)
    with central.service.admin() as connection:
        connection.execute(
            text(
                "UPDATE answer_value SET question = 'recommend_1_10', value = greatest(value, 1) WHERE question = 'recommend'"
            )
        )
    assert "nps_1_10" in person(central).call(endpoints.REPORT_OPTIONS).measures
    total = tables(run(central, "R-15", measure="nps_1_10"))[0].total
    assert total is not None
    assert figure(total[2]).formula == "nps-one-to-ten" and figure(total[2]).n
    assert [node for part in run(central, "R-03") for node in part.nodes if isinstance(node, Cards)] == []


def test_a_version_of_a_questionnaire_never_changes(central: Central, tmp_path: Path) -> None:
    found, content = own(central, tmp_path)
    with central.service.admin() as connection:
        assert add_questionnaire(connection, found, 3, content)
        assert not add_questionnaire(connection, found, 3, {**content, "version": 4})


def test_a_question_keeps_its_scale(central: Central, tmp_path: Path) -> None:
    """Figures are counted by the key of a question, over all questionnaires."""
    path = tmp_path / "own.toml"
    path.write_text(GOOD.replace("recommend_1_10", "quality").replace('kind = "nps"', 'kind = "yes_no"').replace(
        "minimum = 1\nmaximum = 10", "minimum = 0\nmaximum = 1"), "utf-8")  # fmt: skip
    add = operator._questionnaire(path)
    with central.service.admin() as connection, pytest.raises(KnownError, match="question quality: this question is asked on another"):
        add(connection)
    path.write_text(GOOD, "utf-8")
    with central.service.admin() as connection:
        assert operator._questionnaire(path)(connection) == "Version 3 of the questionnaire own is there."


def own(central: Central, folder: Path) -> tuple[str, dict[str, object]]:
    """Programme 1 asks the questionnaire of the unit tests."""
    path = folder / "own.toml"
    path.write_text(GOOD, "utf-8")
    found, content = read(path)
    with central.service.admin() as connection:
        add_questionnaire(connection, found.key, found.version, content)
        connection.execute(text("UPDATE programme SET questionnaire = 'own' WHERE id = 1"))
    return found.key, content


@pytest.mark.parametrize("what", ["set-up", "references", "questionnaire"])
def test_a_broken_file_is_one_sentence_and_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{ nothing")
    assert main(["central", "admin", "--data", str(tmp_path / "c"), what, str(broken)]) == 1
    told = capsys.readouterr().err
    assert "broken.json" in told and told.count("\n") == 1 and "Traceback" not in told
    assert not (tmp_path / "c").exists()
