"""Going back never leads off the site."""

import pytest

from app.bank.forms import local_path


@pytest.mark.parametrize("path", ["/", "/study?way=due&since=3", "/study/answers/abc"])
def test_paths_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "x", "//evil.test", "/\\evil.test", "https://evil.test", "/\t/evil.test"],
)
def test_everything_else_leads_home(path: str | None) -> None:
    assert local_path(path) == "/"
