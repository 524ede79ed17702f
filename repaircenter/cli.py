"""The command line. Each command imports the assembly it needs inside itself, so that starting one stays quick.

Exit codes (DESIGN 6): 0 done, 1 the job failed (one clear sentence on standard error), 2 wrong usage.
"""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from repaircenter import __version__

if TYPE_CHECKING:
    from repaircenter.assembly.options import ShopOptions


_PLAIN_HTTP = "agree that the way to the service's http address is not encrypted"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="repaircenter", description="Customer satisfaction for body shops.")
    parser.add_argument("--version", action="version", version=f"repaircenter {__version__}")
    commands = parser.add_subparsers(dest="command")
    ems = commands.add_parser("ems", help="look at EMS file sets").add_subparsers(dest="action", required=True)
    show = ems.add_parser("show", help="show one set: its ENV file, its folder, or a zip of it")
    show.add_argument("path", type=Path)
    show.add_argument("--json", action="store_true")
    check = ems.add_parser("check", help="check every set of a folder")
    check.add_argument("directory", type=Path)
    check.add_argument("--json", action="store_true")
    _add_shop_commands(commands)
    _add_central(commands)
    return parser


def _add_shop_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    agent = commands.add_parser("agent", help="import and upload without a window")
    agent.add_argument("--once", action="store_true", help="one full cycle, then a summary")
    agent.add_argument("--json", action="store_true")
    agent.add_argument("--recover", action="store_true", help="a moved data folder: ask for its recovery code first")
    agent.add_argument("--pair", metavar="EMAIL", help="pair this PC as a shop admin first")
    agent.add_argument("--plain-http", action="store_true", help=_PLAIN_HTTP)
    desk = commands.add_parser("desk", help="the desk (also without a command)")
    desk.add_argument(
        "--preset", type=Path, metavar="FILE", help="what first run begins with, for an office of several PCs"
    )
    desk.add_argument(
        "sets", nargs="*", type=Path, metavar="SET", help="estimates to take in: a file of a set, or a zip"
    )
    desk.add_argument("--tray", action="store_true", help="begin in the tray, without a window")
    for command in (agent, desk):
        command.add_argument("--data", type=Path, metavar="DIR", help="data folder of this PC")
        command.add_argument("--service", metavar="URL", help="address of the central service")
        command.add_argument("--folder", type=Path, metavar="DIR", help="folder with the exported estimates")
        command.add_argument(
            "--shop", metavar="NAME", help="whose estimates lie there, if the account has several shops"
        )
    demo = commands.add_parser("demo", help="the whole product with sample data")
    demo.add_argument("--headless", action="store_true", help="run in the terminal and write the results")
    demo.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="where results are written")
    demo.add_argument("--language", choices=("en", "fr", "es"), default=None)
    report = commands.add_parser("report", help="reports without a window")
    report_actions = report.add_subparsers(dest="action", required=True)
    listing = report_actions.add_parser("list", help="the reports one can run")
    running = report_actions.add_parser("run", help="run one report and write it into a file")
    running.add_argument("report", metavar="ID")
    running.add_argument("--format", choices=("pdf", "xlsx", "csv", "html"), help="usually that of the file's ending")
    running.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    running.add_argument("--language", choices=("en", "fr", "es"), default=None)
    running.add_argument("--out", type=Path, required=True, metavar="FILE")
    for command in (listing, running):
        command.add_argument("--service", required=True, metavar="URL")
        command.add_argument("--plain-http", action="store_true", help=_PLAIN_HTTP)
        command.add_argument("--email", required=True, help="whose reports; the password is asked for")
    testing = commands.add_parser("self-test", help="what works on this machine")
    testing.add_argument("--service", metavar="URL", help="also whether a service is there and is who it says")


def _add_central(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    central = commands.add_parser("central", help="the central service").add_subparsers(dest="action", required=True)
    for name, text in (
        ("serve", "serve requests and run tasks"),
        ("worker", "run tasks only"),
        ("init", "make the database"),
        ("migrate", "bring the database to the newest version"),
        ("backup", "write everything the service keeps into one file; it may go on working"),
        ("restore", "fill an empty database from a backup"),
        ("admin", "set up organisations, questionnaires, targets and published values"),
    ):
        command = central.add_parser(name, help=text)
        _add_place(command)
        if name == "serve":
            command.add_argument("--host", default="127.0.0.1")
            command.add_argument("--port", type=int, default=8470)
            command.add_argument("--desk-download", metavar="URL", help="where shops get the desk of this version")
            command.add_argument(
                "--sessions-end",
                metavar="HH:MM[ ZONE]",
                help="when all sessions end, once a day (22:00 America/Los_Angeles)",
            )
            command.add_argument("--no-worker", action="store_true", help="requests only, a worker runs elsewhere")
        if name in ("serve", "worker"):
            command.add_argument("--pooler", metavar="HOST[:PORT]", help="requests go by way of a pgbouncer there")
            command.add_argument(
                "--reports-database",
                metavar="HOST[:PORT]",
                help="reports are read in a copy that streams from the database",
            )
            command.add_argument("--smtp", metavar="HOST[:PORT]", help="mail server that takes our messages")
            command.add_argument(
                "--smtp-security", choices=("starttls", "tls", "plain"), help="how the way to it is kept"
            )
            command.add_argument("--smtp-user", metavar="NAME", help="its password is in REPAIRCENTER_SMTP_PASSWORD")
            command.add_argument("--inbox", metavar="HOST[:PORT]", help="mailbox (IMAP) to which messages come back")
            command.add_argument(
                "--inbox-security", choices=("starttls", "tls", "plain"), help="how the way to it is kept"
            )
            command.add_argument("--inbox-user", metavar="NAME", help="its password is in REPAIRCENTER_INBOX_PASSWORD")
            command.add_argument(
                "--texts", metavar="URL", help="service that takes our text messages (Twilio's interface)"
            )
            command.add_argument(
                "--texts-account", metavar="NAME", help="our account there; its token is in REPAIRCENTER_TEXTS_TOKEN"
            )
            command.add_argument("--texts-from", metavar="NUMBER", help="the number texts come from (+15145550123)")
            command.add_argument("--mail-from", metavar="ADDRESS", help="whom messages come from")
            command.add_argument("--mail-folder", type=Path, metavar="DIR", help="write messages into files instead")
            command.add_argument("--public-address", metavar="URL", help="how customers reach the survey pages")
            command.add_argument(
                "--metrics", type=int, metavar="PORT", help="answer Prometheus at this port, to this machine alone"
            )
            command.add_argument("--log-format", choices=("text", "json"), default="text", help="how a line is written")
            command.add_argument(
                "--support-phone", metavar="NUMBER", help="whom shops call when nothing comes from them"
            )
        if name in ("backup", "restore"):
            command.add_argument("file", type=Path)
        if name == "admin":
            what = command.add_subparsers(dest="what", required=True)
            for word, meaning in (
                ("set-up", "make or change an organisation as a file says (may be run again)"),
                ("questionnaire", "add a questionnaire, or a version of one"),
                ("references", "targets of programmes, values others published"),
            ):
                given = what.add_parser(word, help=meaning)
                given.add_argument("file", type=Path)
                _add_place(given)
            _add_place(what.add_parser("list", help="organisations, shops, persons, programmes"))
            password = what.add_parser("password", help="give a person another password")
            password.add_argument("email")
            _add_place(password)
            from repaircenter.wire.vocabulary import MODULES

            licence = what.add_parser("license", help="what an organisation has licensed; without options, say it")
            licence.add_argument("organisation")
            licence.add_argument("--until", metavar="YYYY-MM-DD|never", help="the last day on which it may work")
            licence.add_argument("--surveys", choices=("yes", "no"), help="reports and what stands on them")
            licence.add_argument(
                "--modules", nargs="*", choices=MODULES, help="beside surveys; none given takes all away"
            )
            _add_place(licence)


def _add_place(command: argparse.ArgumentParser) -> None:
    """Where the service keeps its data: the same at each level, so that it may stand at the end of a line."""
    suppress = argparse.SUPPRESS
    command.add_argument("--data", type=Path, metavar="DIR", default=suppress, help="data folder of the service")
    meaning = "another PostgreSQL (15 or newer); REPAIRCENTER_DATABASE keeps its password out of `ps`"
    command.add_argument("--database", metavar="URL", default=suppress, help=meaning)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; prints one sentence and gives 1 when its job fails for a known reason."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    sys.unraisablehook = _interrupt_again
    from repaircenter.runtime.errors import KnownError

    try:
        return _run(options)
    except KnownError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt(*_: object) -> None:
    """An ended session or a stopping machine ends us like Ctrl+C: everything that was started is stopped."""
    raise KeyboardInterrupt


def _interrupt_again(lost: "sys.UnraisableHookArgs") -> None:
    """An interrupt that comes while the garbage collector calls back is lost there: it comes again a moment later."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        import threading

        threading.Timer(0.05, _interrupt_main).start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt_main() -> None:
    import _thread
    import threading

    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)  # which wakes it from a wait, too
    else:
        _thread.interrupt_main()


def _run(options: argparse.Namespace) -> int:
    if options.command == "ems":
        return _ems(options)
    if options.command == "central":
        return _central(options)
    if options.command == "agent":
        from repaircenter.assembly import agent

        ways = {
            "once": options.once,
            "as_json": options.json,
            "plain_http": options.plain_http,
            "recover": options.recover,
        }
        return agent.run(_shop_options(options), pair_with=options.pair, **ways)
    if options.command == "demo":
        from repaircenter.assembly.demo import run as demo

        return demo.run(options.out, headless=options.headless, language=options.language)
    if options.command == "report":
        from repaircenter.assembly.commands import report

        account = report.Account(options.service, options.email, options.plain_http)
        if options.action == "list":
            return report.show_list(account)
        given = (options.report, options.param, options.out, options.format, options.language)
        return report.run(account, *given)
    if options.command == "self-test":
        from repaircenter.assembly import self_test

        return self_test.run(options.service)
    from repaircenter.assembly import desk
    from repaircenter.runtime.errors import KnownError

    of_desk = vars(options)
    try:
        return desk.run(_shop_options(options), of_desk.get("sets", ()), in_tray=of_desk.get("tray", False))
    except KnownError as error:
        desk.say_failure(error)
        raise


def _shop_options(options: argparse.Namespace) -> "ShopOptions":
    from repaircenter.assembly.options import ShopOptions, default_data_folder

    given = vars(options)
    return ShopOptions(
        given.get("data") or default_data_folder(),
        given.get("service"),
        given.get("folder"),
        shop=given.get("shop"),
        preset=given.get("preset"),
    )


def _central(options: argparse.Namespace) -> int:
    from repaircenter.assembly import central
    from repaircenter.assembly.central_options import CentralOptions
    from repaircenter.assembly.options import default_data_folder
    from repaircenter.runtime.logs import set_up_logs

    place = vars(options)
    folder = place.get("data") or default_data_folder() / "central"
    set_up_logs(None, as_json=place.get("log_format") == "json")
    given = CentralOptions(folder, place.get("database") or os.environ.get("REPAIRCENTER_DATABASE"))
    if "data" in place:
        given = replace(given, cluster_folder=folder.absolute() / given.cluster)
    from repaircenter.assembly.commands import operator

    if options.action in ("init", "migrate"):
        return operator.init(given)
    if options.action == "backup":
        return operator.write_backup(given, options.file)
    if options.action == "restore":
        return operator.restore(given, options.file)
    if options.action == "admin":
        if options.what == "list":
            return operator.list_accounts(given)
        if options.what == "password":
            return operator.change_password(given, options.email)
        if options.what == "license":
            return operator.change_licence(given, options.organisation, options.until, options.surveys, options.modules)
        return operator.administer(given, options.what, options.file)
    given = replace(
        given,
        mail_folder=options.mail_folder and options.mail_folder.absolute(),
        smtp=options.smtp,
        smtp_security=options.smtp_security,
        smtp_user=options.smtp_user,
        inbox=options.inbox,
        inbox_user=options.inbox_user,
        inbox_security=options.inbox_security,
        texts=options.texts,
        texts_account=options.texts_account,
        texts_from=options.texts_from,
        mail_from=options.mail_from,
        public_address=options.public_address,
        support_phone=options.support_phone,
        metrics=options.metrics,
        pooler=options.pooler,
        reports_database=options.reports_database,
    )
    if options.action == "worker":
        return central.serve(given, web=False)
    given = replace(given, host=options.host, port=options.port, desk_download=options.desk_download)
    given = replace(given, sessions_end=options.sessions_end)
    return central.serve(given, worker=not options.no_worker)


def _ems(options: argparse.Namespace) -> int:
    from repaircenter.assembly.commands import ems

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if options.action == "show":
        shown = ems.show(options.path)
        print(json.dumps(shown, ensure_ascii=False, indent=2) if options.json else ems.as_text(shown))
        return 0
    checked = ems.check(options.directory)
    if options.json:
        print(json.dumps(checked, ensure_ascii=False, indent=2))
    else:
        for entry in checked:
            problems = "; ".join(problem["message"] for problem in entry["problems"])
            print(f"{entry['base']:<10} {entry['version'] or '-':<4} {entry['state']:<9} {problems}")
        if not checked:
            print(f"{options.directory}: there are no EMS sets here.", file=sys.stderr)
    return 0
