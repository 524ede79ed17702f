"""The window around the pages: the program, its bar, its status, how it closes."""
