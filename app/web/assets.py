"""Styles, scripts and pictures under the build's hash in the path, so that they keep for ever."""

import hashlib
import re
import shutil
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from app.base.config import ROOT
from app.web import packing
from app.web.headers import ASSET_HEADERS
from app.web.styles import init_styles

IMPORT = re.compile(r'^import\b[^"]*"\./([\w-]+\.js)"', re.MULTILINE)
BUNDLE = ("tokens.css", "base.css", "components.css")


def build_id(static: Path) -> str:
    """Return a hash over all files of the folder, names included, and how they are packed."""
    total = hashlib.sha256(Path(packing.__file__).read_bytes())
    for path in sorted(p for p in static.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(static)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]


def prepare(static: Path, target: Path) -> None:
    """Copy the assets, join what goes together, leave out what is for readers, and compress."""
    if (target / "ready").exists():
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(static, target, ignore=shutil.ignore_patterns("*.css", "*.js"))
    sheets = {path.name: path.read_text() for path in static.glob("css/*.css")}
    sheets["site.css"] = "\n".join(sheets.pop(name) for name in BUNDLE)
    for name, text in sheets.items():
        (target / "css" / name).write_text(packing.shrink_style(text))
    scripts = {path.stem: path.read_text() for path in static.glob("js/*.js")}
    for name, text in packing.pack_scripts(scripts).items():
        (target / "js" / f"{name}.js").write_text(text)
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in [p for p in target.rglob("*") if p.suffix in (".css", ".js", ".svg")]:
        compressor.compress(str(path))
    (target / "ready").write_text("")


def list_imports(folder: Path, name: str) -> list[str]:
    """Return the modules that a module of the folder brings along, itself aside, by name.

    A page names them beside it: on a slow line each step of a chain would cost a round trip.
    """
    found, waiting = set[str](), [name]
    while waiting:
        for other in IMPORT.findall((folder / waiting.pop()).read_text()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def init_assets(app: Flask) -> None:
    """Serve the assets in front of the application and give templates `asset()`."""
    static = ROOT / "static"
    build = build_id(static)
    target = Path(app.config["DATA"]) / "assets" / build
    prepare(static, target)
    prefix = f"/a/{build}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(target),
        prefix=prefix,
        max_age=365 * 24 * 3600,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    app.extensions["xueji_build"] = build
    init_styles(app, target / "css", prefix)
    scripts = target / "js"
    imports = {path.name: list_imports(scripts, path.name) for path in scripts.glob("*.js")}
    app.extensions["xueji_imports"] = imports
    app.jinja_env.globals.update(asset=lambda name: prefix + name, module_imports=imports)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    """Give an asset the headers that keep it from being anything else."""
    for name, value in ASSET_HEADERS.items():
        headers[name] = value
