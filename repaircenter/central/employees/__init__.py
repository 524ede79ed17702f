"""Who worked on jobs: names of estimates that are one person (MODULES 2; B-26, B-N7)."""
