"""Builders for the tests of the deck: questions of every kind, progress, and real Anki."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.anki.progress import Progress
from app.bank.catalogue import Question
from app.bank.kinds import Blank, Content, Multiple, Order, Single, TrueFalse
from app.bank.source import kind_of
from app.base.clock import study_day
from app.study.card import Review, replay

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
COMMON: dict[str, Any] = {"provision": "a1", "difficulty": "know"}
OPTIONS = ("甲", "乙", "丙", "丁")
CONTENTS: tuple[Content, ...] = (
    Single(id="q-single", stem="单选", options=OPTIONS, answer="B", **COMMON),
    Multiple(id="q-multiple", stem="多选", options=OPTIONS, answer="ACD", **COMMON),
    TrueFalse(id="q-truefalse", stem="判断", answer=False, **COMMON),
    Blank(id="q-blank", stem="先___后___。", answers=(("一年", "1年"), ("实际",)), **COMMON),
    Order(id="q-order", stem="排序", items=("第一步", "第二步", "第三步"), **COMMON),
)


def make_question(content: Content = CONTENTS[0], **changes: Any) -> Question:
    """Return a published question with this content."""
    question = Question(
        id=content.id,
        revision=1,
        kind=kind_of(content),
        edition_id="dangzhang-2022",
        document_id="dangzhang",
        document_title="中国共产党章程",
        document_short="党章",
        edition_short="2022年修改",
        subject="dangzhang",
        chapter_id="ch1",
        chapter_title="第一章　党员",
        provision_id="a1",
        provision_label="第一条",
        difficulty=content.difficulty,
        position=7,
        stem=content.stem,
        content=content,
        explanation="道理",
        status="active",
        updated_at=1_790_000_000,
    )
    return replace(question, **changes)


ALL = tuple(make_question(content) for content in CONTENTS)


def make_reviews(*steps: tuple[float, int], start: datetime = NOW) -> tuple[Review, ...]:
    """Return reviews from (hours after `start`, rating) pairs."""
    made = []
    for number, (hours, rating) in enumerate(steps):
        moment = start + timedelta(hours=hours)
        at_ms = int(moment.timestamp() * 1000)
        made.append(Review(f"{number:022d}", at_ms, study_day(moment), rating, rating > 1))
    return tuple(made)


def make_progress(*steps: tuple[float, int], suspended: bool = False) -> Progress:
    """Return the progress of a member who answered so."""
    reviews = make_reviews(*steps)
    return Progress(replay(reviews), reviews, suspended)


def ask_anki(*words: str | Path, zone: str = "Asia/Shanghai") -> dict[str, Any]:
    """Return what real Anki sees after importing the packages, in its own process."""
    done = subprocess.run(
        [sys.executable, "-W", "error", Path(__file__).with_name("judge.py"), *words],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
