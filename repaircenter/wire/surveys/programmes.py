"""Survey programmes: whom they ask, when, and by which rules (MODULES 4)."""

from msgspec import Struct

from repaircenter.wire.surveys.questionnaires import Questionnaire


class Rules(Struct, frozen=True, kw_only=True):
    """How a programme asks. `names` and `codes` of insurers are compared without case, accents and signs.

    Days and hours as in the set-up file: asked `ageing_days` after a job came, reminded `reminder_days` after the
    invitation (0 never), nobody twice within `throttle_days` (0 no limit), an alert at `alert_at_most` of ten or less
    (None: none) that is due `alert_hours` open hours later. `shops` take part. `publishing` is at_once, or nightly: answers
    are shown from the second midnight on; None leaves it as it is. `channels` are tried in their order, the customer's
    preferred one first (A-P5); None leaves them as they are. Whoever reads the programme for an insurer sees names of
    customers with `shows_contact` and what shops did about low answers with `shows_recovery` (A-02, A-P2); None leaves it.
    An alert opens about whom nothing reaches with `alert_unreached`, and about the silence of nobody, companies or everybody
    (`alert_silent`, A-P8).
    """

    name: str
    names: list[str]
    codes: list[str]
    ageing_days: int
    not_before_delivery: bool
    reminder_days: int
    throttle_days: int
    alert_at_most: int | None
    alert_hours: int
    recovery_demanded: bool
    questionnaire: str
    active: bool
    shops: list[int]
    publishing: str | None = None
    channels: list[str] | None = None
    shows_contact: bool | None = None
    shows_recovery: bool | None = None
    alert_unreached: bool | None = None
    alert_silent: str | None = None


class Programme(Struct, frozen=True, kw_only=True):
    """A programme of the shops of who asks. `changeable` when it is theirs to change; `version` is what a change must
    have seen. `waiting` jobs are not asked yet."""

    id: int
    kind: str
    version: int
    rules: Rules
    changeable: bool
    waiting: int = 0


class UnclaimedName(Struct, frozen=True, kw_only=True):
    """An insurer's name that no programme of a shop claims, and how many jobs had it."""

    name: str
    jobs: int


class NamedShop(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class ProgrammeList(Struct, frozen=True, kw_only=True):
    """`questionnaires` are the keys of those a programme may ask, `titles` what people call them, by key and language;
    `shops` are those that may take part."""

    programmes: list[Programme]
    questionnaires: list[str]
    unclaimed: list[UnclaimedName]
    shops: list[NamedShop] = []
    titles: dict[str, dict[str, str]] = {}


class NewProgramme(Struct, frozen=True, kw_only=True):
    """`kind` is insurer, network or shop. `key` is made once for what is done, so that it is done once."""

    key: str
    kind: str
    rules: Rules


class ProgrammeChange(Struct, frozen=True, kw_only=True):
    """All rules of a programme as they shall be."""

    key: str
    version: int
    rules: Rules


class PreviewRequest(Struct, frozen=True, kw_only=True):
    """A questionnaire to look at, as the customers of a shop see it in a language: the one of a key as it is kept, or
    `content` as it is not kept yet."""

    questionnaire: str
    shop_id: int
    language: str
    content: Questionnaire | None = None


class Preview(Struct, frozen=True, kw_only=True):
    """Where it is shown, for an hour; nothing is kept there."""

    address: str
