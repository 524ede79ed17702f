"""One file a revision of the service's database, never changed once it landed."""
