"""The packages as a shop installs them."""
