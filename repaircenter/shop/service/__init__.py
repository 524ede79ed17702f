"""The service as the shop sees it: the session, runs of reports, last results."""
