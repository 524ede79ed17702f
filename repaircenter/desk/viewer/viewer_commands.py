"""What the viewer's tools do, by name, and when they may."""

from collections.abc import Callable
from typing import Protocol

from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.desk.viewer.report_state import ReportState


class Viewer(Protocol):
    """What the tools need of the viewer."""

    state: ReportState

    @property
    def view(self) -> PageView: ...

    @property
    def is_running(self) -> bool: ...

    def toggle_panel(self) -> None: ...

    def go_back(self) -> None: ...

    def go_forward(self) -> None: ...

    def stop(self) -> None: ...

    def refresh(self) -> None: ...

    def open_find(self) -> None: ...

    def copy(self) -> None: ...

    def open_setup(self) -> None: ...

    def print_pages(self) -> None: ...

    def print_now(self) -> None: ...


def calls_of(viewer: Viewer) -> dict[str, Callable[[], object]]:
    """Return the call of each tool; one that is not here opens its menu."""
    view = viewer.view
    return {
        "panel": viewer.toggle_panel,
        "first": lambda: view.go_to(1),
        "previous": lambda: view.go_to(max(view.current - view.beside, 1)),
        "next": lambda: view.go_to(view.current + view.beside),
        "last": lambda: view.go_to(len(view.pages)),
        "back": viewer.go_back,
        "forward": viewer.go_forward,
        "stop": viewer.stop,
        "refresh": viewer.refresh,
        "smaller": lambda: view.step_zoom(-1),
        "larger": lambda: view.step_zoom(1),
        "fit": view.fit_width,
        "whole": view.fit_page,
        "find": viewer.open_find,
        "copy": viewer.copy,
        "setup": viewer.open_setup,
        "print": viewer.print_pages,
        "print_now": viewer.print_now,
    }


def is_allowed(viewer: Viewer, name: str) -> bool:
    """Return whether a tool may be used as things stand."""
    view, state = viewer.view, viewer.state
    count, current = len(view.pages), view.current
    whole = bool(state.parts) and not viewer.is_running
    rules = {
        "first": current > 1,
        "previous": current > 1,
        "next": 0 < current <= count - view.beside,
        "last": 0 < current < count,
        "back": bool(state.history.before),
        "forward": bool(state.history.after),
        "stop": viewer.is_running,
        "refresh": state.request is not None,
        "copy": whole,
        "print": whole,
        "print_now": whole,
        "save": whole,
        "find": count > 0,
    }
    return rules.get(name, True)
