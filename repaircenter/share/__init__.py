"""The shared folder: looking, tracking sets until they are quiet, reading them in memory. One thread per folder."""
