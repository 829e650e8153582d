"""What is on record as evidence: assignments asked of the unit, by it or by a unit above."""

import pytest

from app.assign.actions.duties import make_duty
from app.assign.actions.settling import settle_duty
from app.assign.ownership import Charge
from app.assign.proof import Proof
from app.assign.queries.duties import list_notes
from app.assign.queries.proofs import list_proofs
from app.assign.wording import Wording
from app.base.clock import study_day
from app.base.errors import Invalid
from tests.assign.asking import Asking


def test_an_assignment_from_above_shows_that_a_duty_is_done(asking: Asking) -> None:
    day, units = study_day(asking.clock()), asking.cast.units
    paper = asking.paper("A")
    asked = asking.ask(asking.terms(paper, title="党章测验"), asking.audience("B"))
    foreign = asking.ask(asking.goal(title="别处的"), asking.audience("E"), by="书记E")
    _gatherings, offered = list_proofs(units["B"], day)
    assert offered == ((asked, "党章测验"),)
    assert list_proofs(None, day) == ((), ())
    wording = Wording("组织测验", "全员参加", day, day)
    duty = make_duty(None, units["B"], wording, Charge(post="secretary"), asking.clock())
    by = asking.who("书记B")
    with pytest.raises(Invalid, match="不属于"):
        settle_duty(by, duty, day, "", asking.clock(), Proof(assignment_id=foreign))
    settle_duty(by, duty, day, "", asking.clock(), Proof(assignment_id=asked))
    assert list_notes(duty)[0].assignment_id == asked
