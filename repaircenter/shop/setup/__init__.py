"""Setting this PC up: its service, its pairing, what is known before a person was asked."""
