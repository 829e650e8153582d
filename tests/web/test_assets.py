"""Assets lie under the hash of the build, compressed, to be kept for ever."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.assets import build_id, prepare
from tests.conftest import Cast


def test_styles_and_scripts_are_served_for_ever(client: FlaskClient) -> None:
    [style] = re.findall(r'href="(/a/[0-9a-f]{12}/css/site\.css)"', client.get("/").text)
    with client.get(style, headers={"Accept-Encoding": "gzip"}) as reply:
        assert reply.status_code == 200
        assert reply.headers["Content-Encoding"] == "gzip"
        assert "immutable" in reply.headers["Cache-Control"]
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize("path", ["/a/000000000000/css/site.css", "/a/x/../../secret-key"])
def test_other_builds_and_other_files_are_missing(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_any_change_makes_another_build(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    first = build_id(tmp_path)
    assert build_id(tmp_path) == first
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    assert build_id(tmp_path) != first


def test_a_half_made_folder_is_made_again(tmp_path: Path) -> None:
    static, target = tmp_path / "static", tmp_path / "target"
    (static / "css").mkdir(parents=True)
    for name in ("tokens", "base", "components"):
        (static / "css" / f"{name}.css").write_text(f".{name} {{ color: red; }} /* why */\n" * 50)
    target.mkdir()
    (target / "half").write_text("")
    prepare(static, target)
    assert not (target / "half").exists()
    whole = (target / "css" / "site.css").read_text()
    assert whole == "".join(
        f".{name}{{color:red}}" * 50 for name in ("tokens", "base", "components")
    )
    assert {path.name for path in (target / "css").glob("*.css")} == {"site.css"}
    assert (target / "css" / "site.css.gz").exists()


def test_modules_are_named_with_all_they_import(app: Flask) -> None:
    imports = app.extensions["xueji_imports"]
    assert imports["sync.js"] == []
    assert imports["app.js"] == ["sync.js"]
    assert imports["study.js"] == ["speech.js", "sync.js"]
    assert imports["offline.js"] == ["kept.js", "speech.js", "sync.js"]


def test_pages_ask_for_the_whole_chain_at_once(bank: Flask, cast: Cast) -> None:
    cast.make_member("甲")
    client, imports = cast.sign_in("甲"), bank.extensions["xueji_imports"]
    for path in ("/", "/study", "/papers", "/settings", "/offline"):
        page = client.get(path).text
        named = set(re.findall(r'(?:src|href)="/a/[0-9a-f]{12}/js/([\w-]+\.js)"', page))
        assert named >= {i for name in named for i in imports[name]}, path
        assert len(re.findall(r"/js/sync\.js", page)) == 1, path


def test_what_is_served_is_small(app: Flask) -> None:
    folder = Path(app.config["DATA"]) / "assets" / app.extensions["xueji_build"]
    sizes = {path.name: path.stat().st_size for path in folder.rglob("*.gz")}
    study = ("app.js", "sync.js", "study.js", "speech.js")
    assert 2000 < sum(sizes[f"{name}.gz"] for name in study) < 5000
    assert 1000 < sizes["site.css.gz"] + sizes["study.css.gz"] < 4000
