"""New job by hand (UI.md, DESIGN 4.4): for a customer whose estimate is not exported, or not yet."""

from collections.abc import Callable, Sequence

from repaircenter.desk.jobs.contact_form import ContactForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, DAY, Field, Form, FormPage
from repaircenter.shop.model.job import Contact, Insurer, Job, JobDates, Shop, Vehicle


def _year(text: str) -> str:
    return "" if not text or (text.isascii() and text.isdigit() and len(text) == 4) else "year"


_FIELDS = (
    Field(name="shop", kind=CHOICE),
    Field(name="ro_number", width=160),
    Field(name="year", width=90, refusal=_year),
    Field(name="make"),
    Field(name="model"),
    Field(name="vin", width=240),
    Field(name="plate", width=160),
    Field(name="insurer_name"),
    Field(name="claim_number", width=240),
    Field(name="estimator"),
    Field(name="delivered", kind=DAY),
)


class NewJobForm(FormPage):
    """`keep` is called with the shop and the job."""

    def __init__(self, context: DeskContext, keep: Callable[[int, Job], None], leave: Callable[[], None]) -> None:
        self._contact = ContactForm(context)
        self._facts = Form(context, "desk.new_job", _FIELDS)
        self._keep = keep
        super().__init__(context, "desk.new_job", (self._contact, self._facts), self._make, leave)

    def begin(self, shops: Sequence[Shop], shop_id: int | None) -> None:
        """An empty form; the shop is the one people work for."""
        self._facts.offer("shop", [(shop.id, shop.name) for shop in shops])
        self._facts.show_values({"shop": shop_id})
        self._contact.show_contact(Contact())
        self.say("")
        self._contact.focus_on("email")

    def _make(self) -> None:
        facts = self._facts.values()
        if facts["shop"] is None:
            self.say(self._context.words("error.no_shop"))
            return
        year = facts["year"]
        job = Job(
            job_key="",
            ro_number=facts["ro_number"],
            contact=self._contact.contact(),
            vehicle=Vehicle(
                year=None if year is None else int(year),
                make=facts["make"],
                model=facts["model"],
                vin=facts["vin"],
                plate=facts["plate"],
            ),
            insurer=Insurer(name=facts["insurer_name"], claim_number=facts["claim_number"]),
            estimator=facts["estimator"],
            dates=JobDates(delivered_on=facts["delivered"]),
        )
        self._keep(facts["shop"], job)
