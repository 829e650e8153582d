"""The regular work of assign: what is due today told to people and groups."""

from flask_babel import lazy_gettext as _l

from app.assign.actions import deliver, remind, send_confirmation, send_letters
from app.base.jobs import Daily, Kind

KINDS = (
    Kind("assign.remind", _l("每天的提醒"), remind, Daily(7, 30)),
    Kind("assign.deliver", _l("发群消息"), deliver, limit=5, longest=120),
    Kind("assign.mail", _l("发提醒邮件"), send_letters, limit=5),
    Kind("assign.confirm", _l("发确认邮件"), send_confirmation, limit=5, longest=300),
)
