"""How many bytes the study page costs on a first visit, compressed, the worker's files included."""

import gzip
import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Phone, Site
from tests.browser.test_member import sign_in

pytestmark = pytest.mark.browser
OVERHEAD = 400  # bytes of headers around each file that the worker fetches


def loaded(page: Page, path: str) -> dict[str, tuple[str, float]]:
    """Open a page and return address → (type, bytes over the line, headers included)."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    kinds: dict[str, tuple[str, str]] = {}
    session.on(
        "Network.responseReceived",
        lambda e: kinds.update({e["requestId"]: (e["response"]["url"], e["type"])}),
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.goto(path, wait_until="networkidle")
    return {kinds[i][0]: (kinds[i][1], size) for i, size in sizes.items() if i in kinds}


def size_of(address: str, cookie: str = "") -> int:
    """Return the compressed size of a file, or of a page as whoever has the cookie gets it."""
    wanted = {"Accept-Encoding": "gzip", "Cookie": cookie}
    asked = urllib.request.Request(address, headers=wanted)
    with urllib.request.urlopen(asked) as reply:
        return len(reply.read())


def test_study_page_stays_light(site: Site, phone: Phone) -> None:
    site.make("丁一")
    signed = phone()
    sign_in(signed.new_page(), "丁一")
    context = phone()
    session = [one for one in signed.cookies() if one["name"] == "session"]  # no sheets yet
    context.add_cookies(session)  # type: ignore[arg-type]
    page = context.new_page()
    seen = loaded(page, "/study")
    path = sum(size for kind, size in seen.values() if kind == "Document")
    assert page.locator("link[rel=stylesheet]:not([media=print])").count() == 0
    scripts = sum(size_of(url) for url in seen if url.endswith(".js"))
    assert not context.service_workers
    worker = urllib.request.urlopen(f"{site.url}/sw.js").read().decode()
    named = json.loads(re.match(r"const SITE = (.*);\n", worker)[1])["files"]  # type: ignore[index]
    kept = [site.url + name for name in named if site.url + name not in seen]
    kept += [f"{site.url}/offline", f"{site.url}/sw.js"]
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    page_only = sum(size for _kind, size in seen.values())
    whole = page_only + sum(size_of(url, cookie) + OVERHEAD for url in kept)
    print(
        f"render path {path:.0f}, page {page_only:.0f}, with the worker's files {whole:.0f} bytes"
    )
    print(f"own JavaScript of the study page {scripts} bytes")
    assert 1000 < path <= 12 * 1024
    assert 1000 < scripts <= 8 * 1024
    assert page_only <= 18 * 1024
    assert whole <= 30 * 1024
    assert all(url.startswith(site.url) for url in seen)


def test_a_pack_of_a_hundred_cards_stays_small(site: Site, phone: Phone) -> None:
    site.make("丁二")
    context = phone()
    page = context.new_page()
    sign_in(page, "丁二")
    page.goto("/study/settings")
    page.locator("[name=new_per_day]").fill("15")
    with page.expect_navigation():
        page.locator("main form button").first.tap()
    pack = context.request.get("/api/pack")
    cards = pack.json()["cards"]
    size = len(gzip.compress(pack.body(), 5))
    print(f"pack of {len(cards)} cards: {size} bytes")
    assert len(cards) >= 100
    assert size / len(cards) * 100 <= 13 * 1024  # with the page itself at most 30 KB
