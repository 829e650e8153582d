"""The language of a page is the member's, else the browser's choice, else Chinese."""

from pathlib import Path

from flask.testing import FlaskClient

from app.web.i18n import CATALOGUE, compile_catalogue
from tests.conftest import Cast


def test_chinese_unless_chosen_otherwise(client: FlaskClient) -> None:
    assert '<html lang="zh-CN"' in client.get("/").text
    reply = client.post(
        "/language", data={"language": "en"}, headers={"Referer": "http://x/sign-in"}
    )
    assert reply.location == "/sign-in"
    page = client.get("/").text
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "xx"}).status_code == 302
    client.set_cookie("lang", "xx")
    assert '<html lang="zh-CN"' in client.get("/").text


def test_the_members_own_choice_wins_over_the_browsers(cast: Cast) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    client.set_cookie("lang", "en")
    assert '<html lang="zh-CN"' in client.get("/").text


def test_a_catalogue_is_compiled_once_a_version(tmp_path: Path) -> None:
    folder = compile_catalogue(CATALOGUE, tmp_path)
    compiled = folder / "en" / "LC_MESSAGES" / "messages.mo"
    made = compiled.stat().st_mtime_ns
    assert compile_catalogue(CATALOGUE, tmp_path) == folder
    assert compiled.stat().st_mtime_ns == made
    other = tmp_path / "other.po"
    other.write_text('msgid "好"\nmsgstr "good"\n')
    assert compile_catalogue(other, tmp_path) != folder
