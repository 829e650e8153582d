"""Pens draw and fill the pages of somebody who is signed in, from stencils (`web.stencil`)."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import render_template
from flask.globals import request_ctx
from flask_login import current_user
from markupsafe import Markup

from app.web.csrf import form_token
from app.web.stencil import KEY, OF_READER, Stencil, Stencils, draw, nested

ID, THEME, TEXT_SIZE, TOKEN = OF_READER


class Unusual(Exception):
    """A short page cannot be shown (see `web.short`); the full way shows it."""


class Pen:
    """Draws and fills pages for the person who is signed in; taken up once a request."""

    def __init__(self) -> None:
        context = request_ctx._get_current_object()  # type: ignore[attr-defined]
        self.reader = current_user._get_current_object()
        self.root: str = context.request.root_path.rstrip("/")
        self.stencils: Stencils = context.app.extensions[KEY]
        # Sentences that are said once, and sheets of a first visit, stand on no stencil.
        sheets = self.stencils.sheets in context.request.environ.get("HTTP_COOKIE", "")
        self.usual = sheets and "_flashes" not in context.session

    def show(
        self, template: str, shape: Mapping[str, Hashable], values: Mapping[str, Any]
    ) -> bytes:
        """Return the page of a template, as it travels.

        `shape` is what the template may look at (yes and no, how many), `values` what it only puts
        somewhere: texts, numbers, markup. Both have dotted names ("marks.note", "options.0.text")
        and reach the template as objects and lists.
        """
        if self.usual:
            key = self._key(template, shape, values)
            stencil = self._find(key, template, shape, list(values))
            given = {**values, **self._of_reader()}
            if stencil.fits(given):
                return stencil.fill(given)
        return self._anew(template, shape, values)

    def show_about(
        self,
        template: str,
        about: tuple[Hashable, ...],
        shape: Mapping[str, Hashable],
        say: Callable[[], Mapping[str, Any]],
        values: Mapping[str, Any],
    ) -> bytes:
        """Return the page of a template, most of which is always the same about the same thing.

        `say` returns the values that are; it is asked once for each `about` in each shape.
        """
        if self.usual:
            key = (*about, *self._key(template, shape, values))
            stencil = self.stencils.about.get(key)
            stencil = stencil or self._settle(key, template, shape, say(), values)
            given = {**values, **self._of_reader()}
            if stencil and stencil.fits(given):
                return stencil.fill(given)
        return self._anew(template, shape, {**say(), **values})

    def _settle(
        self,
        key: tuple[Hashable, ...],
        template: str,
        shape: Mapping[str, Hashable],
        same: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> Stencil | None:
        """Return a stencil with what is always the same in its place; None when it must not be."""
        every = {**same, **values}
        drawn = self._find(self._key(template, shape, every), template, shape, list(every))
        if not drawn.fits({**dict.fromkeys(drawn.quoted, ""), **same}):
            return None
        settled = drawn.settled(same)
        self.stencils.keep_about(key, settled)
        return settled

    def part(
        self, template: str, shape: Mapping[str, Hashable], values: Mapping[str, Any]
    ) -> Markup:
        """Return a piece of a page in the reader's language, the same for everybody.

        Pieces put nothing of the reader anywhere, nor what needs quoting into addresses.
        """
        head = template, self.root, self.reader.language, *shape.values()
        key = (*head, *values.items())
        found = self.stencils.parts.get(key)
        if found is None:
            stencil = self._find((*head, *values), template, shape, list(values))
            found = Markup(stencil.fill(values).decode())
            self.stencils.keep_part(key, found)
        return found

    def _key(
        self, template: str, shape: Mapping[str, Hashable], values: Mapping[str, Any]
    ) -> tuple[Hashable, ...]:
        """Return what a page's stencil is kept under."""
        own = self.reader
        head = (template, self.root, own.role, own.language, own.shortcuts)
        return (*head, *shape.items(), *values)

    def _find(
        self,
        key: tuple[Hashable, ...],
        template: str,
        shape: Mapping[str, Hashable],
        names: list[str],
    ) -> Stencil:
        """Return a stencil, made when there is none yet."""
        found = self.stencils.find(key)
        if found is None:
            found = self._make(template, shape, names)
            self.stencils.keep(key, found)
        return found

    def _make(self, template: str, shape: Mapping[str, Hashable], names: list[str]) -> Stencil:
        """Return a new stencil."""
        return draw(template, self.root, self.reader, shape, names)

    def _anew(
        self, template: str, shape: Mapping[str, Hashable], values: Mapping[str, Any]
    ) -> bytes:
        """Return a page drawn for this once."""
        return render_template(template, **nested({**shape, **values})).encode()

    def _of_reader(self) -> dict[str, Any]:
        """Return what the layout puts on every page of a reader."""
        own = self.reader
        return {
            ID: own.id,
            THEME: own.theme or "auto",
            TEXT_SIZE: own.text_size or 18,
            TOKEN: self._form_token(),
        }

    def _form_token(self) -> str:
        """Return the token of the reader's forms."""
        return form_token()


class ShortPen(Pen):
    """Fills pages on the short way, where nothing can be drawn; raises Unusual instead."""

    def __init__(self, reader: Any, stencils: Stencils, token: str) -> None:
        self.reader, self.root, self.stencils = reader, "", stencils
        self.usual, self.token = True, token

    def _make(self, template: str, shape: Mapping[str, Hashable], names: list[str]) -> Stencil:
        """Leave what was never drawn to the full way."""
        raise Unusual

    def _anew(
        self, template: str, shape: Mapping[str, Hashable], values: Mapping[str, Any]
    ) -> bytes:
        """Leave the page to the full way."""
        raise Unusual

    def _form_token(self) -> str:
        """Return the token of the reader's forms."""
        return self.token
