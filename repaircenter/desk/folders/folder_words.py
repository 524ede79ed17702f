"""What a watched folder's state is called, and what a person can do about it: one place for every screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from repaircenter.desk.kit.desk_context import DeskContext

if TYPE_CHECKING:
    from repaircenter.shop.model.folder import FolderHealth, FolderSetting, FolderTest
    from repaircenter.shop.model.state import CollectorState


@dataclass(frozen=True, slots=True)
class FolderWords:
    """Icon, meaning (good, attention, problem, unknown), a word, and a sentence with the next step."""

    icon: str
    colour: str
    word: str
    sentence: str


def say_test(context: DeskContext, tested: FolderTest) -> str:
    """What the test of a folder says: why it cannot be read, or what is in it (sets, oldest and newest, accents)."""
    words = context.words
    if tested.trouble is not None:
        return words(f"desk.folder.{tested.trouble}_test")
    sentences = [words.count("desk.directories.tested", tested.sets)]
    if tested.oldest_utc is not None and tested.newest_utc is not None:
        days = context.day(tested.oldest_utc.date()), context.day(tested.newest_utc.date())
        sentences.append(words("desk.directories.tested_days", oldest=days[0], newest=days[1]))
    if tested.code_page is not None:
        sentences.append(words("desk.directories.tested_page", page=tested.code_page))
    return " ".join(sentences)


def folder_words(
    context: DeskContext,
    setting: FolderSetting,
    state: CollectorState | None,
    health: FolderHealth | None,
    news_utc: datetime | None = None,
) -> FolderWords:
    """The state of one folder; `health` is None while it is not watched, `news_utc` is its last new export."""
    words = context.words
    if setting.paused:
        return _said(context, "pause-circle-outline", "unknown", "paused")
    if state is not None and state.shows_only:
        return _said(context, "eye-outline", "unknown", "shows_only")
    if health is None:
        return _said(context, "folder-outline", "unknown", "new")
    if health.trouble is not None:
        since = context.instant(health.away_since_utc)
        word = words(f"desk.folder.{health.trouble}")
        return FolderWords(
            "folder-off-outline", "problem", word, words(f"desk.folder.{health.trouble}_text", since=since)
        )
    if health.read_at_utc is None:
        return _said(context, "folder-outline", "unknown", "unread")
    if health.sets_waiting > health.sets_incomplete:
        done = health.sets_seen - health.sets_waiting
        sentence = words("desk.folder.reading_text", done=done, all=health.sets_seen, left=health.sets_waiting)
        return FolderWords("folder-clock-outline", "attention", words("desk.folder.reading"), sentence)
    if health.sets_incomplete:
        sentence = words.count("desk.folder.incomplete_text", health.sets_incomplete)
        return FolderWords("folder-clock-outline", "attention", words("desk.folder.incomplete"), sentence)
    sentence = words("desk.folder.good_text", ago=ago(context, health.read_at_utc), sets=health.sets_seen)
    if news_utc is not None:
        sentence += " " + words("desk.folder.news", when=context.instant(news_utc))
    return FolderWords("folder-check-outline", "good", words("desk.folder.good"), sentence)


def _said(context: DeskContext, icon: str, colour: str, key: str) -> FolderWords:
    return FolderWords(icon, colour, context.words(f"desk.folder.{key}"), context.words(f"desk.folder.{key}_text"))


def ago(context: DeskContext, instant: datetime) -> str:
    """How long ago an instant was, in the words of the status bar."""
    seconds = max(0, int((context.clock.now_utc() - instant).total_seconds()))
    if seconds < 60:
        return context.words("desk.status.seconds_ago", n=seconds)
    if seconds < 3600:
        return context.words("desk.status.minutes_ago", n=seconds // 60)
    return context.instant(instant)


def others_sentence(context: DeskContext, state: CollectorState, shops: dict[int, str]) -> str:
    """Who collects instead of this PC, or an empty text."""
    if not state.others:
        return ""
    first = state.others[0]
    return context.words(
        "desk.folder.other_pc",
        pc=first.device_name,
        shop=", ".join(shops.get(holder.shop_id, str(holder.shop_id)) for holder in state.others),
        since=context.instant(first.since_utc),
    )
