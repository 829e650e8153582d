"""Passkeys in a real browser, whose key is made of software: making, the second step, alone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.accounts.actions import add_user
from app.base.clock import now
from app.base.db import db
from app.base.schema import upgrade_schema
from app.factory import create_app
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site under a name that keys can be bound to, with a trainer."""
    app = create_app({"DATA": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/x.db"})
    server = make_server("localhost", 0, app, threaded=True)
    app.config["ORIGIN"] = f"http://localhost:{server.server_port}"
    with app.app_context():
        upgrade_schema()
        add_user("孙组", "trainer", now(), password=PASSWORD)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app.config["ORIGIN"]
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def type_password(page: Page) -> None:
    """Give name and password."""
    page.locator("[name=login]").fill("孙组")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def sign_out(page: Page, address: str) -> None:
    """Sign out and stand at the sign-in page."""
    page.goto(f"{address}/settings")
    page.locator("#sign-out button").click()
    page.wait_for_url("**/sign-in*")


def test_a_key_is_made_shown_after_the_password_and_shown_alone(
    address: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    button = page.locator("form[data-passkey] button")
    page.goto(f"{address}/sign-in")
    type_password(page)
    page.wait_for_url("**/account/second-step?**")
    button.click()
    page.wait_for_url("**/account/second-step/keys")
    assert page.locator("code").count() == 8
    sign_out(page, address)
    type_password(page)
    page.wait_for_url("**/sign-in/second*")
    button.click()
    page.wait_for_url(f"{address}/")
    sign_out(page, address)
    button.click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account")
    assert "孙组" in page.locator("main").inner_text()
    context.close()
