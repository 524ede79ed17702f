"""Errors of the three kinds (DESIGN 4.9): environment and input are KnownError, everything else is a bug."""


class KnownError(Exception):
    """Something a person can understand and mend; the text is one clear sentence without personal data."""


class KeyTrouble(KnownError):
    """The store is there, but its key is missing or wrong: a recovery code or a new store helps."""


class EnvironmentFailure(KnownError):
    """The surroundings are not as needed (share away, disk full, service down): shown as a state, tried again."""


class InputRefused(KnownError):
    """What was given cannot be used (broken set, refused job): kept aside with this reason."""
