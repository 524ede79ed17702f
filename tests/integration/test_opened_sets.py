"""Estimates a person opens or drops on the window come to the jobs without a watched folder (issue 16)."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.ems.estimate import Dates, Estimate
from repaircenter.runtime.text import Texts
from repaircenter.shop.model.folder import FolderSetting
from tests.conftest import Central
from tests.integration.test_collector import Desk, estimate


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
    (opened,) = desk.shop.jobs.take([*paths, str(tmp_path / "mail" / f"{estimate(1).base}.AWF")])
    (job,) = desk.jobs()
    assert (opened.outcome, opened.job_id, opened.refusal) == ("imported", job.id, None)
    assert job.shop_id == desk.central.shops["North"], "the shop of the watched folder"
    assert desk.cycle().answers == {"kept": 1}


def test_a_set_opened_before_its_folder_is_read_is_the_same_job(desk: Desk) -> None:
    paths = put(desk.share, estimate(1))
    (opened,) = desk.shop.jobs.take(paths[-1:])
    assert opened.outcome == "imported"
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
    opened = desk.shop.jobs.take([str(good), str(bad), str(tmp_path / "none.zip")])
    assert [each.outcome for each in opened] == ["imported", "", ""]
    assert [each.refusal.code for each in opened if each.refusal] == ["set.archive", "set.no_archive"]
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


def test_where_folders_are_of_several_shops_the_facility_says_which(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    settings = desk.shop.folders.settings()
    desk.shop.folders.save([*settings, FolderSetting(str(other), desk.central.shops["South"])])
    desk.shop.jobs.take(put(tmp_path / "mail", estimate(5)))
    (job,) = desk.jobs()
    assert job.shop_id is None and job.facility is not None, "a person says which"
