"""Places for secrets as a PC may have them: working, locked, or not there at all."""

from repaircenter.uplink.secrets import NoSecretStore, SecretsLocked


class MemorySecrets:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def put(self, name: str, value: str) -> None:
        self.values[name] = value

    def delete(self, name: str) -> None:
        self.values.pop(name, None)


class LockedSecrets(MemorySecrets):
    def get(self, name: str) -> str | None:
        raise SecretsLocked("locked")

    put = None  # type: ignore[assignment]  # nothing may be written while it is locked


class MissingSecrets(MemorySecrets):
    def get(self, name: str) -> str | None:
        raise NoSecretStore("no_keyring")


class ForgetfulSecrets(MemorySecrets):
    """Takes a secret and does not have it afterwards."""

    def put(self, name: str, value: str) -> None:
        return None
