"""The family of errors that rooms raise; `web.errors` turns them into pages, nobody else does."""


class XuejiError(Exception):
    """A refusal with a sentence for people and, where it helps, one sentence per form field."""

    status = 500

    def __init__(self, message: str, **fields: str) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class NotFound(XuejiError):
    """The thing is not there, or not for this person: the two must look the same."""

    status = 404


class Forbidden(NotFound):
    """The person may not do this; shown exactly as a missing page."""


class Invalid(XuejiError):
    """The input does not fit; the message says what to do."""

    status = 422


class Stale(XuejiError):
    """Somebody, perhaps the same person on another device, was faster."""

    status = 409


class TooMany(XuejiError):
    """Too many tries; the message says when to come back."""

    status = 429
