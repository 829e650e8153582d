"""Close the doors and hang up the signs: everything the web room does to the application."""

from flask import Flask

from app.web import (
    assets,
    compression,
    cookies,
    csrf,
    errors,
    format,
    gallery,
    headers,
    i18n,
    installing,
    links,
    live,
    permissions,
    programs,
    proxy,
    short,
    sizes,
    stencil,
)


def init_web(app: Flask) -> None:
    """Set up CSRF, languages, assets, headers, error pages and permissions; rooms come first."""
    sizes.init_sizes(app)
    programs.init_programs(app, csrf.RememberingProtect(app))
    app.register_blueprint(live.blueprint)
    app.register_blueprint(installing.blueprint)
    cookies.init_cookies(app)
    csrf.init_tokens(app)
    links.init_links(app)
    i18n.init_i18n(app)
    headers.init_headers(app)
    assets.init_assets(app)
    stencil.init_stencils(app)
    compression.init_compression(app)
    errors.init_errors(app)
    format.init_format(app)
    gallery.init_gallery(app)
    permissions.init_permissions(app)
    short.init_short(app)
    proxy.init_proxy(app)
