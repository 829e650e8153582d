"""Everything published, in memory: questions in bank order, subjects, chapters; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.bank.folding import fold
from app.bank.kinds import Content, Multiple, Order, Single
from app.bank.source import Published


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question comes from: a provision with its chapter, edition, document, subject."""

    edition_id: str
    document_id: str
    document_title: str
    document_short: str
    edition_short: str
    subject: str
    chapter_id: str
    chapter_title: str
    provision_id: str
    provision_label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A revision of a question with its source; `updated_at` in epoch seconds.

    `unit_id` is whose own question it is, None for those that everybody is asked.
    """

    id: str
    revision: int
    kind: str
    edition_id: str
    document_id: str
    document_title: str
    document_short: str
    edition_short: str
    subject: str
    chapter_id: str
    chapter_title: str
    provision_id: str
    provision_label: str
    difficulty: str
    position: int
    stem: str
    content: Content
    explanation: str
    status: str
    updated_at: int
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject, called by its document's short title, with the number of its active questions."""

    id: str
    title: str
    questions: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its active questions in bank order."""

    id: str
    title: str
    question_ids: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """One publication as the people of some units see it.

    `questions` holds all of them, whatever their status and unit, in bank order; ids, subjects,
    chapters and texts leave out what is not asked of anybody in `units`.
    """

    token: str
    questions: Mapping[str, Question]
    places: Mapping[tuple[str, str], Place]
    units: frozenset[int] = frozenset()
    ids: tuple[str, ...] = field(init=False)
    retired: tuple[str, ...] = field(init=False)
    hidden: frozenset[str] = field(init=False)
    subjects: tuple[Subject, ...] = field(init=False)
    chapters: Mapping[str, tuple[Chapter, ...]] = field(init=False)
    of_subject: Mapping[str, tuple[str, ...]] = field(init=False)
    texts: Mapping[str, str] = field(init=False)
    older: dict[tuple[str, int], Question] = field(init=False, default_factory=dict)
    owners: frozenset[int] = field(init=False)
    narrowed: dict[frozenset[int], "Catalogue"] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Work out once what every page asks for."""
        asked = [q for q in self.questions.values() if q.status == "active"]
        active = [q for q in asked if self.shows(q)]
        keep = object.__setattr__
        owners = (q.unit_id for q in self.questions.values() if q.unit_id is not None)
        keep(self, "owners", frozenset(owners))
        keep(self, "ids", tuple(q.id for q in active))
        keep(self, "retired", tuple(q.id for q in self.questions.values() if q.status != "active"))
        others = (q.id for q in asked if not self.shows(q))
        keep(self, "hidden", frozenset((*self.retired, *others)))
        keep(self, "chapters", _chapters(active))
        keep(self, "subjects", _subjects(active))
        mine = {s.id: tuple(q.id for q in active if q.subject == s.id) for s in self.subjects}
        keep(self, "of_subject", mine)
        keep(self, "texts", {q.id: _text(q) for q in active})

    def shows(self, question: Question) -> bool:
        """Say whether a question is everybody's, or one of these units' own."""
        return question.unit_id is None or question.unit_id in self.units

    def seen_from(self, units: frozenset[int]) -> "Catalogue":
        """Return this publication as the people of `units` see it, made once."""
        known = units & self.owners
        if known == self.units:
            return self
        if known not in self.narrowed:
            self.narrowed[known] = Catalogue(self.token, self.questions, self.places, known)
        return self.narrowed[known]

    def list_ids(self, subject: str | None, chapter: str | None) -> tuple[str, ...]:
        """Return the active ids, of a subject and chapter when given."""
        if subject is None and chapter is None:
            return self.ids
        if chapter is None:
            return self.of_subject.get(subject or "", ())
        return tuple(
            i
            for i in self.ids
            if subject in (None, self.questions[i].subject)
            and self.questions[i].chapter_id == chapter
        )

    def as_revised(self, current: Question, revision: int, published: Published) -> Question:
        """Return `current` as an older revision said it, at the source it had then."""
        place, item = self.places[published.edition, published.item.provision], published.item
        return replace(
            current,
            revision=revision,
            stem=item.stem,
            content=item,
            explanation=item.explanation,
            difficulty=item.difficulty,
            **{name: getattr(place, name) for name in Place.__slots__},
        )


def _chapters(active: list[Question]) -> dict[str, tuple[Chapter, ...]]:
    """Group the questions by subject and chapter; the first question names the chapter."""
    grouped: dict[str, dict[str, list[Question]]] = {}
    for question in active:
        chapters = grouped.setdefault(question.subject, {})
        chapters.setdefault(question.chapter_id, []).append(question)
    return {
        subject: tuple(
            Chapter(i, found[0].chapter_title, tuple(q.id for q in found))
            for i, found in chapters.items()
        )
        for subject, chapters in grouped.items()
    }


def _subjects(active: list[Question]) -> tuple[Subject, ...]:
    """Count the questions of each subject; its first document names it."""
    titles: dict[str, str] = {}
    counts: dict[str, int] = {}
    for question in active:
        titles.setdefault(question.subject, question.document_short)
        counts[question.subject] = counts.get(question.subject, 0) + 1
    return tuple(Subject(i, titles[i], counts[i]) for i in titles)


def _text(question: Question) -> str:
    """Return everything a search looks at, folded; parts are kept apart by a line feed."""
    content = question.content
    parts = [question.id, question.stem, question.explanation, question.provision_label]
    parts += [question.chapter_title, question.document_title]
    if isinstance(content, Single | Multiple):
        parts += content.options
    elif isinstance(content, Order):
        parts += content.items
    return "\n".join(map(fold, parts))
