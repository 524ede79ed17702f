"""The words of messages: templates over a closed list of placeholders (MODULES 2)."""
