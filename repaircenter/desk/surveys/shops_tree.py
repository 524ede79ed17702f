"""The shops a report is about (A-30): one shop shows its name, a group shows its tree with check boxes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem

from repaircenter.desk.kit.tree import Tree
from repaircenter.wire.identity import ShopInfo

_ID = Qt.ItemDataRole.UserRole


class ShopsTree(Tree):
    """`chosen` gives the ids of the ticked shops."""

    def __init__(self) -> None:
        super().__init__()
        self._shops: list[ShopInfo] = []

    def show_shops(self, shops: Sequence[ShopInfo], all_shops: str) -> None:
        """Fill the tree, everything ticked; `all_shops` names its root."""
        self._shops = list(shops)
        self.blockSignals(True)
        self.clear()
        several = len(shops) > 1
        self.setRootIsDecorated(several)
        root = self._branch(all_shops) if several else None
        if root is not None:
            self.addTopLevelItem(root)
        groups: dict[str, QTreeWidgetItem] = {}
        for shop in shops:
            item = QTreeWidgetItem([shop.name])
            item.setData(0, _ID, shop.id)
            if root is None:
                self.addTopLevelItem(item)
                continue
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked)
            parent = root
            if shop.group is not None:
                if shop.group not in groups:
                    groups[shop.group] = self._branch(shop.group)
                    root.addChild(groups[shop.group])
                parent = groups[shop.group]
            parent.addChild(item)
        self.expandAll()
        self.blockSignals(False)

    @staticmethod
    def _branch(text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
        return item

    def choose(self, shops: Sequence[int]) -> None:
        """Tick these shops and no others; all of them when none is named. Says nothing of it."""
        self.blockSignals(True)
        for item in self._leaves():
            ticked = not shops or item.data(0, _ID) in shops
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.blockSignals(False)

    def _leaves(self) -> list[QTreeWidgetItem]:
        leaves: list[QTreeWidgetItem] = []

        def walk(item: QTreeWidgetItem | None) -> None:
            if item is None:
                return
            if item.data(0, _ID) is not None:
                leaves.append(item)
            for index in range(item.childCount()):
                walk(item.child(index))

        for index in range(self.topLevelItemCount()):
            walk(self.topLevelItem(index))
        return leaves

    def chosen(self) -> list[int]:
        """Ids of the ticked shops; all of them when there is one or none is ticked."""
        ticked = [int(item.data(0, _ID)) for item in self._leaves() if item.checkState(0) == Qt.CheckState.Checked]
        return ticked or [shop.id for shop in self._shops]
