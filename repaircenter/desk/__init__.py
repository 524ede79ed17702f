"""Everything a person sees: the only folder that imports PySide6. No blocking call on the GUI thread."""
