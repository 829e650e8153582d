"""Pages are compressed for browsers that ask, and only then."""

import gzip

from flask.testing import FlaskClient


def test_a_page_is_compressed_when_asked(client: FlaskClient) -> None:
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data).decode().startswith("<!doctype html>")
    assert len(packed.data) < len(plain.data)


def test_short_answers_stay_as_they_are(client: FlaskClient) -> None:
    reply = client.get("/livez", headers={"Accept-Encoding": "gzip"})
    assert reply.data == b"ok\n"
