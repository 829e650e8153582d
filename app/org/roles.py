"""What the roles are called on the page; what they may do is in `web.permissions`."""

from flask_babel import lazy_gettext as _l

ROLE_NAMES = {
    "member": _l("学员"),
    "trainer": _l("学习组织者"),
    "editor": _l("题库编辑"),
    "auditor": _l("督导（只看不改）"),
    "admin": _l("管理员"),
}
