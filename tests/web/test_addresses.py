"""Going back never leads off the site."""

import pytest

from app.web.addresses import local_path

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("path", ["/", "/study?way=due&since=3", "/study/answers/abc"])
def test_paths_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "x",
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "/\t/evil.test",
        "/" + "a" * 2000,
    ],
)
def test_everything_else_is_no_path(path: str | None) -> None:
    assert local_path(path) is None
