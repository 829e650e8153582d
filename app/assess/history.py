"""What a member's past answers to one question say about memory, for the nightly fit; pure."""

from collections.abc import Collection, Iterable
from datetime import date

from app.assess.expected import recall_on
from app.assess.offsets import Sample
from app.study.card import Review
from app.study.memory import after_answer

Dated = tuple[date, Sample]


def list_samples(
    member: int, question_id: str, guess: float, reviews: Iterable[Review]
) -> list[Sample]:
    """Return one sample for the first answer of each study day, with the recall FSRS expected.

    Later answers of a day are drill: the answer was on the screen minutes before. `reviews` may
    come in any order; `guess` is the chance (0…1) of guessing the question.
    """
    return [sample for _day, sample in list_dated(member, question_id, guess, reviews)]


def list_dated(
    member: int,
    question_id: str,
    guess: float,
    reviews: Iterable[Review],
    self_rated: Collection[str] = (),
) -> list[Dated]:
    """Return the samples of `list_samples`, each with its study day.

    Answers whose id is in `self_rated` strengthen the memory as any other and are no evidence.
    """
    memory, found = None, []
    for review in sorted(reviews, key=lambda r: (r.at_ms, r.answer_id)):
        if memory is None or review.day > memory.last_day:
            recall = recall_on(memory, review.day)
            sample = Sample(member, question_id, recall, guess, review.right)
            if review.answer_id not in self_rated:
                found.append((review.day, sample))
        memory = after_answer(memory, review.rating, review.day)
    return found
