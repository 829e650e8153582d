"""Which publication stands; a new token makes every process read the bank anew."""

from sqlalchemy.orm import Session

from app.bank.models import PublicationRow
from app.bank.queries.published import SEEN
from app.base.ids import new_id


def write_publication(
    session: Session, at: int, digest: str | None = None, seal: str | None = None
) -> None:
    """Count the publication on; `digest` and `seal` are those of files read just now."""
    row = session.get(PublicationRow, 1) or PublicationRow(id=1, number=0, digest="", seal="")
    row.number, row.token, row.published_at = row.number + 1, new_id(), at
    row.digest = row.digest if digest is None else digest
    row.seal = row.seal if seal is None else seal
    session.add(row)
    session.info.pop(SEEN, None)  # what comes later in this transaction sees it
