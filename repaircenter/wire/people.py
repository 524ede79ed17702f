"""People of an organisation and what they may where (MODULES 2, accounts)."""

from datetime import datetime

from msgspec import Struct


class Grant(Struct, frozen=True, kw_only=True):
    """A role at a node of the tree: it holds in every shop below."""

    role: str
    node_id: int


class Node(Struct, frozen=True, kw_only=True):
    """A place in the tree of an organisation: `kind` is network (all of it), country, region, shop, or a programme, which
    only the role insurer is held at."""

    id: int
    kind: str
    name: str
    parent_id: int | None = None


class PersonInfo(Struct, frozen=True, kw_only=True):
    """Somebody with an account. `version` is what a change must have seen; `grants` are those within reach of who asks,
    and `wholly` says that there are no others: only then their name, language and account may be changed."""

    id: int
    name: str
    email: str
    language: str
    state: str
    version: int
    grants: list[Grant]
    wholly: bool = True
    signed_in_at: datetime | None = None
    asked_at: datetime | None = None


class PersonList(Struct, frozen=True, kw_only=True):
    """`nodes` and `roles` are what who asks may grant; `me` is who asks."""

    people: list[PersonInfo]
    nodes: list[Node]
    roles: list[str]
    me: int


class NewPerson(Struct, frozen=True, kw_only=True):
    """Somebody is asked in by mail. `key` is made once for what is done, so that it is done once."""

    key: str
    email: str
    name: str
    language: str
    grants: list[Grant]


class PersonChange(Struct, frozen=True, kw_only=True):
    """What is changed of a person; what is None stays. `grants` are all within reach of who asks; `link` has another link
    to the page sent where they choose a password."""

    key: str
    version: int
    name: str | None = None
    language: str | None = None
    closed: bool | None = None
    grants: list[Grant] | None = None
    link: bool = False


class PersonEvent(Struct, frozen=True, kw_only=True):
    """What was done about a person: `what` is a word of the vocabulary, with the values or the grant it was about."""

    at: datetime
    what: str
    by: str | None = None
    before: str | None = None
    after: str | None = None
    grant: Grant | None = None


class PersonHistory(Struct, frozen=True, kw_only=True):
    """What was done about a person, oldest first."""

    events: list[PersonEvent]


class MyAddress(Struct, frozen=True, kw_only=True):
    """Where a person gets their mail, and the address that is to take its place once both have confirmed it."""

    address: str
    wanted: str | None = None
    old_confirmed: bool = False
    new_confirmed: bool = False
    until: datetime | None = None


class WantedAddress(Struct, frozen=True, kw_only=True):
    """The address that is to take the place of one's own (A-26)."""

    address: str


class Forgotten(Struct, frozen=True, kw_only=True):
    """Whoever forgot their password asks for a link; the answer says nothing about who has an account."""

    email: str
