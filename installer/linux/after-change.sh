#!/bin/sh
# After installing, upgrading or removing: menus, icons and kinds of files. A desk that runs restarts itself (assembly/replaced.py).
set -e
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v update-mime-database >/dev/null && [ -d /usr/share/mime/packages ]; then update-mime-database /usr/share/mime || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t /usr/share/icons/hicolor || true; fi
