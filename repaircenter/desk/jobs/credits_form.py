"""Who worked on it: technicians and service writers of a job, with shares where several did (B-26, B-N7)."""

from collections.abc import Callable

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import LINES, Field, Form, FormPage
from repaircenter.shop.jobs.credits import credit_lines
from repaircenter.shop.model.job import Job

_FIELDS = (
    Field(name="technician", kind=LINES, hint="desk.credits.hint"),
    Field(name="service_writer", kind=LINES, hint="desk.credits.hint"),
)


class CreditsEditor(FormPage):
    """In place of a job's details; `keep` is called with what was written for each role."""

    def __init__(self, context: DeskContext, keep: Callable[[str, str], object], leave: Callable[[], object]) -> None:
        self.form = Form(context, "desk.credits", _FIELDS)

        def kept() -> None:
            values = self.form.values()
            keep(values["technician"] or "", values["service_writer"] or "")

        super().__init__(context, "desk.credits", (self.form,), kept, leave)

    def show_job(self, job: Job) -> None:
        self.say("")
        self.form.show_values(
            {role: credit_lines(getattr(job.credits, role)) or None for role in ("technician", "service_writer")}
        )
