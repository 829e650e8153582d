"""Group robots of WeCom and DingTalk: their addresses, requests, signatures and answers; pure.

Only the key out of an address is kept and the address is put together anew, so that nothing a
person types can lead anywhere else.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote_plus, urlsplit

import msgspec
from flask_babel import gettext as _

from app.base.errors import Invalid

Kind = Literal["wecom", "dingtalk"]
Outcome = Literal["sent", "later", "refused", "unknown"]
ORIGINS: dict[str, str] = {
    "wecom": "https://qyapi.weixin.qq.com",
    "dingtalk": "https://oapi.dingtalk.com",
}
PATHS = {"wecom": "/cgi-bin/webhook/send", "dingtalk": "/robot/send"}
FIELDS = {"wecom": "key", "dingtalk": "access_token"}
KEYS = {
    "wecom": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "dingtalk": re.compile(r"[0-9a-fA-F]{64}"),
}
SECRET = re.compile(r"SEC[0-9a-zA-Z]{20,100}")
MOST_BYTES = 2048  # of a text message, by WeCom's manual; DingTalk takes more
A_MINUTE = 20  # messages a robot may send in 60 seconds, by both manuals
MINUTE = 60
BUSY = {-1: 60, 45009: 60, 130101: 660}  # error code → seconds until another try makes sense
REASONS = {
    93000: "机器人的地址已经失效，请在群里重新添加机器人，再到这里登记新的地址。",
    300001: "机器人已经被移出群，请在群里重新添加，再到这里登记新的地址。",
    310000: "钉钉没有接受：请检查安全设置是否选了“加签”，密钥是否一致。",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Which robot: its kind and key, and the secret that DingTalk signs with."""

    kind: Kind
    key: str
    secret: str = ""

    def __repr__(self) -> str:
        """Say the kind only: representations end up in logs."""
        return f"Address({self.kind})"


class Code(msgspec.Struct):
    """What both kinds answer: 0 when the message was taken, else why not."""

    errcode: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request: `wait` seconds before another try, `words` for the trainer."""

    outcome: Outcome
    words: str = ""
    wait: int = 0


def read_address(text: str, secret: str = "") -> Address:
    """Return the robot whose address was pasted; raise Invalid for any other address.

    Taken are the two known hosts over HTTPS with exactly the path and key they give out.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise _wrong() from None
    kind = next((k for k, origin in ORIGINS.items() if origin[8:] == parts.hostname), None)
    if kind is None or parts.scheme != "https" or port not in (None, 443):
        raise _wrong()
    if parts.username is not None or parts.path != PATHS[kind] or parts.fragment:
        raise _wrong()
    fields = parse_qsl(parts.query, keep_blank_values=True)
    if len(fields) != 1 or fields[0][0] != FIELDS[kind] or not KEYS[kind].fullmatch(fields[0][1]):
        raise _wrong()
    if kind == "wecom":
        return Address("wecom", fields[0][1].lower())
    if not SECRET.fullmatch(secret.strip()):
        message = _("钉钉机器人要填加签密钥（以 SEC 开头）：在机器人的安全设置里选“加签”。")
        raise Invalid(message, secret=message)
    return Address("dingtalk", fields[0][1].lower(), secret.strip())


def _wrong() -> Invalid:
    message = _("请粘贴企业微信或钉钉群机器人的完整地址，以 https:// 开头，不要改动。")
    return Invalid(message, address=message)


def sign(secret: str, at_ms: int) -> str:
    """Return DingTalk's signature, ready for an address.

    HMAC-SHA-256 under the secret over "milliseconds, newline, secret", in base64, percent-encoded
    (open.dingtalk.com, "自定义机器人安全设置"); it holds for an hour.
    """
    told = f"{at_ms}\n{secret}".encode()
    return quote_plus(base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()))


def address_of(robot: Address, at_ms: int, origins: Mapping[str, str] = ORIGINS) -> str:
    """Return where to post at a moment; `origins` other than the real ones are for tests."""
    address = f"{origins[robot.kind]}{PATHS[robot.kind]}?{FIELDS[robot.kind]}={robot.key}"
    if robot.kind == "dingtalk":
        address += f"&timestamp={at_ms}&sign={sign(robot.secret, at_ms)}"
    return address


def body_of(text: str) -> bytes:
    """Return the JSON of a text message; both kinds take the same."""
    return msgspec.json.encode({"msgtype": "text", "text": {"content": clip(text)}})


def clip(text: str, most: int = MOST_BYTES) -> str:
    """Return as many whole lines as fit into `most` bytes, the last of `text` always among them."""
    lines = text.split("\n")
    while len("\n".join(lines).encode()) > most and len(lines) > 2:
        del lines[-2]
    return "\n".join(lines).encode()[:most].decode(errors="ignore")


def read_reply(status: int, body: bytes) -> Reply:
    """Return what an answer means.

    Only an answer that says so is taken as not delivered; a failing gateway may have passed the
    message on, so that stays unknown.
    """
    if status == 200:
        return _read_code(body)
    if status == 429:
        return Reply("later", "对方忙，稍后再发。", 60)
    if 300 <= status < 400:
        return Reply("refused", "对方把地址转到了别处，没有跟随，也没有发送。")
    if 400 <= status < 500:
        return Reply("refused", f"对方没有接受（{status}），请检查机器人的地址。")
    return Reply("unknown", f"对方的服务器出错（{status}）")


def _read_code(body: bytes) -> Reply:
    try:
        code = msgspec.json.decode(body, type=Code).errcode
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Reply("unknown", "对方的答复读不懂")
    if code == 0:
        return Reply("sent")
    if code in BUSY:
        return Reply("later", "对方忙，稍后再发。", BUSY[code])
    return Reply("refused", REASONS.get(code, f"对方没有接受（代码 {code}）。"))


def wait_for_turn(sent_at: list[int], now: int) -> int:
    """Return the seconds until a robot may send again, 0 for now; `sent_at` are epoch seconds.

    In no span of a minute, ends included, more than A_MINUTE messages are begun.
    """
    recent = sorted(at for at in sent_at if at >= now - MINUTE)
    if len(recent) < A_MINUTE:
        return 0
    return max(1, recent[-A_MINUTE] + MINUTE + 1 - now)
