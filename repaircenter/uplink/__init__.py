"""The HTTP client of the service, sign-in and secrets. Calls block; one thread at a time per client."""
