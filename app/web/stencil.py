"""A page drawn once with holes for everything that differs, and filled for each reader.

Drawing a page from its template takes ten times as long as all that is asked for it. So the
template is drawn with marks in the places of its values, once for each shape that such a page can
have, and then only the values are put in. Nothing of a reader can get into a stencil: it is drawn
outside of anybody's request, for a reader of whom nothing is known but role, language and
shortcuts, and a template that asks for more fails.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from io import BytesIO
from operator import itemgetter
from threading import Lock
from types import SimpleNamespace
from typing import Any, TypeVar

from flask import Flask, current_app, g, render_template
from markupsafe import Markup, escape

from app.web.styles import cookie_name

MOST = 600  # stencils kept; a page has a few dozen shapes, and some kilobytes each
MOST_SETTLED = 3000  # of them kept with the texts of a question
MOST_PARTS = 10_000  # pieces kept as they were filled, some hundred bytes each
KEY = "xueji.stencils"
T = TypeVar("T")
APART, APART_THEN = "\0", b"\0"  # between values that are escaped together
PLAIN = frozenset({str, int})  # types of values that are no markup
UNSAFE = re.compile("[&<>\"']")  # what escaping is about
SAFE = re.compile(r"[A-Za-z0-9_-]*")  # what no address needs to quote
MARK = secrets.token_hex(8)  # unknown to whoever writes texts
HOLE = re.compile(f"{MARK}n([0-9]+)e")
IN_ADDRESS = re.compile(f"[/=&?]{HOLE.pattern}")
OF_READER = ("reader.id", "reader.theme", "reader.text_size", "reader.csrf_token")


class Stencil:
    """A drawn page in pieces, as they travel, with a hole after each but the last.

    `names` are the values to fill in, `holes` which of them stands in each hole, and `quoted` those
    that stand in addresses.
    """

    __slots__ = ("_frame", "_put", "_take", "holes", "names", "pieces", "quoted")

    def __init__(
        self,
        pieces: Sequence[bytes],
        names: Sequence[str],
        holes: Sequence[int],
        quoted: frozenset[str],
    ) -> None:
        self.pieces, self.names, self.holes, self.quoted = pieces, names, holes, quoted
        self._frame = [b""] * (2 * len(holes) + 1)
        self._frame[::2] = pieces
        self._take, self._put = _taking(names), _taking(holes)

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Say whether nothing is to be put into an address that would have to be quoted there."""
        quoted = self.quoted
        return not quoted or all(SAFE.fullmatch(str(values[name])) for name in quoted)

    def fill(self, values: Mapping[str, Any]) -> bytes:
        """Return the page with these values, escaped unless they are markup, in UTF-8."""
        page = self._frame.copy()
        page[1::2] = self._put(escape_all(self._take(values)))
        return b"".join(page)

    def settled(self, values: Mapping[str, Any]) -> "Stencil":
        """Return the page with these values in their places for good, the others still open."""
        told = dict(zip(values, escape_all(list(values.values())), strict=True))
        pieces, left = [self.pieces[0]], list[str]()
        for number, piece in zip(self.holes, self.pieces[1:], strict=True):
            name = self.names[number]
            if name in told:
                pieces[-1] += told[name] + piece
            else:
                left.append(name)
                pieces.append(piece)
        names = tuple(dict.fromkeys(left))
        holes = tuple(names.index(name) for name in left)
        return Stencil(pieces, names, holes, self.quoted - told.keys())


def _taking(places: Sequence[Any]) -> Callable[[Any], Sequence[Any]]:
    """Return what takes the things at these places out of what holds them, in this order."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda held: [held[place] for place in places]


def escape_all(values: Sequence[Any]) -> list[bytes]:
    """Return values as they stand in a page: markup as it is, all else escaped, in one go."""
    marked = [
        (place, value.__html__())
        for place, value in enumerate(values)
        if type(value) not in PLAIN and hasattr(value, "__html__")
    ]
    texts = list(map(str, values))
    for place, _markup in marked:
        texts[place] = ""
    joined = APART.join(texts)
    safe = joined if UNSAFE.search(joined) is None else str(escape(joined))
    told = safe.encode().split(APART_THEN)
    if len(told) != len(texts):  # somebody planted what is to keep them apart
        told = [str(escape(text)).encode() for text in texts]
    for place, markup in marked:
        told[place] = markup.encode()
    return told


class Stencils:
    """The stencils of an application, those used last."""

    def __init__(self, sheets: str) -> None:
        self.sheets = sheets  # the cookie of browsers that have the style sheets of this build
        self.kept: OrderedDict[tuple[Hashable, ...], Stencil] = OrderedDict()
        self.about: OrderedDict[tuple[Hashable, ...], Stencil] = OrderedDict()
        self.parts: OrderedDict[tuple[Hashable, ...], Markup] = OrderedDict()
        self.lock = Lock()

    def find(self, key: tuple[Hashable, ...]) -> Stencil | None:
        """Return a stencil that is kept."""
        return self.kept.get(key)

    def keep(self, key: tuple[Hashable, ...], stencil: Stencil) -> None:
        """Keep a stencil, and forget the oldest."""
        with self.lock:
            _add(self.kept, key, stencil, MOST)

    def keep_about(self, key: tuple[Hashable, ...], stencil: Stencil) -> None:
        """Keep what a stencil became for one of many things, and forget the oldest."""
        with self.lock:
            _add(self.about, key, stencil, MOST_SETTLED)

    def keep_part(self, key: tuple[Hashable, ...], part: Markup) -> None:
        """Keep a piece as it was filled, and forget the oldest."""
        with self.lock:
            _add(self.parts, key, part, MOST_PARTS)


def _add(
    kept: OrderedDict[tuple[Hashable, ...], T], key: tuple[Hashable, ...], one: T, most: int
) -> None:
    """Keep one more and forget the oldest beyond so many."""
    kept[key] = one
    while len(kept) > most:
        kept.popitem(last=False)


def init_stencils(app: Flask) -> None:
    """Let `app` keep stencils."""
    with app.app_context():
        app.extensions[KEY] = Stencils(f"{cookie_name()}={app.extensions['xueji_build']}")


def stencils_of(app: Flask) -> Stencils:
    """Return the stencils of `app`."""
    found: Stencils = app.extensions[KEY]
    return found


class Reader:
    """The reader a stencil is drawn for; whatever else a template asks of them is an error."""

    is_authenticated = True

    def __init__(self, role: str, language: str, shortcuts: bool, marks: Mapping[str, str]) -> None:
        self.role, self.language, self.shortcuts, self.marks = role, language, shortcuts, marks

    def __getattr__(self, name: str) -> str:
        """Return a mark, or refuse to tell what would be somebody's own."""
        try:
            return self.marks[f"reader.{name}"]
        except KeyError:
            told = f"a page that is kept may not ask for {name!r} of its reader"
            raise LookupError(told) from None


def draw(
    template: str, root: str, own: Any, shape: Mapping[str, Hashable], names: list[str]
) -> Stencil:
    """Draw a template with marks for the values named, in a context where nobody is known."""
    names = [*names, *OF_READER]
    marks = {name: f"{MARK}n{place}e" for place, name in enumerate(names)}
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    nobody = {"SCRIPT_NAME": root, "PATH_INFO": "/", "REQUEST_METHOD": "GET"}
    nobody |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    nobody["HTTP_COOKIE"] = app.extensions[KEY].sheets
    with app.app_context(), app.request_context({**nobody, "wsgi.input": BytesIO()}):
        g._login_user = Reader(own.role, own.language, own.shortcuts, marks)
        g.token_mark = marks["reader.csrf_token"]
        drawn = render_template(template, **nested({**shape, **marks}))
    pieces = HOLE.split(drawn)  # every second one is the number of a mark
    used = sorted(set(pieces[1::2]), key=int)
    holes = tuple(used.index(number) for number in pieces[1::2])
    quoted = frozenset(names[int(number)] for number in IN_ADDRESS.findall(drawn))
    told = [piece.encode() for piece in pieces[::2]]
    return Stencil(told, [names[int(n)] for n in used], holes, quoted)


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with dotted names as objects, and as lists where the names are numbers."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *way, last = name.split(".")
        place = tree
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return {name: _shaped(value) for name, value in tree.items()}


def _shaped(tree: Any) -> Any:
    """Return an object for a tree of names, a list when they are numbers."""
    if not isinstance(tree, dict):
        return tree
    shaped = {name: _shaped(value) for name, value in tree.items()}
    if all(name.isdigit() for name in shaped):
        return [shaped[name] for name in sorted(shaped, key=int)]
    return SimpleNamespace(**shaped)
