"""What is brought along keeps its licence, and the list says so for what is pinned now (issue 13.30)."""

from importlib.metadata import PackageNotFoundError

from tests import licences

LISTED = licences.FILE.read_text("utf-8")


def test_the_list_names_the_pinned_packages_and_no_others() -> None:
    head = LISTED.split("\n" + "-" * 100, 1)[0].split("each once.\n", 1)[1]
    listed = dict(line.split()[:2] for line in head.splitlines() if line and not line.startswith("Droid"))
    assert listed == licences.pinned(), "run `python3 dev.py licences`"
    assert "Droid Sans Fallback" in head


def test_the_licences_and_texts_are_those_of_what_is_installed() -> None:
    seen = 0
    for package, version in licences.pinned().items():
        try:
            licence = licences.licence_of(package, version)
        except PackageNotFoundError:  # of another Python or system
            continue
        assert licences.row(licence) in LISTED.splitlines()
        assert all(text in LISTED for text in licence.texts), package
        seen += 1
    assert seen > 60
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in LISTED and "SIL OPEN FONT LICENSE" in LISTED
