"""Messages to customers: rendered when they are sent, by SMTP or into files (DESIGN 3.16)."""
