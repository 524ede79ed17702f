"""`repaircenter self-test`: what works on this machine."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from repaircenter.runtime.errors import EnvironmentFailure, KnownError


def run(address: str | None = None) -> int:
    """One line a part; 1 when one of them does not work. With the address of a service, it is asked whether it is there."""
    failed = 0
    service = _embedded if address is None else partial(_service, address)
    for name, check in (
        ("Qt", _qt), ("Font", _font), ("Zones", _zones), ("Keyring", _keyring), ("Store", _store), ("TLS", _tls),
        ("Share", _share), ("Printer", _printer), ("Service", service),
    ):  # fmt: skip
        failed += not _report(name, check)
    return 1 if failed else 0


def _report(name: str, check: Callable[[], str]) -> bool:
    try:
        result = check()
    except KnownError as error:
        print(f"{name:<10} does not work: {error}")  # noqa: T201
        return False
    except Exception as error:
        print(f"{name:<10} does not work: {type(error).__name__}")  # noqa: T201
        return False
    print(f"{name:<10} works: {result}")  # noqa: T201
    return True


def _qt() -> str:
    if not os.environ.get("DISPLAY") and os.name != "nt":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from repaircenter.desk.frame.probe import probe

    return probe()


def _font() -> str:
    from repaircenter.rendering.fonts import BOLD, ITALIC, REGULAR, face, font_file, wrap

    for name in (BOLD, ITALIC):
        face(name)
    # Names that the family cannot write are written by the fonts beside it.
    wrap("\u0645\u062d\u0645\u062f \u738b\u5c0f\u660e", REGULAR, 10.0, 100.0)
    return f"{font_file(REGULAR).name}, width of 'RepairCenter' {face(REGULAR).width_mm('RepairCenter', 10):.1f} mm at 10 pt"


def _zones() -> str:
    from repaircenter.runtime.days import country_of, is_zone

    for zone, country in (("America/Toronto", "CA"), ("America/Los_Angeles", "US"), ("America/Mexico_City", "MX")):
        if not is_zone(zone) or country_of(zone) != country:
            raise KnownError("cli.no_zones")
    return "days begin as the shops' zones say"


def _keyring() -> str:
    from repaircenter.uplink.secrets import FileSecrets, choose

    with tempfile.TemporaryDirectory() as folder:
        kept = choose(Path(folder))
        kept.put("self-test", "written")
        if kept.get("self-test") != "written":
            raise KnownError("cli.secret_differs")
        kept.delete("self-test")
        return (
            "no keyring here, keys go into a file of mode 0600" if isinstance(kept, FileSecrets) else "the OS keyring"
        )


def _store() -> str:
    from repaircenter.store.local import open_store

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.db", "00" * 32)
        count = len(store.read.jobs())
        store.close()
        return f"encrypted, {count} jobs"


def _tls() -> str:
    """A handshake between two ends in this process, and the authorities this machine trusts."""
    import ssl

    import truststore

    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if _said_through_tls(b"said") != b"said":
        raise KnownError("cli.secret_differs")
    trusted = ssl.create_default_context().cert_store_stats()["x509_ca"]
    known = f"{trusted} authorities of this machine" if trusted else "no authority; a person agrees to a fingerprint"
    return f"{ssl.OPENSSL_VERSION}, {known}"


def _said_through_tls(words: bytes) -> bytes:
    """What the server's end reads of the client's; without certificates, which only a real service has."""
    import ssl

    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = []
    for kind, read, written in (
        (ssl.PROTOCOL_TLS_SERVER, incoming, outgoing),
        (ssl.PROTOCOL_TLS_CLIENT, outgoing, incoming),
    ):
        context = ssl.SSLContext(kind)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
        ends.append(context.wrap_bio(read, written, server_side=kind == ssl.PROTOCOL_TLS_SERVER))
    server, client = ends
    for end in (client, server) * 3:
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    client.write(words)
    return server.read()


def _share() -> str:
    """A set is seen and read in a folder as in the one that is watched."""
    from repaircenter.demo.ems_writer import CCC, write_set
    from repaircenter.demo.world import World
    from repaircenter.share.inspection import Inspector

    with tempfile.TemporaryDirectory() as folder:
        for name, data in write_set(World(datetime(2026, 11, 20, tzinfo=UTC)).exports[0].estimate, CCC).items():
            (Path(folder) / name).write_bytes(data)
        tested = Inspector().test_folder(folder, "cp1252")
    if tested.trouble is not None or tested.sets != 1:
        raise KnownError("cli.no_set")
    return f"a set was read; usual folders here: {', '.join(Inspector().usual_folders()) or 'none'}"


def _printer() -> str:
    from repaircenter.desk.frame.probe import printers

    names = printers()
    return ", ".join(names) if names else "none here, pages go into PDF files"


def _service(address: str) -> str:
    from repaircenter.uplink.http import Http

    http = Http(address)
    try:
        http.health()
    finally:
        http.close()
    return f"{address} answers"


def _embedded() -> str:
    try:
        from repaircenter.central.db.binaries import packaged

        return f"embedded database in {packaged().name}"
    except (ImportError, EnvironmentFailure):
        return "not installed here, a desk does not need it"
