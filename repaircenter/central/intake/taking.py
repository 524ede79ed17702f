"""Takes one batch of envelopes: one transaction a shop, each item decided on its own (DESIGN 4.2, anchors.md 5).

What was decided is written together: a few statements for a hundred jobs. A value the database cannot hold refuses its
own item only.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DataError

from repaircenter.central.core.calls import Caller
from repaircenter.central.core.events import ERASED as ERASED_EVENT
from repaircenter.central.core.events import WITHDRAWN as WITHDRAWN_EVENT
from repaircenter.central.core.events import Event
from repaircenter.central.core.personal import blank
from repaircenter.central.core.service import Service
from repaircenter.central.intake import queries, rules
from repaircenter.central.programmes.rules import Programme
from repaircenter.central.sampling import queries as sampling
from repaircenter.runtime.days import country_of
from repaircenter.runtime.text import canonical
from repaircenter.wire import codec
from repaircenter.wire.content import content_digest, key_without_vin
from repaircenter.wire.envelope import Envelope, ItemAnswer
from repaircenter.wire.jobs import MESSAGES, EraseMessage, JobMessage, Message, WithdrawMessage
from repaircenter.wire.vocabulary import ERASED, FILTERED, KEPT, REFUSED, WITHDRAWN

KNOWN_SCHEMA = 1


def take(service: Service, caller: Caller, items: Sequence[Envelope]) -> list[ItemAnswer]:
    """Answers in the order of the items."""
    answers: dict[str, ItemAnswer] = {}
    for shop_id in dict.fromkeys(item.shop_id for item in items):
        mine = [item for item in items if item.shop_id == shop_id]
        if shop_id not in caller.shops:
            answers.update({i.key: _refused(i, "wrong_shop") for i in mine})
            continue
        with service.web.scoped(caller.scope) as connection:
            answers.update(_Batch(connection, service, shop_id).take(mine))
    return [answers[item.key] for item in items]


def _refused(item: Envelope, reason: str) -> ItemAnswer:
    return ItemAnswer(key=item.key, outcome=REFUSED, reason=reason)


class _Batch:
    """The items of one shop in one transaction."""

    def __init__(self, connection: Connection, service: Service, shop_id: int) -> None:
        self._connection = connection
        self._events, self._personal = service.events, service.personal
        self._keyed = service.keyed
        self._shop_id = shop_id
        self._now_utc = service.clock.now_utc()
        self._org_id, self._zone = queries.lock_shop(connection, shop_id)
        self._country = country_of(self._zone)
        self._digests: dict[str, str] = {}
        self._key_rows: list[dict[str, Any]] = []

    def take(self, items: Sequence[Envelope]) -> dict[str, ItemAnswer]:
        seen = queries.keys(self._connection, self._shop_id, [item.key for item in items])
        programmes, surveyed = queries.programmes(self._connection, self._shop_id)
        answers: dict[str, ItemAnswer] = {}
        messages: dict[str, Message] = {}
        for item in items:
            known = seen.get(item.key)
            if known is not None:
                answers[item.key] = self._repeated(item, known)
                continue
            message = _message(item)
            if isinstance(message, str):
                answers[item.key] = _refused(item, message)
                continue
            if isinstance(message, JobMessage):
                # Of what was sent, so that the desk knows it again, whatever of it can be used.
                self._digests[item.key] = content_digest(message)
                message = rules.usable(message, self._country)
            messages[item.key] = message
        job_keys = [message.job_key for message in messages.values()]
        self._jobs = queries.jobs(self._connection, self._shop_id, job_keys)
        macs = {key: self._keyed.mac("job", self._shop_id, key) for key in job_keys}
        self._filtered, self._erased = queries.not_kept(self._connection, self._shop_id, list(macs.values()))
        self._programmes, self._surveyed = programmes, surveyed
        for group in _groups([item for item in items if item.key in messages], messages):
            answers.update(self._group(group, messages, macs))
        queries.put_keys(self._connection, self._key_rows)
        return answers

    def _group(
        self, group: Sequence[Envelope], messages: dict[str, Message], macs: dict[str, bytes]
    ) -> dict[str, ItemAnswer]:
        """Messages that may be taken together; where one of them cannot be kept, each is taken on its own."""
        told = len(self._key_rows)
        try:
            with self._connection.begin_nested():
                return self._together(group, messages, macs)
        except (DataError, ValueError, OverflowError, ArithmeticError):
            del self._key_rows[told:]
            if len(group) == 1:
                return {group[0].key: _refused(group[0], "bad_value")}
        answers: dict[str, ItemAnswer] = {}
        for item in group:
            answers.update(self._group([item], messages, macs))
        return answers

    def _together(
        self, group: Sequence[Envelope], messages: dict[str, Message], macs: dict[str, bytes]
    ) -> dict[str, ItemAnswer]:
        item, message = group[0], messages[group[0].key]
        if isinstance(message, EraseMessage):
            return {item.key: self._erase(item, message, macs[message.job_key])}
        if isinstance(message, WithdrawMessage):
            return {item.key: self._withdraw(item, message)}
        return self._take_jobs([(item, cast(JobMessage, messages[item.key])) for item in group], macs)

    def _repeated(self, item: Envelope, known: queries.KeyRow) -> ItemAnswer:
        """Same key: the stored answer; with other content it is a mistake, not a retry."""
        if self._keyed.mac("message", item.digest) != known.digest_mac:
            return _refused(item, "key_reused")
        return ItemAnswer(key=item.key, outcome=known.outcome, reason=known.reason, server_id=known.job_id)

    def _take_jobs(self, jobs: Sequence[tuple[Envelope, JobMessage]], macs: dict[str, bytes]) -> dict[str, ItemAnswer]:
        """Decide about jobs with different keys, then write what was decided in a few statements."""
        decided: list[tuple[Envelope, JobMessage, rules.Decision]] = []
        kept: dict[str, tuple[JobMessage, str, Sequence[Programme]]] = {}
        dropped: dict[bytes, tuple[bytes, str, int]] = {}
        unclaimed: Counter[str] = Counter()
        for item, message in jobs:
            mac, content = macs[message.job_key], self._digests[item.key]
            if mac in self._erased:
                decided.append((item, message, rules.Decision(ERASED)))
                continue
            digest_mac = self._keyed.mac("content", message.job_key, content)
            known = self._known(message.job_key, mac, content, digest_mac)
            decision = rules.decide(message, known, self._programmes, self._surveyed)
            decided.append((item, message, decision))
            if decision.outcome == KEPT:
                kept[message.job_key] = message, content, decision.programmes
            elif decision.outcome == FILTERED and decision.reason is not None:
                dropped[mac] = digest_mac, decision.reason, message.version_order
                if message.insurer.name and mac not in self._filtered:
                    unclaimed[message.insurer.name] += 1
        self._keep(kept, macs)
        counted: dict[bytes, tuple[str, int]] = {}
        for name, more in unclaimed.items():
            name_mac = self._keyed.mac("insurer", self._shop_id, canonical(name))
            counted[name_mac] = name, more + counted.get(name_mac, ("", 0))[1]
        queries.count_unclaimed(self._connection, self._org_id, self._shop_id, counted, self._now_utc)
        self._drop(dropped, [m.job_key for _, m, d in decided if d.outcome == FILTERED and m.job_key in self._jobs])
        return {item.key: self._told(item, message, decision) for item, message, decision in decided}

    def _told(self, item: Envelope, message: JobMessage, decision: rules.Decision) -> ItemAnswer:
        known = self._jobs.get(message.job_key) if decision.outcome != ERASED else None
        return self._remember(item, decision.outcome, decision.reason, None if known is None else known[0])

    def _keep(self, kept: dict[str, tuple[JobMessage, str, Sequence[Programme]]], macs: dict[str, bytes]) -> None:
        if not kept:
            return
        rows = [
            queries.job_values(self._org_id, self._shop_id, message, content, wanted[0].id, self._now_utc)
            for message, content, wanted in kept.values()
        ]
        ids = queries.put_jobs(self._connection, rows)
        queries.drop_filtered(
            self._connection, self._shop_id, [macs[key] for key in kept if macs[key] in self._filtered]
        )
        sampling.put_samples(
            self._connection,
            self._org_id,
            self._shop_id,
            {ids[key]: (wanted, message.dates.delivered) for key, (message, _, wanted) in kept.items()},
            [self._jobs[key][0] for key in kept if key in self._jobs],
            self._zone,
            self._now_utc,
        )
        for key, (message, content, _) in kept.items():
            self._jobs[key] = (ids[key], message.version_order, content)
            self._filtered.pop(macs[key], None)

    def _drop(self, dropped: dict[bytes, tuple[bytes, str, int]], had: Sequence[str]) -> None:
        """Remember what no programme wants by keyed digests only; what was kept before is blanked."""
        queries.put_filtered(self._connection, self._org_id, self._shop_id, dropped, self._now_utc)
        for job_key in had:
            self._blank(job_key, "filtered")
        for mac, (digest_mac, reason, order) in dropped.items():
            self._filtered[mac] = (order, digest_mac, reason)

    def _known(self, job_key: str, mac: bytes, content: str, digest_mac: bytes) -> rules.Known | None:
        kept, dropped = self._jobs.get(job_key), self._filtered.get(mac)
        if dropped is not None:
            return rules.Known(None, dropped[0], dropped[1] == digest_mac, dropped[2])
        return None if kept is None else rules.Known(kept[0], kept[1], kept[2] == content)

    def _withdraw(self, item: Envelope, message: WithdrawMessage) -> ItemAnswer:
        job_id = self._blank(message.job_key, message.reason)
        return self._remember(item, WITHDRAWN, None, job_id)

    def _erase(self, item: Envelope, message: EraseMessage, mac: bytes) -> ItemAnswer:
        """Blank for good: a job of this key is never taken again, whoever sends it (DESIGN 4.6)."""
        job_id = self._blank(message.job_key, "erased")
        if job_id is not None:
            queries.mark_erased(self._connection, job_id, self._now_utc)
            blank(self._connection, self._personal, job_id, erased=True)
            self._publish(ERASED_EVENT, job_id, None)
        queries.remember_erased(self._connection, self._org_id, self._shop_id, mac, self._now_utc)
        self._jobs.pop(message.job_key, None)
        self._filtered.pop(mac, None)
        self._erased.add(mac)
        return self._remember(item, ERASED, None, None)

    def _blank(self, job_key: str, reason: str) -> int | None:
        """Blank what is personal, and have what was not yet asked stopped; answers stay, anonymous (DESIGN 4.6)."""
        job_id = queries.find_job(self._connection, self._shop_id, job_key)
        if job_id is not None:
            queries.mark_withdrawn(self._connection, job_id, self._now_utc)
            # First: it locks the samples, so that an answer on its way is either blanked or kept out.
            self._publish(WITHDRAWN_EVENT, job_id, reason)
            blank(self._connection, self._personal, job_id)
        return job_id

    def _publish(self, kind: str, job_id: int, reason: str | None) -> None:
        self._events.publish(self._connection, Event(kind, self._org_id, self._shop_id, job_id, self._now_utc, reason))

    def _remember(self, item: Envelope, outcome: str, reason: str | None, job_id: int | None) -> ItemAnswer:
        self._key_rows.append(
            {
                "org": self._org_id,
                "shop": self._shop_id,
                "key": item.key,
                "digest": self._keyed.mac("message", item.digest).hex(),
                "outcome": outcome,
                "reason": reason,
                "job": job_id,
                "at": self._now_utc,
            }
        )
        return ItemAnswer(key=item.key, outcome=outcome, reason=reason, server_id=job_id)


def _groups(items: Sequence[Envelope], messages: dict[str, Message]) -> Iterator[list[Envelope]]:
    """Items in their order; jobs with different keys that follow each other are one group."""
    group: list[Envelope] = []
    keys: set[str] = set()
    for item in items:
        message = messages[item.key]
        if not isinstance(message, JobMessage) or message.job_key in keys:
            if group:
                yield group
            group, keys = [], set()
        if not isinstance(message, JobMessage):
            yield [item]
            continue
        group.append(item)
        keys.add(message.job_key)
    if group:
        yield group


def _message(item: Envelope) -> Message | str:
    """The decoded message, or the reason why it is refused."""
    kind = MESSAGES.get(item.kind)
    if kind is None or item.schema > KNOWN_SCHEMA:
        return "unknown_kind"
    if codec.digest(item.payload) != item.digest:
        return "bad_digest"
    try:
        message = codec.decode(item.payload, kind)
        return msgspec.structs.replace(message, job_key=key_without_vin(message.job_key))
    except codec.BadMessage:
        return "bad_message"
