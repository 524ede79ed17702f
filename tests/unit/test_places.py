"""Which folders lie on a share, and which share that is (DESIGN 3.3, A-16)."""

from pathlib import Path

import pytest

from repaircenter.share.places import is_share, place_of

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//SRV/EMS /mnt/ems cifs rw 0 0
//srv/my\\040exports /mnt/two\\040words cifs rw 0 0
ems:ems /mnt/fuse fuse.rclone rw 0 0
/dev/sdb1 /mnt/ems/local ext4 rw 0 0
"""


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
