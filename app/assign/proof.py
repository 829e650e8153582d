"""What can show that a duty is done, besides words; pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """A gathering or an assignment on record, or neither."""

    gathering_id: str | None = None
    assignment_id: int | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing on record is named."""
        return self.gathering_id is None and self.assignment_id is None


NO_PROOF = Proof()
