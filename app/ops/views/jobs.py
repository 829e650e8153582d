"""Work that takes longer than a page: a person's own, to leave and come back to; the site's."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.base import clock, jobs
from app.base.errors import NotFound, Stale
from app.ops import actions
from app.ops.views.blueprint import blueprint
from app.web.permissions import permission

STATES = {
    "waiting": _l("等着办"),
    "running": _l("正在办"),
    "done": _l("办好了"),
    "failed": _l("没有办成"),
}
AGAIN = "3"  # seconds after which a page of something unfinished loads itself anew


@blueprint.get("/jobs")
@permission("member")
def own_jobs() -> str:
    """List what one has asked for."""
    found = jobs.list_own_jobs(current_user.id)
    return render_template("ops/own_jobs.html", jobs=found, states=STATES, now=clock.now())


@blueprint.get("/jobs/<job_id>")
@permission("member")
def job(job_id: str) -> Response:
    """Show how far something is; the page loads itself anew until it is over."""
    found = jobs.get_job(current_user.id, job_id)
    reply = make_response(render_template("ops/job.html", job=found, states=STATES))
    if not found.is_over:
        reply.headers["Refresh"] = AGAIN
    return reply


@blueprint.get("/site-jobs")
@permission("admin")
def site_jobs() -> str:
    """Show the site's own work: who does it, what is next, what came of the last."""
    now = clock.now()
    return render_template(
        "ops/site_jobs.html",
        worker=jobs.find_worker(now),
        counts=jobs.count_jobs(),
        next_runs=jobs.next_runs(now),
        jobs=jobs.list_jobs(),
        states=STATES,
        now=now,
        may_run=current_user.unit_id is None,
    )


@blueprint.post("/site-jobs")
@permission("admin")
def run_job() -> AnyResponse:
    """Ask for one of the regular jobs to be done now, or a failed one once more."""
    if current_user.unit_id is not None:
        raise NotFound(_("没有这个页面。"))
    try:
        actions.ask_for_job(
            request.form.get("kind", ""), request.form.get("job", ""), current_user.id, clock.now()
        )
        flash(_("已经安排，很快就办。"))
    except Stale:
        flash(_("这件事现在不能重试：可能已经在办，或已经办成。"))
    return redirect(url_for("ops.site_jobs"))
