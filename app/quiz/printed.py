"""A paper on paper: shuffled versions, each with the way back to the original; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.bank.catalogue import Question
from app.bank.kinds import KINDS, Choice
from app.bank.kinds.kind import LETTERS
from app.quiz.blueprint import Drawn
from app.quiz.compose import shuffled

PARTS = ("paper", "sheet", "key")
HEADS = {"paper": "", "sheet": "答题卡", "key": "答案与对照"}
NAMES = "ABCDEF"  # of versions


@dataclass(frozen=True, slots=True)
class Printed:
    """A question as printed: `original` is its number on the unshuffled paper.

    `letters` maps each printed letter to that of the bank, as (("A", "C"), …).
    """

    number: int
    original: int
    question: Question
    points: int
    options: tuple[Choice, ...]
    key: str
    letters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one kind."""

    kind: str
    questions: tuple[Printed, ...]

    @property
    def points(self) -> int:
        """What the section is worth."""
        return sum(one.points for one in self.questions)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, named by a letter."""

    name: str
    sections: tuple[Section, ...]

    @property
    def points(self) -> int:
        """What the paper is worth."""
        return sum(section.points for section in self.sections)


def make_version(
    name: str, asked: Sequence[tuple[Drawn, Question]], seed: str, shuffle: bool
) -> Version:
    """Return a version: questions shuffled within their kind, options always; by the seed.

    `asked` is in the order of the paper, kinds together. The same arguments give the same version.
    """
    places = {drawn.question_id: n for n, (drawn, _question) in enumerate(asked, 1)}
    questions = {drawn.question_id: question for drawn, question in asked}
    sections, number = [], 0
    for kind, group in groupby(asked, key=lambda one: one[1].kind):
        drawn = tuple(one for one, _question in group)
        ordered = shuffled(drawn, f"{seed}/{name}") if shuffle else drawn
        printed = []
        for one in ordered:
            number += 1
            question, original = questions[one.question_id], places[one.question_id]
            printed.append(_print(one, question, number, original, f"{seed}/{name}/{original}"))
        sections.append(Section(kind, tuple(printed)))
    return Version(name, tuple(sections))


def _print(drawn: Drawn, question: Question, number: int, original: int, seed: str) -> Printed:
    """Return a question as printed."""
    presented = KINDS[question.kind].present(question.content, seed)
    options = () if question.kind == "truefalse" else presented.options
    return Printed(
        number=number,
        original=original,
        question=question,
        points=drawn.points,
        options=options,
        key=_key(question, presented.options, presented.key),
        letters=tuple((o.letter, LETTERS[o.index]) for o in options),
    )


def _key(question: Question, options: tuple[Choice, ...], key: tuple[int, ...]) -> str:
    """Return the right answer in the letters of this version."""
    if question.kind == "truefalse":
        return "√" if key == (0,) else "×"
    if question.kind == "blank":
        return KINDS["blank"].describe_key(question.content)
    letters = {option.index: option.letter for option in options}
    if question.kind == "order":
        return " → ".join(letters[index] for index in key)
    return "".join(sorted(letters[index] for index in key))
