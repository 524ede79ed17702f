"""What waits for a person's answer: steps taken by hand, and jobs that may be one."""

from sqlalchemy import delete, insert, or_, select, update

from repaircenter.shop.model.job import HandStep, Suggestion
from repaircenter.store import rows, tables
from repaircenter.store.repositories.repository import Repository, upsert

# Statements are made once: building one costs more than running it.
_PUT_STEP = upsert(tables.hand_step, "job_id")


class QuestionsRepository(Repository):
    """Implements shop.repositories.Questions."""

    def hand_step(self, job_id: int) -> HandStep | None:
        matching = self._rows(select(tables.hand_step).where(tables.hand_step.c.job_id == job_id))
        return rows.hand_step_of(matching[0]) if matching else None

    def put_hand_step(self, step: HandStep) -> None:
        self._connection.execute(_PUT_STEP, rows.values_of(step))

    def remove_hand_step(self, job_id: int) -> None:
        self._connection.execute(delete(tables.hand_step).where(tables.hand_step.c.job_id == job_id))

    def add_suggestion(self, suggestion: Suggestion) -> None:
        values = rows.values_of(suggestion)
        del values["id"]
        self._connection.execute(insert(tables.suggestion), values)

    def suggestions_about(self, job_id: int) -> list[Suggestion]:
        """Every question about a job, on either side."""
        column = tables.suggestion.c
        query = select(tables.suggestion).where(or_(column.job_id == job_id, column.other_id == job_id))
        return [rows.suggestion_of(row) for row in self._rows(query)]

    def put_suggestion(self, suggestion: Suggestion) -> None:
        """A question is about other jobs now."""
        values = rows.values_of(suggestion)
        self._connection.execute(update(tables.suggestion).where(tables.suggestion.c.id == suggestion.id), values)

    def remove_suggestion(self, suggestion_id: int) -> None:
        self._connection.execute(delete(tables.suggestion).where(tables.suggestion.c.id == suggestion_id))
