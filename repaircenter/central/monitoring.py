"""What an operator watches, for Prometheus: requests, and what waits or has failed. No name, no address, no shop.

Served on a port of its own to this machine alone: no proxy in front of the service shows it to anybody.
"""

from collections.abc import Iterator

from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import REGISTRY, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter import __version__
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.runtime.errors import EnvironmentFailure

# By the template of a path: a run or a token is no label.
REQUESTS = PrometheusConfig(
    app_name="repaircenter", prefix="repaircenter", group_path=True, exclude_unhandled_paths=True
)
THIS_MACHINE = "127.0.0.1"


class Watched(Collector):
    """What stands in the database at the moment somebody asks."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked while it is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        version = GaugeMetricFamily("repaircenter_version", "The program", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        away = GaugeMetricFamily("repaircenter_database_up", "1 while the database answers")
        try:
            families = list(self._families())
        except DBAPIError:
            away.add_metric([], 0)
            yield away
            return
        away.add_metric([], 1)
        yield away
        yield from families

    def _families(self) -> Iterator[GaugeMetricFamily]:
        now = self._service.clock.now_utc()
        with self._service.worker.scoped(WORKER) as connection:
            messages = GaugeMetricFamily("repaircenter_messages", "Messages by state", labels=["kind", "state"])
            for row in connection.execute(text("SELECT kind, state, count(*) FROM message GROUP BY kind, state")):
                messages.add_metric([row[0], row[1]], row[2])
            yield messages
            timers = GaugeMetricFamily(
                "repaircenter_timers_overdue", "Timers that are due and not fired", labels=["kind"]
            )
            oldest = GaugeMetricFamily("repaircenter_timer_oldest_overdue_seconds", "Age of the oldest of them")
            late = 0.0
            for row in connection.execute(
                text(
                    "SELECT kind, count(*), min(due_at) FROM timer WHERE state = 'waiting' AND due_at <= :now GROUP BY kind"
                ),
                {"now": now},
            ):
                timers.add_metric([row[0]], row[1])
                late = max(late, (now - row[2]).total_seconds())
            oldest.add_metric([], late)
            yield timers
            yield oldest
            tasks = GaugeMetricFamily("repaircenter_tasks", "Tasks of the queue by state", labels=["task", "state"])
            for row in connection.execute(
                text("SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY task_name, status")
            ):
                tasks.add_metric([row[0], row[1]], row[2])
            yield tasks


def watch(service: Service, port: int) -> int:
    """Answer at `/metrics` of a port of this machine until the service stops; 0 takes any. Return the port.

    Raises EnvironmentFailure where another program has it.
    """
    try:
        server, thread = start_http_server(port, addr=THIS_MACHINE)
    except (OSError, OverflowError):
        raise EnvironmentFailure("service.metrics_port", port=port) from None
    watched = Watched(service)
    REGISTRY.register(watched)
    service.stops.add("watched figures", lambda: REGISTRY.unregister(watched))

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    service.stops.add("figures for operators", stop)
    return int(server.server_port)
