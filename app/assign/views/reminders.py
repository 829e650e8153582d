"""A person's reminders: the list, how they want them, letters, the calendar to subscribe to."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.refusal import refuse
from app.assign import actions, queries
from app.assign.calendar import tag_of, write_calendar
from app.assign.digest import in_words
from app.assign.forms.reminders import EmptyForm, MailForm, WishForm
from app.assign.views.blueprint import blueprint
from app.base import clock
from app.base.clock import study_day
from app.base.errors import Invalid, NotFound, TooMany
from app.web.permissions import permission

Page = AnyResponse | tuple[str, int]
ADDRESSES = {  # where what is told can be seen to
    "paper": lambda ref: url_for("quiz.paper", paper_id=ref),
    "goal": lambda _ref: url_for("assign.tasks"),
    "item": lambda ref: url_for("assign.duty", duty_id=ref),
    "duty": lambda ref: url_for("assign.duty", duty_id=ref),
}


@blueprint.get("/reminders")
@permission("member")
def reminders() -> str:
    """List what one was reminded of, the newest first."""
    found = queries.list_digests(current_user.id)
    today = study_day(clock.now())
    return render_template(
        "assign/reminders.html",
        digests=found,
        today=today,
        words=in_words,
        addresses=ADDRESSES,
        form=EmptyForm(),
    )


@blueprint.post("/reminders")
@permission("member")
def read_reminders() -> AnyResponse:
    """Take all reminders as seen."""
    if EmptyForm().validate_on_submit():
        actions.mark_read(current_user.id, clock.now())
    return redirect(url_for("assign.reminders"))


@blueprint.route("/reminders/settings", methods=["GET", "POST"])
@permission("member")
def reminder_settings() -> Page:
    """Show how one is reminded, and keep what is ticked."""
    wish = queries.get_wish(current_user.id)
    form = WishForm(cards=wish.cards, mail=wish.mail)
    if form.validate_on_submit():
        actions.save_wish(current_user.id, form.cards.data, form.mail.data)
        flash(_("已保存。"))
        return redirect(url_for("assign.reminder_settings"))
    return _settings(form, MailForm(email=wish.email), 200)


@blueprint.post("/reminders/mail")
@permission("member")
def mail() -> Page:
    """Have a letter sent that confirms an address, or forget the address."""
    form, status = MailForm(), 422
    if request.form.get("do") == "stop" and EmptyForm().validate_on_submit():
        actions.stop_mail(current_user.id)
        flash(_("不再发邮件，邮箱地址也已删去。"))
        return redirect(url_for("assign.reminder_settings"))
    if form.validate_on_submit():
        try:
            actions.ask_for_mail(current_user.id, form.email.data, clock.now())
            flash(_("确认邮件已经在路上。打开里面的链接，以后的提醒就会发到这个邮箱。"))
            return redirect(url_for("assign.reminder_settings"))
        except (Invalid, TooMany) as error:
            status = refuse(form, error)
    wish = queries.get_wish(current_user.id)
    return _settings(WishForm(None, cards=wish.cards, mail=wish.mail), form, status)


@blueprint.route("/reminders/mail/<token>", methods=["GET", "POST"])
@permission("member")
def confirm_mail(token: str) -> Page:
    """Ask whoever opens the link in the letter to confirm, because machines open links too."""
    if not queries.is_confirming(current_user.id, token, clock.now()):
        raise NotFound(_("没有这个页面。"))
    form = EmptyForm()
    if form.validate_on_submit():
        actions.confirm_mail(current_user.id, token, clock.now())
        flash(_("邮箱已确认。"))
        return redirect(url_for("assign.reminder_settings"))
    return render_template("assign/confirm_mail.html", token=token, form=form), 200


@blueprint.post("/reminders/feed")
@permission("member")
def feed() -> Page:
    """Make the secret address of one's calendar anew and show it once, or do away with it."""
    if not EmptyForm().validate_on_submit() or request.form.get("do") == "stop":
        actions.stop_feed(current_user.id)
        flash(_("日历地址已停用。"))
        return redirect(url_for("assign.reminder_settings"))
    token = actions.renew_feed(current_user.id, clock.now())
    link = url_for("assign.calendar", token=token, _external=True)
    import segno  # loaded when somebody wants a code

    picture = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return render_template("assign/feed.html", link=link, picture=picture), 200


@blueprint.get("/calendar/<token>.ics")
@permission("public")
def calendar(token: str) -> AnyResponse:
    """Give a calendar program the titles and due times of whose secret address it holds."""
    now = clock.now()
    events = queries.list_events(token, now)
    if events is None:
        raise NotFound(_("没有这个页面。"))
    reply = Response(write_calendar(_("学记"), events), content_type="text/calendar; charset=utf-8")
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.set_etag(tag_of(reply.get_data()))
    return reply.make_conditional(request)


def home_panel(now: object) -> str:
    """Say on the home page that there are reminders one has not seen."""
    unread = queries.count_unread(current_user.id)
    return render_template("assign/_unread.html", unread=unread) if unread else ""


def _settings(form: WishForm, mail_form: MailForm, status: int) -> Page:
    return render_template(
        "assign/reminder_settings.html",
        form=form,
        mail_form=mail_form,
        wish=queries.get_wish(current_user.id),
        has_mail=actions.mail_host() is not None,
    ), status
