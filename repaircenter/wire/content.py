"""By which digest both sides know the content of a job (DESIGN 4.2)."""

from repaircenter.wire import codec
from repaircenter.wire.messages import JobMessage


def content_digest(message: JobMessage) -> str:
    """Digest of the uploaded fields without where they were read: a rebuilt store sends the same content."""
    fields = {name: getattr(message, name) for name in message.__struct_fields__ if name != "source"}
    return codec.digest(codec.encode(fields))
