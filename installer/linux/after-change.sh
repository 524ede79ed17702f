#!/bin/sh
# After installing, upgrading or removing: menus and icons. A desk that runs restarts itself (assembly/replaced.py).
set -e
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t /usr/share/icons/hicolor || true; fi
