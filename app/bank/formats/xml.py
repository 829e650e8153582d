"""XML from outside, element by element, with no entities, little depth and few elements; pure."""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.bank.formats.reasons import BAD_XML, TOO_DEEP
from app.base.errors import Invalid

DEEPEST = 60
_LONG_TAG = re.compile(rb"<[^<>]{20000}")  # thousands of attributes cost more than they say
MOST_ELEMENTS = 700_000


def walk(data: bytes, *wanted: str) -> Iterator[Element]:
    """Yield each complete element whose local name is in `wanted`, outermost ones whole.

    The element may be used until the next one is asked for. Raises Invalid for broken XML, for
    entities or a document type, for more than DEEPEST levels and MOST_ELEMENTS elements.
    """
    if _LONG_TAG.search(data):
        raise Invalid(BAD_XML)
    depth = inside = count = 0
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
            is_wanted = local_name(element) in wanted
            if event == "start":
                depth, inside, count = depth + 1, inside + is_wanted, count + 1
                if depth > DEEPEST or count > MOST_ELEMENTS:
                    raise Invalid(TOO_DEEP)
                continue
            depth, inside = depth - 1, inside - is_wanted
            if is_wanted and not inside:
                yield element
            if not inside:
                element.clear()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Invalid(BAD_XML) from None


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
