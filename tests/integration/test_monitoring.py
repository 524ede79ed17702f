"""What an operator watches: alive, ready, figures for Prometheus, logs as JSON (issue 17, Operating)."""

import json
import logging
import re
import socket
from datetime import timedelta

import pytest
import requests
from litestar.testing import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from repaircenter.central import monitoring
from repaircenter.central.app import build_app
from repaircenter.central.db.connections import Database
from repaircenter.runtime.errors import EnvironmentFailure
from repaircenter.runtime.logs import JsonFormatter
from repaircenter.uplink.collector import CollectorClient
from tests.conftest import Central
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]


def figures(port: int) -> dict[str, float]:
    """Name with labels -> value."""
    body = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    lines = (line.rpartition(" ") for line in body.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_figures_say_what_waits_and_name_nobody(central: Central, client: CollectorClient) -> None:
    port = monitoring.watch(central.parts, 0)
    send(central, client, (message(1), "a"))
    ripen(central)
    shown = figures(port)
    assert shown['repaircenter_messages{kind="survey.invitation",state="sent"}'] == 1
    assert shown["repaircenter_database_up"] == 1 and shown["repaircenter_timer_oldest_overdue_seconds"] == 0
    with central.service.admin() as connection:
        late = {"at": central.clock.now_utc() - timedelta(minutes=5)}
        connection.execute(
            text(
                "INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at) "
                "SELECT org_id, id, 'nobody.takes', id, 0, :at, :at FROM shop WHERE name = 'North'"
            ),
            late,
        )
    shown = figures(port)
    assert shown['repaircenter_timers_overdue{kind="nobody.takes"}'] == 1
    assert shown["repaircenter_timer_oldest_overdue_seconds"] == 300
    asked = [name for name in shown if name.startswith("repaircenter_requests_total") and "jobs/batch" in name]
    assert asked and 'method="POST"' in asked[0]
    body = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    for trace in ("loïse", "c1@example.com", "North"):
        assert trace not in body, trace
    # Of a page its template, never its token.
    assert set(re.findall(r'path="/[smpv]/([^"]*)"', body)) <= {"{token}", "{token}/stop", "{token}/seen"}


def test_figures_are_shown_to_this_machine_alone(central: Central) -> None:
    port = monitoring.watch(central.parts, 0)
    assert requests.get(f"{central.address}/metrics", timeout=10).status_code == 404
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.2:{port}/metrics", timeout=5)


def test_a_port_in_use_is_one_sentence(central: Central) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(EnvironmentFailure, match="in use"):
        monitoring.watch(central.parts, taken.getsockname()[1])


def test_alive_and_ready_are_told_apart(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away is no reason to restart the web process."""

    def away(*_given: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    port = monitoring.watch(central.parts, 0)
    with TestClient(build_app(central.parts)) as web:
        assert [web.get(at).status_code for at in ("/live", "/ready", "/health")] == [200, 200, 200]
        monkeypatch.setattr(Database, "scoped", away)
        assert [web.get(at).status_code for at in ("/live", "/ready", "/health")] == [200, 503, 503]
        assert figures(port)["repaircenter_database_up"] == 0
        monkeypatch.undo()
        assert web.get("/ready").status_code == 200


def test_a_line_of_the_log_is_one_object() -> None:
    logger = logging.getLogger("repaircenter.test")
    record = logger.makeRecord("repaircenter.test", logging.ERROR, "f", 1, "a %s failed", ("task",), None)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["where"], line["text"]) == ("ERROR", "repaircenter.test", "a task failed")
    assert line["at"].endswith("+00:00") and "trace" not in line
    try:
        raise ValueError("Éloïse Gagné")
    except ValueError as error:
        kind = (ValueError, error, error.__traceback__)
    record = logger.makeRecord("repaircenter.test", logging.ERROR, "f", 1, "failed", (), kind)
    shown = JsonFormatter().format(record)
    assert "Gagn" not in shown and "\n" not in shown and json.loads(shown)["trace"].startswith("ValueError")
