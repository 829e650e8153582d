"""The worker and the manifest: asked for anew each time, and naming files that are there."""

import json
import re

from flask.testing import FlaskClient


def test_the_worker_keeps_files_of_this_build_only(client: FlaskClient) -> None:
    reply = client.get("/sw.js")
    assert reply.mimetype == "text/javascript"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in reply.headers["Content-Security-Policy"]
    site = json.loads(re.match(r"const SITE = (.*);\n", reply.text)[1])  # type: ignore[index]
    named = {address.rsplit("/", 1)[1] for address in site["files"]}
    assert named >= {"site.css", "study.css", "offline.js", "sync.js"}
    assert not named & {
        "sw.js",
        "quiz.js",
        "passkey.js",
        "leaving.js",
    }  # of no use without a network
    for address in site["files"]:
        assert address.startswith(f"/a/{site['build']}/")
        with client.get(address) as file:
            assert file.status_code == 200, address


def test_every_script_that_a_script_imports_is_kept(client: FlaskClient) -> None:
    files = re.findall(r"/js/(\w+\.js)", client.get("/sw.js").text)
    for name in files:
        with client.get(re.search(rf'"(/a/[^"]*/js/{name})"', client.get("/sw.js").text)[1]) as one:  # type: ignore[index]
            imported = re.findall(r'from "\./(\w+\.js)"', one.text)
        assert set(imported) <= set(files), name


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    reply = client.get("/manifest.webmanifest")
    assert reply.mimetype == "application/manifest+json"
    told = json.loads(reply.data)
    assert (told["start_url"], told["display"], told["short_name"]) == ("/", "standalone", "学记")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        with client.get(icon["src"]) as file:
            assert (file.status_code, file.mimetype) == (200, "image/png")
    assert 'rel="manifest"' in client.get("/").text
