"""What leaves this PC: the log of messages and what each of them held."""
