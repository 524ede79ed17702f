"""Messages between shop and service (msgspec). Within a version only optional fields with defaults are added."""
