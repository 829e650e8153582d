"""Cells of an .xlsx file, read in a child process that may use little memory and time.

Run as a script this file is that child: a workbook on standard input, JSON rows on standard
output. A crafted workbook (zip bomb, entity bomb) then costs one child, not the site.
"""

import json
import subprocess
import sys

LARGEST_XML = 60 * 1024 * 1024  # bytes unpacked, all parts together
MEMORY = 768 * 1024 * 1024  # bytes of address space
SECONDS = 15
COLUMNS = 30


def read_rows(data: bytes, most: int) -> list[list[str]] | None:
    """Return at most `most` rows of the first sheet as text, or None when it is no workbook."""
    command = [sys.executable, "-I", __file__, str(most)]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS + 5, check=True
        )
        rows: list[list[str]] = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return rows


def _child() -> None:
    import io
    import os
    import resource
    import zipfile

    os.environ["OPENPYXL_LXML"] = "False"  # defusedxml guards the standard parser only
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import defusedxml
    import openpyxl

    defusedxml.defuse_stdlib()
    data = io.BytesIO(sys.stdin.buffer.read())
    with zipfile.ZipFile(data) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_XML:
            raise SystemExit(1)
    book = openpyxl.load_workbook(data, read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # files may lie about their size
    rows = sheet.iter_rows(max_row=int(sys.argv[1]), max_col=COLUMNS, values_only=True)
    json.dump([[_text(cell) for cell in row] for row in rows], sys.stdout)


def _text(cell: object) -> str:
    """Return a cell as people see it: phone numbers are often kept as numbers."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:200]


if __name__ == "__main__":
    _child()
