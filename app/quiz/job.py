"""What a child process is told to print, and how it does; plain values in, plain values out."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from app.quiz.font import Font
from app.quiz.printed import Version


@dataclass(frozen=True, slots=True)
class Job:
    """One part (paper, sheet or key) of a paper to print, with the files of the font to use.

    `minutes` is how long people have, None when that is not limited.
    """

    title: str
    minutes: int | None
    part: str
    versions: tuple[Version, ...]
    regular: str
    bold: str
    face: int
    rare: str
    made_at: datetime


def encode_job(job: Job) -> bytes:
    """Return a job as JSON; the same job always gives the same bytes."""
    return msgspec.json.encode(job, order="deterministic")


def print_job(data: bytes) -> dict[str, str]:
    """Return the PDF of an encoded job in base64 ("file"), or what the font lacks ("lacking")."""
    from app.quiz.pdf import make_pdf  # only the child that prints needs all that it brings

    job = msgspec.json.decode(data, type=Job)
    rare = Path(job.rare) if job.rare else None
    font = Font(Path(job.regular), Path(job.bold), job.face, rare)
    return deliver(
        lambda: make_pdf(job.title, job.minutes, job.versions, job.part, font, job.made_at)
    )


def deliver(make: Callable[[], bytes]) -> dict[str, str]:
    """Return what `make` makes as the press wants it: a file, or what the font lacks."""
    from app.quiz.pdf import Lacking

    try:
        return {"file": base64.b64encode(make()).decode()}
    except Lacking as lack:
        return {"lacking": lack.characters}
