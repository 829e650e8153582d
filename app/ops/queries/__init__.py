"""Everything operating the site reads, in chapters: copies, the doctor, readiness, people, acts."""

from app.ops.queries.acts import Act, count_acts, filter_for, list_acts
from app.ops.queries.copies import Copy, find_newest_copy, hash_postgresql
from app.ops.queries.doctor import Finding, list_findings
from app.ops.queries.first_day import FirstDay, find_first_day
from app.ops.queries.personal import get_everything, list_mentions, list_owned
from app.ops.queries.readiness import Readiness, get_readiness

__all__ = [
    "Act",
    "Copy",
    "Finding",
    "FirstDay",
    "Readiness",
    "count_acts",
    "filter_for",
    "find_first_day",
    "find_newest_copy",
    "get_everything",
    "get_readiness",
    "hash_postgresql",
    "list_acts",
    "list_findings",
    "list_mentions",
    "list_owned",
]
