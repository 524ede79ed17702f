"""The parameters of reports, each declared once: its values, the usual one, whether it limits what is counted.

The desk offers them in this order as it hears of them (requirements 9.1); headers say them in it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from repaircenter.central.reporting.measures import MEASURES, one_to_ten
from repaircenter.central.reporting.sql.aggregates import GRAINS
from repaircenter.central.reporting.sql.cohort import BASES, GROUPS, SIZES
from repaircenter.central.reporting.sql.periods import PERIODS
from repaircenter.central.reporting.sql.rows import ORDERS
from repaircenter.wire.reports import ParameterChoices
from repaircenter.wire.surveys.questionnaires import Question

SHOP_SECTION, INSURER_SECTION = "shop", "insurer"
USUAL_PERIOD, YEAR = "this_month", "last_12_months"
# Whether answers count whose contest was upheld (A-N6).
LEFT_OUT, COUNTED = CONTESTED = ("left_out", "counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """`choices` are its values (none: a person types or picks it otherwise); `usual` is taken where none is given,
    empty for no limit. `is_filter`: it leaves answers out. `is_said`: a header names it as `report.NAME.VALUE`."""

    name: str
    choices: Sequence[str] = ()
    usual: str = ""
    is_filter: bool = False
    is_said: bool = False


_ALL = (
    Parameter(name="period", choices=PERIODS, usual=USUAL_PERIOD),
    Parameter(name="date_basis", choices=BASES, usual="answer"),
    Parameter(name="programme", is_filter=True),
    Parameter(name="measure", choices=MEASURES, usual="nps", is_said=True),
    Parameter(name="by", choices=("date", "employee"), usual="date"),
    Parameter(name="split", choices=("shop", "programme"), usual="shop", is_said=True),
    Parameter(name="grain", choices=GRAINS),
    Parameter(name="compare", choices=("previous", "last_year", "none"), usual="previous"),
    Parameter(name="outcome", choices=("recommend", "stars"), usual="recommend", is_said=True),
    Parameter(name="importance", choices=("pearson", "spearman", "relative"), usual="pearson", is_said=True),
    Parameter(name="section", choices=(SHOP_SECTION, INSURER_SECTION), is_said=True),
    Parameter(name="channel", choices=("email", "sms", "phone"), is_filter=True, is_said=True),
    Parameter(name="language", choices=("en", "fr", "es"), is_filter=True, is_said=True),
    Parameter(name="size", choices=tuple(SIZES), is_filter=True, is_said=True),
    Parameter(name="group", choices=tuple(GROUPS), is_filter=True, is_said=True),
    Parameter(name="stars", choices=("1", "2", "3", "4", "5"), is_filter=True),
    Parameter(name="contested", choices=CONTESTED, usual=LEFT_OUT, is_said=True),
    Parameter(name="order", choices=ORDERS, usual="newest", is_said=True),
    Parameter(name="employees", is_filter=True),
    # Only a link gives these.
    Parameter(name="question", is_filter=True),
    Parameter(name="score", is_filter=True),
    Parameter(name="invited", is_filter=True),
)
PARAMETERS = {parameter.name: parameter for parameter in _ALL}
COMMON = ("shops", "period", "date_basis", "programme", "channel", "language", "size", "employees", "contested")


def offered(asked: Sequence[Question]) -> list[ParameterChoices]:
    """Return what the desk offers, where these questions are asked."""
    return [
        ParameterChoices(
            name=parameter.name,
            choices=[value for value in parameter.choices if _has_use(value, asked)],
            usual=parameter.usual,
        )
        for parameter in _ALL
        if parameter.choices
    ]


def _has_use(value: str, asked: Sequence[Question]) -> bool:
    return value != "nps_1_10" or bool(one_to_ten(asked))
