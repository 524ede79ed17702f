"""What is sent to the service, when, and as which message."""
