"""Jobs on pages and in the terminal: one's own, the site's, and the copy of every night."""

import json

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import audit, jobs
from app.base.db import db
from app.base.jobs import Kind, register_job
from app.base.jobs.queue import beat, claim, finish, refuse, renew
from app.base.schema import stamp_schema
from app.ops.queries import doctor, find_newest_copy
from tests.conftest import Cast, Clock


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """A member, another one, an administrator of the whole site, and one of a unit."""
    register_job(bank, Kind("test.wish", "打印成册", lambda _task, _now: "好了"))
    cast.make_unit("A")
    cast.make_member("甲", unit="A")
    cast.make_member("乙", unit="A")
    cast.make_member("总管", role="admin")
    cast.make_member("支部管理员", role="admin", unit="A")
    return cast


def wish(site: Cast, clock: Clock) -> str:
    """Let 甲 ask for something."""
    return jobs.add_job("test.wish", clock(), member_id=site.people["甲"])


def test_ones_own_work_can_be_left_and_come_back_to(site: Cast, clock: Clock) -> None:
    made, client = wish(site, clock), site.sign_in("甲")
    page = client.get(f"/jobs/{made}")
    assert page.headers["Refresh"] == "3"
    assert "等着办" in page.text
    claimed = claim(clock(), made)
    assert claimed is not None
    task = claimed[0]
    task.progress(30, 100, "第三章")
    assert renew(task, clock())
    page = client.get(f"/jobs/{made}")
    assert '<progress max="100" value="30"' in page.text
    assert "第三章" in page.text
    task.address = "/statistics"
    finish(task, clock(), "一共 12 页。")
    page = client.get(f"/jobs/{made}")
    assert "Refresh" not in page.headers
    assert "一共 12 页。" in page.text
    assert 'href="/statistics"' in page.text
    assert f'href="/jobs/{made}"' in client.get("/jobs").text


def test_what_failed_says_so(site: Cast, clock: Clock) -> None:
    made = wish(site, clock)
    claimed = claim(clock(), made)
    assert claimed is not None
    refuse(claimed[0], clock(), "这份试卷已经删了。")
    assert "这份试卷已经删了。" in site.sign_in("甲").get(f"/jobs/{made}").text


def test_nobody_sees_anothers(site: Cast, clock: Clock) -> None:
    made = wish(site, clock)
    for name in ("乙", "总管"):
        client = site.sign_in(name)
        missing = client.get("/no-such-page").data
        reply = client.get(f"/jobs/{made}")
        assert (reply.status_code, reply.data) == (404, missing)
        assert "打印成册" not in client.get("/jobs").text
    assert "打印成册" not in client.get("/site-jobs").text


def test_administrators_see_who_works_and_what_is_next(site: Cast, clock: Clock) -> None:
    client = site.sign_in("总管")
    assert "后台程序没有在运行" in client.get("/site-jobs").text
    beat("w", clock())
    page = client.get("/site-jobs").text
    assert "后台程序在运行" in page
    assert "备份数据库" in page
    assert "11月24日 04:10" in page


def test_an_administrator_of_the_whole_site_asks_for_work(site: Cast, clock: Clock) -> None:
    client = site.sign_in("总管")
    assert client.post("/site-jobs", data={"kind": "ops.forget_jobs"}).status_code == 302
    [job] = jobs.list_jobs()
    assert (job.kind, job.state) == ("ops.forget_jobs", "waiting")
    assert audit.list_entries()[0].action == "ops.ask_for_job"
    assert client.post("/site-jobs", data={"kind": "no.such"}).status_code == 404
    claimed = claim(clock())
    assert claimed is not None
    refuse(claimed[0], clock(), "不行")
    assert "再试一次" in client.get("/site-jobs").text
    again = {"kind": job.kind, "job": job.id}
    assert client.post("/site-jobs", data=again).status_code == 302
    assert jobs.list_jobs()[0].state == "waiting"
    told = client.post("/site-jobs", data=again, follow_redirects=True).text
    assert "现在不能重试" in told


def test_an_administrator_of_a_unit_only_looks(site: Cast) -> None:
    client = site.sign_in("支部管理员")
    assert "现在就办" not in client.get("/site-jobs").text
    assert client.post("/site-jobs", data={"kind": "ops.backup"}).status_code == 404
    assert jobs.list_jobs() == []


def run(app: Flask, *words: str) -> tuple[int, dict[str, object]]:
    """Run a command and return its exit code and what it reported."""
    done = app.test_cli_runner().invoke(args=["jobs", *words, "--json"])
    return done.exit_code, json.loads(done.output.splitlines()[-1])


def test_the_nightly_copy_is_made_by_the_worker(site: Cast, app: Flask, clock: Clock) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's copies need its own tool")
    stamp_schema()
    regular = len(jobs.next_runs(clock()))
    code, told = run(app, "work", "--once")
    assert (code, told) == (0, {"ran": regular})
    assert find_newest_copy(clock()) is not None
    code, told = run(app, "list")
    assert told["counts"] == {"waiting": 0, "running": 0, "done": regular, "failed": 0}
    assert "ops.backup" in told["next"]
    code, told = run(app, "work", "--once")
    assert told == {"ran": 0}


def test_one_kind_at_once_from_the_terminal(site: Cast, app: Flask) -> None:
    code, told = run(app, "run", "ops.forget_jobs")
    assert (code, told["state"]) == (0, "done")
    done = app.test_cli_runner().invoke(args=["jobs", "run", "no.such"])
    assert done.exit_code == 1
    assert "no.such" in done.output


def test_machines_are_told_of_the_worker(site: Cast, clock: Clock) -> None:
    stamp_schema()
    client = site.app.test_client()
    assert client.get("/readyz").json["worker_age_s"] is None
    beat("w", clock())
    clock.move(seconds=90)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["worker_age_s"]) == (200, 90)
    assert "xueji_worker_age_seconds 90.0" in client.get("/metrics").text


def test_the_doctor_says_when_nobody_works_or_work_fails(site: Cast, clock: Clock) -> None:
    found = doctor.look_at_worker(clock())
    assert (found.state, "从来没有运行过" in found.words) == ("warn", True)
    beat("w", clock())
    assert doctor.look_at_worker(clock()).state == "ok"
    made = jobs.add_job("ops.forget_jobs", clock())
    claimed = claim(clock(), made)
    assert claimed is not None
    refuse(claimed[0], clock(), "不行")
    found = doctor.look_at_worker(clock())
    assert (found.state, "ops.forget_jobs" in found.words) == ("warn", True)
    clock.move(minutes=5)
    assert "5 分钟没有动静" in doctor.look_at_worker(clock()).words


def test_a_persons_jobs_are_theirs_to_take_along_and_go_with_them(site: Cast, clock: Clock) -> None:
    from app.ops.actions import erase_member
    from app.ops.queries import get_everything

    wish(site, clock)
    [told] = get_everything(site.people["甲"], clock())["tables"]["base_job"]
    assert told["kind"] == "test.wish"
    assert "holder" not in told
    erase_member(site.people["甲"], None, clock())
    assert db.session.execute(text("SELECT count(*) FROM base_job")).scalar() == 0
