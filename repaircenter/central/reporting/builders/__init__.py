"""One file a report, named by its id: what it asks the database for, and the parts it yields."""
