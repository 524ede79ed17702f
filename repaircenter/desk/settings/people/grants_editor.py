"""What somebody may where: rows of a role and a place, added and taken away."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, row_of
from repaircenter.desk.settings.people.person_words import depth, in_order, node_text, places_of, role_text
from repaircenter.wire.people import Grant, Node

_INDENT = "\N{NO-BREAK SPACE}" * 4


class GrantsEditor(QWidget):
    """`changed` when a person changed something. At least one row stays, unless `may_be_none`."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._roles: Sequence[str] = ()
        self._may_be_none = False
        self._nodes: list[Node] = []
        self._rows: list[tuple[QWidget, QComboBox, QComboBox, QPushButton]] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._add = context.texts.bind(button("", self._pressed_add), "desk.people.add_grant")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._column)
        column.addWidget(row_of(self._add))

    def offer(self, roles: Sequence[str], nodes: Sequence[Node], *, may_be_none: bool) -> None:
        """What may be granted, and whether all may be taken away."""
        self._may_be_none = may_be_none
        self._roles, self._nodes = roles, in_order(nodes)

    def retranslate(self) -> None:
        self.show_grants(self.grants())

    def show_grants(self, grants: Sequence[Grant]) -> None:
        """Show what somebody has; nothing is changed by it."""
        while self._rows:
            self._drop(len(self._rows) - 1)
        for grant in grants:
            self._append(grant)
        self._say_removable()

    def grants(self) -> list[Grant]:
        """What is chosen, each once."""
        chosen = [Grant(role=role.currentData(), node_id=node.currentData()) for _, role, node, _ in self._rows]
        return list(dict.fromkeys(chosen))

    def _pressed_add(self) -> None:
        if self._nodes and self._roles:
            # Another of the kind there is: an insurer works in no shop.
            role = self._rows[-1][1].currentData() if self._rows else self._roles[-1]
            places = places_of(role, self._nodes) or self._nodes
            self._append(Grant(role=role, node_id=places[-1].id))
            self._say_removable()
            self._rows[-1][1].setFocus()
            self.changed.emit()

    def _append(self, grant: Grant) -> None:
        words, bind = self._context.words, self._context.texts.bind
        role, node = bind(QComboBox(), name="desk.people.role_name"), bind(QComboBox(), name="desk.people.place_name")
        for known in self._roles:
            if places_of(known, self._nodes):
                role.addItem(role_text(known, self._context), known)
        if grant.role not in self._roles:
            role.addItem(role_text(grant.role, self._context), grant.role)
        role.setCurrentIndex(role.findData(grant.role))
        self._offer_places(role, node)
        node.setCurrentIndex(node.findData(grant.node_id))
        role.activated.connect(lambda _index: self._offer_places(role, node))
        remove = button(words("desk.people.take_grant"), lambda: self._pressed_remove(page))
        for box in (role, node):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(lambda _index: self.changed.emit())
        page = row_of(role, node, remove)
        self._column.addWidget(page)
        self._rows.append((page, role, node, remove))

    def _offer_places(self, role: QComboBox, node: QComboBox) -> None:
        """Where the chosen role may be held; what was chosen stays where it may."""
        places, chosen = places_of(role.currentData(), self._nodes), node.currentData()
        by_id = {one.id: one for one in places}
        node.clear()
        for one in places:
            node.addItem(_INDENT * depth(one, by_id) + node_text(one, self._context), one.id)
        # Where that place is none of them, the narrowest: nobody gets all shops by a change of role.
        kept = node.findData(chosen)
        node.setCurrentIndex(kept if kept >= 0 else node.count() - 1)

    def _pressed_remove(self, page: QWidget) -> None:
        self._drop(next(number for number, row in enumerate(self._rows) if row[0] is page))
        self._say_removable()
        self._add.setFocus()
        self.changed.emit()

    def _drop(self, number: int) -> None:
        page = self._rows.pop(number)[0]
        self._column.removeWidget(page)
        page.hide()
        page.deleteLater()

    def _say_removable(self) -> None:
        for _page, _role, _node, remove in self._rows:
            remove.setEnabled(self._may_be_none or len(self._rows) > 1)
