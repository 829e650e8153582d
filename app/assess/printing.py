"""What the press is told to make of reports and certificates; plain values in, plain values out.

It is called in a limited child process, so that a request never waits for pages to be laid out.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from app.assess.report import Report
from app.quiz.font import Font
from app.quiz.job import deliver

REPORT = "app.assess.printing:make_report"
CERTIFICATE = "app.assess.printing:make_certificate"


@dataclass(frozen=True, slots=True)
class Type:
    """The files of a font and which face of a collection to use; none for what has no pages."""

    regular: str
    bold: str
    face: int
    rare: str

    @classmethod
    def of(cls, font: Font) -> "Type":
        """Return a font as plain values."""
        return cls(str(font.regular), str(font.bold), font.face, str(font.rare or ""))

    @property
    def font(self) -> Font:
        """The font again."""
        rare = Path(self.rare) if self.rare else None
        return Font(Path(self.regular), Path(self.bold), self.face, rare)


@dataclass(frozen=True, slots=True)
class ReportJob:
    """A report to be made a PDF with this type, or a workbook without one."""

    report: Report
    type: Type | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateJob:
    """A certificate: whom it names, what it says, and the address of the page that proves it."""

    holder: str
    sentences: tuple[str, ...]
    address: str
    type: Type
    made_at: datetime


def encode_job(job: ReportJob | CertificateJob) -> bytes:
    """Return a job as JSON; the same job always gives the same bytes."""
    return msgspec.json.encode(job, order="deterministic")


def make_report(data: bytes) -> dict[str, str]:
    """Return the file of an encoded ReportJob as the press wants it."""
    from app.assess.pdf import print_report  # only the child needs what lays pages out
    from app.assess.workbook import write_report

    job = msgspec.json.decode(data, type=ReportJob)
    if job.type is None:
        return deliver(lambda: write_report(job.report))
    font = job.type.font
    return deliver(lambda: print_report(job.report, font, job.made_at))


def make_certificate(data: bytes) -> dict[str, str]:
    """Return the PDF of an encoded CertificateJob as the press wants it."""
    from app.assess.certificate import print_certificate

    job = msgspec.json.decode(data, type=CertificateJob)
    told = job.holder, job.sentences, job.address, job.type.font, job.made_at
    return deliver(lambda: print_certificate(*told))
