"""The demo: the sample world, its run in the terminal and in a window."""
