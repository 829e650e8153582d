"""Letters and where they are handed over: addresses, identity, headers that nobody can add to."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from app.assign.letter import message_id, read_mailbox, write_letter
from app.assign.mailhost import check_mail_settings, read_mail_host
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["a@b.cn", " zhang.san+x@mail.example.com ", "1234567@qq.com"])
def test_addresses(text: str) -> None:
    assert read_mailbox(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.cn",
        "a b@c.cn",
        "a@b.cn\nBcc: c@d.cn",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        "张@b.cn",
        "a..b@c.cn",
        "a" * 65 + "@b.cn",
        "a@" + "b." * 130 + "cn",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Invalid):
        read_mailbox(text)


def test_a_letter_is_plain_and_says_who_wrote_and_how_to_leave() -> None:
    letter = write_letter(
        to="a@b.cn",
        sender="学记 <xueji@site.example>",
        subject="学记提醒：2 项",
        lines=["今天要留意的：", "- 试卷《甲》明天截止"],
        identity=message_id("7:2026-11-23", "学记 <xueji@site.example>"),
        now=NOW,
        unsubscribe="https://site.example/reminders/settings",
    )
    read = message_from_bytes(bytes(letter), policy=default)
    assert read.get_content_type() == "text/plain"
    assert read.get_content().splitlines()[1] == "- 试卷《甲》明天截止"
    assert read["Subject"] == "学记提醒：2 项"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Unsubscribe"] == "<https://site.example/reminders/settings>"
    assert read["Message-ID"].endswith("@site.example>")
    assert all(len(line) <= 998 and line.isascii() for line in bytes(letter).decode().splitlines())


def test_the_identity_follows_from_whose_and_which_days_it_is() -> None:
    assert message_id("7:a", "x@y") == message_id("7:a", "x@y") != message_id("8:a", "x@y")


def test_a_title_cannot_add_a_header() -> None:
    with pytest.raises(ValueError, match="Header"):
        write_letter(to="a@b.cn", sender="x@y", subject="a\nBcc: c", lines=[], identity="", now=NOW)


def test_mail_hosts() -> None:
    assert read_mail_host("") is None
    found = read_mail_host("smtps://xue%40ji:p%40ss@mail.example.com")
    assert found is not None
    assert (found.host, found.port, found.tls, found.upgrade) == (
        "mail.example.com",
        465,
        True,
        False,
    )
    assert (found.user, found.password) == ("xue@ji", "p@ss")
    assert "p@ss" not in repr(found)
    plain = read_mail_host("smtp://mail.example.com:25")
    assert plain is not None
    assert (plain.port, plain.tls, plain.upgrade) == (25, False, True)
    local = read_mail_host("smtp://127.0.0.1:2525")
    assert local is not None
    assert not local.upgrade


@pytest.mark.parametrize(
    ("host", "sender", "sound"),
    [
        ("", "", True),
        ("smtps://mail.example.com", "学记 <xueji@example.org>", True),
        ("smtps://mail.example.com", "xueji@example.org", True),
        ("", "nobody", False),
        ("smtps://mail.example.com", "", False),
        ("smtps://mail.example.com", "x@y.org\nBcc: z@y.org", False),
        ("mail.example.com", "xueji@example.org", False),
    ],
)
def test_settings_that_make_no_sense_are_said_at_the_start(
    host: str, sender: str, sound: bool
) -> None:
    if sound:
        check_mail_settings(host, sender)
    else:
        with pytest.raises(ValueError, match="XUEJI_"):
            check_mail_settings(host, sender)


@pytest.mark.parametrize(
    "text", ["mail.example.com", "http://x:s3cret@y", "smtp://", "smtp://x:y:z"]
)
def test_a_mail_host_that_is_none_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(ValueError, match="XUEJI_SMTP") as refused:
        read_mail_host(text)
    assert "s3cret" not in str(refused.value)
