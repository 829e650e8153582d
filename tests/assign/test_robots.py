"""Robots: only the two known addresses, the published signature, answers taken at their word."""

import base64
import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assign.robots import (
    A_MINUTE,
    MINUTE,
    MOST_BYTES,
    Address,
    address_of,
    body_of,
    clip,
    read_address,
    read_reply,
    sign,
    wait_for_turn,
)
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
KEY = "693a91f6-7aaa-4bc4-97a0-0ec251fa5aaa"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
TOKEN = "0123456789abcdef" * 4
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
SECRET = "SEC" + "0123456789abcdef" * 4


def test_the_two_addresses_are_taken() -> None:
    assert read_address(f"  {WECOM}\n").key == KEY
    found = read_address(DINGTALK, f" {SECRET} ")
    assert (found.kind, found.key, found.secret) == ("dingtalk", TOKEN, SECRET)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "qyapi.weixin.qq.com",
        WECOM.replace("https", "http"),
        WECOM.replace("https", "ftp"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com.evil.example"),
        WECOM.replace("qyapi.weixin.qq.com", "evil.example"),
        WECOM.replace("qyapi.weixin.qq.com", "127.0.0.1"),
        WECOM.replace("qyapi.weixin.qq.com", "[::1]"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:8443"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:99999999"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com@evil.example"),
        WECOM.replace("qyapi.weixin.qq.com", "evil.example@qyapi.weixin.qq.com"),
        WECOM.replace("qyapi", "qyapi\u3002"),
        WECOM.replace("/cgi-bin/webhook/send", "/cgi-bin/webhook/../../x"),
        WECOM.replace("/cgi-bin/webhook/send", "/cgi-bin/webhook/send/"),
        WECOM + "&key=other",
        WECOM + "&debug=1",
        WECOM + "#x",
        WECOM + "x",
        WECOM.replace("key=", "access_token="),
        WECOM.split("?")[0],
        "https://[bad/cgi-bin/webhook/send?key=" + KEY,
        DINGTALK.replace("oapi.dingtalk.com", "qyapi.weixin.qq.com"),
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        read_address(address, SECRET)


@pytest.mark.parametrize("secret", ["", "SEC", "x" * 67, "SEC" + "é" * 64])
def test_dingtalk_wants_its_secret(secret: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(DINGTALK, secret)
    assert "secret" in refused.value.fields


def test_where_to_post_is_put_together_anew() -> None:
    assert address_of(read_address(WECOM), 0) == WECOM
    address = address_of(read_address(DINGTALK, SECRET), 1577262236757)
    assert address.startswith(f"{DINGTALK}&timestamp=1577262236757&sign=")


def test_the_signature_is_what_another_program_makes_of_the_published_rule() -> None:
    """OpenSSL signs "timestamp, newline, secret" under the secret; the manual's order of steps."""
    secret, at_ms = "this is secret", 1577262236757
    signed = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", secret, "-binary"],
        input=f"{at_ms}\n{secret}".encode(),
        capture_output=True,
        check=True,
    ).stdout
    told = base64.b64encode(signed).decode()
    assert sign(secret, at_ms) == told.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert sign(secret, at_ms) == "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
    assert sign(secret, at_ms + 1) != sign(secret, at_ms)


def test_a_message_is_plain_text_and_fits() -> None:
    told = json.loads(body_of("甲\n乙"))
    assert told == {"msgtype": "text", "text": {"content": "甲\n乙"}}
    assert len(json.loads(body_of("长" * 5000))["text"]["content"].encode()) <= MOST_BYTES


@given(st.lists(st.text(max_size=300), min_size=1, max_size=40))
def test_what_does_not_fit_is_left_out_by_lines_and_the_last_stays(lines: list[str]) -> None:
    text = "\n".join(lines).replace("\r", "")
    found = clip(text, 400)
    assert len(found.encode()) <= 400
    if len(text.encode()) <= 400:
        assert found == text
    elif len(text.split("\n")[-1].encode()) + len(text.split("\n")[0].encode()) < 399:
        assert found.endswith(text.split("\n")[-1])


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', "sent"),
        (200, b'{"errcode":45009,"errmsg":"freq"}', "later"),
        (200, b'{"errcode":130101,"errmsg":"send too fast"}', "later"),
        (200, b'{"errcode":-1}', "later"),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "refused"),
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', "refused"),
        (200, b'{"errcode":"0"}', "unknown"),
        (200, b'{"errcode":false}', "unknown"),
        (200, b"", "unknown"),
        (200, b"<html>ok</html>", "unknown"),
        (200, b"[]", "unknown"),
        (200, b"\xff\xfe", "unknown"),
        (302, b"", "refused"),
        (404, b"", "refused"),
        (429, b"", "later"),
        (500, b'{"errcode":0}', "unknown"),
        (502, b"", "unknown"),
    ],
)
def test_answers_are_taken_at_their_word(status: int, body: bytes, outcome: str) -> None:
    found = read_reply(status, body)
    assert found.outcome == outcome
    assert bool(found.wait) is (outcome == "later")
    assert bool(found.words) is (outcome != "sent")


@given(st.lists(st.integers(0, 90), min_size=15, max_size=80))
def test_no_minute_sees_more_than_the_limit(wishes: list[int]) -> None:
    sent: list[int] = []
    now = 0
    for wish in sorted(wishes):
        now = max(now, wish)
        while wait := wait_for_turn(sent, now):
            assert wait > 0
            now += wait
        sent.append(now)
    for start in sent:
        assert sum(start <= at <= start + MINUTE for at in sent) <= A_MINUTE


def test_waiting_is_no_longer_than_it_must_be() -> None:
    sent = [100] * A_MINUTE
    assert wait_for_turn(sent, 100) == MINUTE + 1
    assert wait_for_turn(sent, 100 + MINUTE) == 1
    assert wait_for_turn(sent, 101 + MINUTE) == 0
    assert wait_for_turn(sent[1:], 100) == 0


def test_a_robots_representation_tells_no_secret() -> None:
    assert repr(Address("dingtalk", TOKEN, SECRET)) == "Address(dingtalk)"
