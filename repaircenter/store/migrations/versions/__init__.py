"""One file a revision of the store, never changed once it landed."""
