"""By which digest both sides know the content of a job (DESIGN 4.2)."""

import hashlib

from repaircenter.wire import codec
from repaircenter.wire.jobs import Credits, JobMessage


def content_digest(message: JobMessage) -> str:
    """Digest of the uploaded fields without where they were read: a rebuilt store sends the same content.

    Who worked on a job counts where somebody entered it: what was sent before it could be is the same content.
    """
    fields = {name: getattr(message, name) for name in message.__struct_fields__ if name != "source"}
    if message.credits == Credits():
        del fields["credits"]
    return codec.digest(codec.encode(fields))


def key_without_vin(job_key: str) -> str:
    """`vin:VIN:CLAIM`, as the first desks wrote it, -> `vin:` and a digest; any other key as it is (DESIGN 4.7)."""
    kind, _, rest = job_key.partition(":")
    if kind != "vin" or ":" not in rest:
        return job_key
    return "vin:" + hashlib.sha256(rest.encode()).hexdigest()[:32]
