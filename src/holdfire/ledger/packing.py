"""Pack a bundle as one zip, the same bytes for the same files.

Members are sorted by path, times are fixed, and the archive has the one shape that `verifying.zips` takes.
The packed bytes are the same wherever zlib is the same; what unpacks from them always is.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from holdfire.errors import BadInput
from holdfire.ledger.bundle import Content, bytes_of
from holdfire.ledger.verifying.zips import MOST_MEMBERS

_WHEN = (1980, 1, 1, 0, 0, 0)
"""Earliest time a zip can say (APPNOTE 4.4.6)."""

_LEVEL = 6


def pack(files: Iterable[tuple[str, Content]], out: BinaryIO) -> None:
    """Write files, each a path and its content, as one zip.

    Raises:
        BadInput: There are more files or bytes than a zip without Zip64 holds.
    """
    chosen = sorted(files, key=lambda each: each[0].encode())
    if len(chosen) > MOST_MEMBERS:
        raise BadInput(
            f"a packed bundle has at most {MOST_MEMBERS} files; these are {len(chosen)}",
            hint="publish the folder",
        )
    try:
        with zipfile.ZipFile(
            out, "w", zipfile.ZIP_DEFLATED, allowZip64=False, compresslevel=_LEVEL
        ) as archive:
            for path, content in chosen:
                member = zipfile.ZipInfo(path, _WHEN)
                member.create_system = 3  # Unix, whose modes stand in external_attr
                member.external_attr = (stat.S_IFREG | 0o644) << 16
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, bytes_of(content))
    except zipfile.LargeZipFile:
        raise BadInput("a packed bundle holds less than 4 GiB", hint="publish the folder") from None
