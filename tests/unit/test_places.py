"""Which folders lie on a share, and which share that is (DESIGN 3.3, A-16)."""

from pathlib import Path

import pytest

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.share.inspection import Inspector, usual_folders
from repaircenter.share.places import connected_shares, is_same_folder, is_share, local_path, place_of
from tests.integration.test_collector import estimate

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//SRV/EMS /mnt/ems cifs rw 0 0
//srv/my\\040exports /mnt/two\\040words cifs rw 0 0
ems:ems /mnt/fuse fuse.rclone rw 0 0
/dev/sdb1 /mnt/ems/local ext4 rw 0 0
//10.0.0.5/Data/Front /mnt/data cifs rw 0 0
//srv/ems.old /mnt/old cifs rw 0 0
//srv/twice /mnt/short cifs rw 0 0
//srv.office.example/twice /mnt/exact cifs rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
"""
OPENED = [
    Path("/run/user/1000/gvfs/smb-share:server=nas.office.example,share=exports,user=ada"),
    Path("/run/user/1000/gvfs/x"),
]


@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("/home/shop/ems", False),
        ("/mnt/ems", True),
        ("/mnt/ems/2026", True),
        ("/mnt/ems/local/x", False),
        ("/mnt/emsx", False),
        ("/mnt/two words/export", True),
        ("/mnt/fuse", True),
    ],
)
def test_a_folder_below_a_network_mount_is_a_share(path: str, share: bool) -> None:
    assert is_share(Path(path), lambda: MOUNTS) is share
    assert (place_of(Path(path), lambda: MOUNTS) is not None) is share


def test_unc_paths_are_shares_everywhere() -> None:
    assert is_share(Path("//SRV/EMS"), lambda: "") and is_share(Path(r"\\SRV\EMS"), lambda: "")


def test_one_share_is_one_place_however_it_is_reached() -> None:
    mounted = place_of(Path("/mnt/ems/2026"), lambda: MOUNTS)
    assert mounted == place_of(Path("//srv/ems/2026"), lambda: "") == place_of(Path(r"\\SRV\EMS\2026"), lambda: "")
    assert mounted != place_of(Path("/mnt/ems"), lambda: MOUNTS)
    assert mounted is not None and "srv" not in mounted and len(mounted) == 32


def test_without_a_table_of_mounts_a_folder_counts_as_local() -> None:
    def unreadable() -> str:
        raise OSError

    assert not is_share(Path("/mnt/ems"), unreadable) and place_of(Path("/mnt/ems"), unreadable) is None


@pytest.mark.parametrize(
    ("named", "local"),
    [
        ("/home/shop/ems", "/home/shop/ems"),
        (' "/home/shop/ems" ', "/home/shop/ems"),
        (r"\\SRV\EMS", "/mnt/ems"),
        (r"\\srv\ems\2026\Nord", "/mnt/ems/2026/Nord"),
        ("//srv.office.example/ems/", "/mnt/ems"),
        ("smb://srv/My Exports/a", "/mnt/two words/a"),
        (r"\\10.0.0.5\data\front\x", "/mnt/data/x"),
        (r"\\NAS\exports\CCC", f"{OPENED[0]}/CCC"),
        ("smb://srv/My%20Exports", "/mnt/two words"),
        ("smb://ada@srv:445/ems/Nord", "/mnt/ems/Nord"),
        (r"\\srv\ems.old\x", "/mnt/old/x"),
        (r"\\srv.office.example\twice", "/mnt/exact"),
    ],
)
def test_a_share_is_named_as_on_the_network_and_found_where_it_is_here(named: str, local: str) -> None:
    assert local_path(named, lambda: MOUNTS, lambda: OPENED) == Path(local)


@pytest.mark.parametrize(
    "named", [r"\\other\ems", r"\\srv\else", r"\\10\data\front", r"\\10.0.0.5\data", r"\\srv", "//", "smb://"]
)
def test_a_share_this_pc_is_not_connected_to_is_nowhere(named: str) -> None:
    assert local_path(named, lambda: MOUNTS, lambda: OPENED) is None


def test_a_share_that_is_not_connected_is_told_apart_from_a_missing_folder() -> None:
    tested = Inspector().test_folder(r"\\nowhere.invalid\ems", "cp1252")
    assert (tested.trouble, tested.is_share) == ("not_connected", True)


def test_the_same_share_is_one_place_through_the_file_manager_too() -> None:
    path = OPENED[0] / "CCC"
    assert is_share(path, lambda: MOUNTS)
    assert place_of(path, lambda: MOUNTS) == place_of(Path("//nas.office.example/exports/ccc"), lambda: "")


def test_connected_shares_are_the_network_mounts_and_what_the_session_opened() -> None:
    mounted = ["/mnt/ems", "/mnt/two words", "/mnt/fuse", "/mnt/data", "/mnt/old", "/mnt/short", "/mnt/exact"]
    phone = Path("/run/user/1000/gvfs/mtp:host=Phone")
    assert connected_shares(lambda: MOUNTS, lambda: [OPENED[0], phone]) == [*map(Path, mounted), OPENED[0]]


def test_a_share_whose_name_begins_like_another_is_another() -> None:
    only_old = "//srv/ems.old /mnt/old cifs rw 0 0"
    assert local_path(r"\\srv\ems", lambda: only_old, lambda: []) is None


def test_one_folder_is_known_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "b").mkdir()
    assert is_same_folder(str(tmp_path / "a"), f"{tmp_path}/a/")
    assert is_same_folder(str(tmp_path / "a"), str(tmp_path / "link"))
    assert not is_same_folder(str(tmp_path / "a"), str(tmp_path / "b"))
    assert not is_same_folder(str(tmp_path / "a"), str(tmp_path / "gone"))
    assert is_same_folder("//srv/ems/Nord", "//SRV/ems/nord/") and not is_same_folder("//srv/ems", "//srv/else")


def test_usual_folders_are_found_on_this_pc_and_on_shares(tmp_path: Path) -> None:
    with_sets, with_folders, empty = (tmp_path / name for name in ("sets", "folders", "empty"))
    for folder in (with_sets, with_folders / "CCC" / "EMS_Export", empty / "else"):
        folder.mkdir(parents=True)
    for name, data in write_set(estimate(), CCC).items():
        (with_sets / name).write_bytes(data)
    offered = usual_folders([empty, tmp_path / "none"], [with_sets, with_folders, tmp_path / "gone", with_sets])
    assert offered == [str(empty), str(with_sets), str(with_folders / "CCC" / "EMS_Export")]
