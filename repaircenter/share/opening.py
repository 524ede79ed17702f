"""Opens a file of the shop for reading without standing in anyone's way (DESIGN 3.3).

On Windows with sharing READ|WRITE|DELETE, so that estimating systems may write, rename and delete meanwhile.
"""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    import msvcrt

    _GENERIC_READ, _SHARE_ALL, _OPEN_EXISTING = 0x80000000, 0x7, 3

    def open_shared(path: Path) -> int:
        """A file descriptor for reading. Raises OSError; a sharing violation is a PermissionError."""
        create = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
        create.restype = ctypes.c_void_p
        handle = create(str(path), _GENERIC_READ, _SHARE_ALL, None, _OPEN_EXISTING, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            raise ctypes.WinError(ctypes.get_last_error())
        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)

else:

    def open_shared(path: Path) -> int:
        """A file descriptor for reading. Raises OSError."""
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
