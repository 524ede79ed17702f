"""The only places that build and connect things; every start registers its stop."""
