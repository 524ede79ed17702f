"""Estimates a person opens or drops on the window come to the jobs without a watched folder (issue 16)."""

import ntpath
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.ems.estimate import Dates, Estimate, RepairFacility
from repaircenter.ems.reading import read_set
from repaircenter.runtime.text import Texts
from repaircenter.share.files import FolderAway
from repaircenter.share.inspection import Inspector
from repaircenter.shop.jobs import opened
from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.ports import NamedSet
from tests.conftest import Central
from tests.integration.test_collector import Desk, estimate
from tests.integration.test_folders import HOOD


@pytest.fixture
def desk(central: Central, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc")
    yield found
    found.shop.stop()


def put(folder: Path, given: Estimate) -> list[str]:
    """The paths of a set's files, the envelope last."""
    folder.mkdir(exist_ok=True)
    for name, data in write_set(given, CCC).items():
        (folder / name).write_bytes(data)
    return sorted((str(path) for path in folder.glob(f"{given.base}*")), key=lambda name: name.lower().endswith(".env"))


def test_all_files_of_a_set_dropped_together_are_one_job_that_is_sent(desk: Desk, tmp_path: Path) -> None:
    paths = put(tmp_path / "mail", estimate(1))
    assert len(paths) > 5
    (tmp_path / "mail" / f"{estimate(1).base}.AWF").write_bytes(b"of the estimating system")
    (answer,) = desk.shop.jobs.take([*paths, str(tmp_path / "mail" / f"{estimate(1).base}.AWF")])
    (job,) = desk.jobs()
    assert (answer.outcome, answer.job_id, answer.refusal) == ("imported", job.id, None)
    assert job.shop_id == desk.central.shops["North"], "the shop of the watched folder"
    assert desk.cycle().answers == {"kept": 1}


def test_a_set_opened_before_its_folder_is_read_is_the_same_job(desk: Desk) -> None:
    paths = put(desk.share, estimate(1))
    (answer,) = desk.shop.jobs.take(paths[-1:])
    assert answer.outcome == "imported"
    assert desk.cycle().imports == {"seen_again": 1}
    assert len(desk.jobs()) == 1


def test_a_set_opened_elsewhere_and_exported_later_is_the_same_job(desk: Desk, tmp_path: Path) -> None:
    desk.shop.jobs.take(put(tmp_path / "mail", estimate(1)))
    desk.put(estimate(1))
    desk.cycle()
    assert len(desk.jobs()) == 1


def test_a_zip_is_opened_and_what_is_none_says_why(desk: Desk, tmp_path: Path) -> None:
    good, bad = tmp_path / "one.zip", tmp_path / "bad.zip"
    with zipfile.ZipFile(good, "w") as archive:
        for name, data in write_set(estimate(2), CCC).items():
            archive.writestr(name, data)
    bad.write_bytes(b"PK\x03\x04 rubbish")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    answers = desk.shop.jobs.take([str(good), str(bad), str(tmp_path / "none.zip")])
    assert [each.outcome for each in answers] == ["imported", "", ""]
    assert [each.refusal.code for each in answers if each.refusal] == ["set.archive", "set.no_archive"]
    (refused,) = desk.shop.jobs.take([str(tmp_path / "photo.jpg")])
    assert refused.refusal is not None and refused.refusal.code == "set.no_member"
    assert len(desk.jobs()) == 1


def test_what_is_no_estimate_inside_is_refused_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    (path,) = [path for path in put(tmp_path / "mail", estimate(3)) if path.lower().endswith(".env")]
    Path(path).write_bytes(b"no table at all")
    (refused,) = desk.shop.jobs.take([path])
    assert refused.refusal is not None
    assert refused.refusal.said(Texts("en")) == "5e1f0003: the file is empty or too short for a table."
    assert refused.refusal.said(Texts("fr")) == "5e1f0003\u00a0: le fichier est vide ou trop court pour une table."
    assert desk.jobs() == []


def test_the_cut_off_date_holds_for_what_is_opened_too(desk: Desk, tmp_path: Path) -> None:
    """An old delivered estimate is kept and never sent by the rule, now or later (DESIGN 4.5)."""
    north = desk.central.shops["North"]
    desk.shop.folders.save([FolderSetting(str(desk.share), north, cutoff=date(2026, 10, 1))])
    before = datetime(2026, 3, 2, 9, 0)
    old = estimate(4, created_at=before, dates=Dates(delivered=date(2026, 3, 20)))
    desk.shop.jobs.take(put(tmp_path / "mail", old))
    desk.shop.jobs.take(put(tmp_path / "mail", replace(old, base="5e1f00ff", version="S01", created_at=before)))
    assert desk.cycle().answers == {}
    (job,) = desk.jobs()
    assert job.shop_id == north and job.sent_digest is None
    view = desk.shop.jobs.view(job.id)
    assert view is not None and view.before_cutoff == date(2026, 10, 1)


def test_an_old_estimate_is_kept_and_not_sent_where_no_folder_has_a_cut_off(desk: Desk, tmp_path: Path) -> None:
    """A person may open an estimate of years ago: its customer is not surveyed for it (decision 017)."""
    now = desk.central.clock.now_utc().replace(tzinfo=None)
    desk.shop.jobs.take(put(tmp_path / "mail", estimate(1, created_at=now - timedelta(days=1700))))
    desk.shop.jobs.take(put(tmp_path / "mail", estimate(2, created_at=now - timedelta(days=20))))
    assert desk.cycle().answers == {"kept": 1}
    assert {job.contact.last_name: job.sent_digest is not None for job in desk.jobs()} == {
        "Gagné 1": False,
        "Gagné 2": True,
    }


def test_the_days_of_what_is_opened_are_the_shops(desk: Desk) -> None:
    """At nine in the evening in Toronto it is tomorrow in Greenwich."""
    desk.cycle()
    desk.central.clock.jump_to(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    assert desk.shop.collector.target("/mail").cutoff == date(2026, 9, 21)


def two_shops(desk: Desk, folder: Path) -> Path:
    folder.mkdir()
    settings = desk.shop.folders.settings()
    desk.shop.folders.save([*settings, FolderSetting(str(folder), desk.central.shops["South"])])
    return folder


@pytest.mark.parametrize("first", ["watched", "opened"])
def test_with_folders_of_several_shops_an_estimate_is_one_job_all_the_same(
    desk: Desk, tmp_path: Path, first: str
) -> None:
    """The repair facility says whose it is: of the only shop it fits."""
    desk.cycle()
    two_shops(desk, tmp_path / "south")
    if first == "opened":
        desk.shop.jobs.take(put(tmp_path / "mail", estimate(5)))
    desk.put(estimate(5))
    desk.cycle()
    if first == "watched":
        desk.shop.jobs.take(put(tmp_path / "mail", estimate(5)))
    (job,) = desk.jobs()
    assert job.shop_id == desk.central.shops["North"] and job.home == f"shop:{job.shop_id}" and not job.unsure


def test_an_estimate_that_does_not_say_whose_it_is_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    desk.cycle()
    two_shops(desk, tmp_path / "south")
    stranger = estimate(6, shop=RepairFacility("Elsewhere", None, None, "TAX-None"), lines=(HOOD,))
    (refused,) = desk.shop.jobs.take(put(tmp_path / "mail", stranger))
    assert refused.refusal is not None and "does not say for which" in str(refused.refusal)
    assert desk.jobs() == []


def test_a_watched_folder_is_known_by_another_name(desk: Desk, tmp_path: Path) -> None:
    """Through a link, as through another drive letter or mount: its own rules hold."""
    put(two_shops(desk, tmp_path / "south"), estimate(7, shop=RepairFacility("Elsewhere", None, None, "TAX-None")))
    (tmp_path / "link").symlink_to(tmp_path / "south")
    (path,) = [str(p) for p in (tmp_path / "link").iterdir() if p.suffix.lower() == ".env"]
    desk.shop.jobs.take([path])
    (job,) = desk.jobs()
    assert job.shop_id == desk.central.shops["South"]
    desk.cycle()
    assert len(desk.jobs()) == 1


def test_one_set_that_cannot_be_kept_leaves_the_others_alone(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = put(tmp_path / "bad", estimate(8)), put(tmp_path / "mail", estimate(9))
    original = read_set

    def read(base: str, *given: object, **more: object) -> Estimate:
        if base == estimate(8).base:
            raise ValueError("a fault of ours")
        return original(base, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(opened, "read_set", read)
    answers = desk.shop.jobs.take([bad[-1], good[-1]])
    assert [each.outcome for each in answers] == ["", "imported"]
    assert answers[0].refusal is not None and answers[0].refusal.code == "set.not_taken"


def test_a_folder_that_is_away_is_tried_once_for_all_its_files(desk: Desk) -> None:
    asked: list[str] = []

    class Away(Inspector):
        def read_set(self, path: str) -> NamedSet:
            asked.append(path)
            raise FolderAway("not_answering")

    desk.shop.jobs._inspector = Away()
    answers = desk.shop.jobs.take([f"/mnt/dead/5e1f0001.{ending}" for ending in ("env", "ad1", "veh")])
    assert len(asked) == len(answers) == 1


def test_names_of_files_know_no_case_and_no_slash_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    named = NamedSet("C:\\mail", "x", {}, frozenset(("C:\\mail\\X.ENV",)))
    assert not Inspector().is_member("C:/mail/x.env", named)
    monkeypatch.setattr(os.path, "normcase", ntpath.normcase)
    assert Inspector().is_member("C:/mail/x.env", named) and not Inspector().is_member("C:/mail/y.env", named)
