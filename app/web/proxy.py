"""What the site believes of the HTTPS proxy in front of it, when there is one.

Without this everybody would come from the proxy's address, so that forty failed sign-ins anywhere
would lock out everybody, and links to invite people would begin with http.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_proxy(app: Flask) -> None:
    """Take client address and scheme from the one proxy that XUEJI_HTTPS=1 says is there.

    Only the last address is believed: the one the proxy itself saw and added.
    """
    if app.config["SESSION_COOKIE_SECURE"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
