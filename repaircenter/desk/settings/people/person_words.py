"""People in words: where they stand, what they may where, and what was done about them. No Qt here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.wire.people import Grant, Node, PersonEvent, PersonInfo
from repaircenter.wire.vocabulary import ACTIVE, CLOSED, INSURER_ROLE, INVITED, NETWORK, PERSON_EVENTS, PROGRAMME, ROLES

STATES: Final = (INVITED, ACTIVE, CLOSED)
# Mark -> (icon, colour of theme.py).
MARKS: Final = {
    INVITED: ("email-outline", "attention"),
    ACTIVE: ("account-check-outline", "good"),
    CLOSED: ("account-cancel-outline", "unknown"),
    "unknown": ("help-network-outline", "unknown"),
}
Nodes = Mapping[int, Node]


def state_text(person: PersonInfo, context: DeskContext) -> str:
    return context.words(f"desk.people.state.{person.state if person.state in STATES else 'unknown'}")


def role_text(role: str, context: DeskContext) -> str:
    return context.words(f"desk.people.role.{role if role in ROLES else 'unknown'}")


def node_text(node: Node | None, context: DeskContext) -> str:
    """What a place of the tree is called; one that is out of reach has no name here."""
    if node is None:
        return context.words("desk.people.elsewhere")
    if node.kind == PROGRAMME:
        return context.words("desk.people.programme", name=node.name)
    return context.words("desk.people.everywhere") if node.kind == NETWORK else node.name


def grant_text(grant: Grant, nodes: Nodes, context: DeskContext) -> str:
    role, place = role_text(grant.role, context), node_text(nodes.get(grant.node_id), context)
    return context.words("desk.people.grant", role=role, place=place)


def grants_text(person: PersonInfo, nodes: Nodes, context: DeskContext) -> str:
    texts = [grant_text(grant, nodes, context) for grant in person.grants]
    return "; ".join([*texts, *(() if person.wholly else (context.words("desk.people.and_elsewhere"),))])


def event_text(event: PersonEvent, nodes: Nodes, context: DeskContext) -> str:
    """One line of what was done; what a newer service does is said to need a newer desk."""
    words = context.words
    if event.what not in PERSON_EVENTS:
        return words("desk.people.event.unknown")
    facts = {"before": event.before or "", "after": event.after or "", "grant": ""}
    if event.what == "language":
        facts |= {name: words(f"desk.people.language.{facts[name]}") for name in ("before", "after")}
    if event.grant is not None:
        facts["grant"] = grant_text(event.grant, nodes, context)
    return words(f"desk.people.event.{event.what}", by=event.by or words("desk.people.operator"), **facts)


def columns(nodes: Callable[[], Nodes]) -> tuple[Column[PersonInfo], ...]:
    """The columns; `nodes` are those known when a row is painted."""
    return (
        Column(
            name="state",
            text=state_text,
            order=lambda person: STATES.index(person.state) if person.state in STATES else -1,
            width=148,
            mark=lambda person: person.state if person.state in STATES else "unknown",
        ),
        Column(name="name", text=lambda person, _context: person.name, order=_by_name, width=150, grows=True),
        Column(
            name="grants",
            text=lambda person, context: grants_text(person, nodes(), context),
            order=lambda person: [ROLES.index(g.role) if g.role in ROLES else -1 for g in person.grants],
            width=220,
            grows=True,
        ),
        Column(
            name="email",
            text=lambda person, _context: person.email,
            order=lambda person: person.email,
            width=180,
            grows=True,
        ),
        Column(
            name="signed_in",
            text=lambda person, context: context.instant(person.signed_in_at),
            order=lambda person: (person.signed_in_at is not None, person.signed_in_at),
            width=136,
        ),
    )


def _by_name(person: PersonInfo) -> str:
    return person.name.casefold()


def passes(person: PersonInfo, search: str) -> bool:
    """Whether a person is among what was searched for."""
    return search.casefold() in f"{person.name} {person.email}".casefold()


def places_of(role: str, nodes: Sequence[Node]) -> list[Node]:
    """Where a role may be held: an insurer reads programmes, everybody else works in shops."""
    return [node for node in nodes if (node.kind == PROGRAMME) == (role == INSURER_ROLE)]


def depth(node: Node, nodes: Nodes) -> int:
    """How far below the highest node within reach a node stands."""
    steps = 0
    while node.parent_id is not None and node.parent_id in nodes:
        node, steps = nodes[node.parent_id], steps + 1
    return steps


def in_order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes as a tree is read: each followed by what is below it."""
    known = {node.id for node in nodes}

    def below(parent_id: int | None) -> list[Node]:
        children = [n for n in nodes if (n.parent_id if n.parent_id in known else None) == parent_id]
        return [one for child in children for one in (child, *below(child.id))]

    return below(None)
