"""What Windows shows of the program in its properties: PyInstaller's version file, as text it evaluates."""

_TEXT = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "RepairCenter"),
      StringStruct("FileDescription", "RepairCenter"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "repaircenter"),
      StringStruct("LegalCopyright", "RepairCenter"),
      StringStruct("OriginalFilename", "repaircenter.exe"),
      StringStruct("ProductName", "RepairCenter"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def version_text(version: str) -> str:
    """The version file of `version`, whose numbers Windows keeps as four."""
    numbers = [int(part) for part in version.split(".")]
    return _TEXT.format(version=version, numbers=tuple([*numbers, 0, 0, 0, 0][:4]))
