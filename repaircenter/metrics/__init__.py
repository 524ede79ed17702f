"""The mathematics of requirements section 7: pure, one module for desk and service, every formula with its vectors."""
