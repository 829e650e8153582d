"""Zip files from outside: opened only when their parts are few, small and plain; pure."""

import io
import stat
import zipfile
from pathlib import PurePosixPath

from app.bank.formats.reasons import BAD_ZIP, ZIP_BOMB
from app.base.errors import Invalid

MOST_PARTS = 1000
LARGEST_UNPACKED = 40 * 1024 * 1024  # bytes, all parts together
HIGHEST_RATIO = 200  # unpacked to packed, of parts above SMALL
SMALL = 1024 * 1024  # bytes


def open_packed(data: bytes) -> zipfile.ZipFile:
    """Return the zip file in `data`; raise Invalid when it is broken, encrypted or a bomb.

    Links and names that lead out of the file are refused too, though nothing is ever unpacked.
    Reading a part never gives more than the size its entry declares, so declared sizes suffice.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Invalid(BAD_ZIP) from None
    entries = parts.infolist()
    if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
        raise Invalid(ZIP_BOMB)
    for entry in entries:
        if entry.flag_bits & 1 or _leads_elsewhere(entry):
            raise Invalid(BAD_ZIP)
        if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * (entry.compress_size + 1):
            raise Invalid(ZIP_BOMB)
    return parts


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    """Say whether a part is a link, or is named as lying outside of the file."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    return stat.S_ISLNK(entry.external_attr >> 16) or path.is_absolute() or ".." in path.parts


def read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    """Return one part; raise Invalid when it is missing or broken."""
    try:
        return parts.read(name)
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise Invalid(BAD_ZIP) from None
    except Exception as error:  # zlib.error and its like have no common base
        if type(error).__name__ == "error":
            raise Invalid(BAD_ZIP) from None
        raise
