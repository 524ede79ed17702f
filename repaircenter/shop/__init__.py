"""The shop's own values, rules and use cases. No input or output: adapters implement the Protocols of ports.py."""
