"""Pages of a long list know their neighbours."""

import pytest

from app.web.paging import Page

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("number", "pages", "previous", "after"),
    [(1, 1, None, None), (1, 3, None, 2), (2, 3, 1, 3), (3, 3, 2, None), (1, 0, None, None)],
)
def test_neighbours(number: int, pages: int, previous: int | None, after: int | None) -> None:
    page = Page([], number, pages, 0)
    assert (page.previous, page.next) == (previous, after)
