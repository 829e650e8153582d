"""The configuration of nginx in front of several web nodes; pure.

Nodes need nothing of each other: they share the database and the site's secret. One that is gone
is left out for a moment. nginx sends a request on to the next node when the first could not be
reached; once it was sent, only what is safe to send twice: pages, and answers, which carry an id
and count once.
"""

import re
from collections.abc import Sequence

AWAY = 5  # seconds for which nobody asks a node that did not answer
REPEATABLE = ("/study/answer", "/api/sync")
ADDRESS = re.compile(r"[\w.-]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
PLAIN = re.compile(r"[\w./-]+")


def configuration(
    nodes: Sequence[str],
    name: str,
    certificate: str | None = None,
    key: str | None = None,
    port: int = 443,
    cache: str = "/var/cache/nginx/xueji",
) -> str:
    """Return a file for nginx's http section; nodes are host:port, the first of them usually ours.

    With a certificate (and its key) it speaks HTTPS, and the nodes want XUEJI_HTTPS=1; without one
    it listens on the loopback only. Raises ValueError for an address or a path with odd characters.
    """
    odd = [node for node in nodes if not ADDRESS.fullmatch(node)]
    odd += [text for text in (name, certificate, key, cache) if text and not PLAIN.fullmatch(text)]
    if odd:
        raise ValueError(odd[0])
    servers = "".join(f"    server {n} max_fails=1 fail_timeout={AWAY}s;\n" for n in nodes)
    listens = f"    listen 127.0.0.1:{port};\n"
    if certificate:
        listens = f"    listen {port} ssl http2;\n    listen [::]:{port} ssl http2;\n"
        listens += f"    ssl_certificate {certificate};\n    ssl_certificate_key {key};\n"
    repeatable = "".join(_repeatable(path) for path in REPEATABLE)
    return f"""\
upstream xueji {{
{servers}    keepalive 32;
}}
proxy_cache_path {cache} keys_zone=xueji:1m max_size=50m inactive=30d;
server {{
{listens}    server_name {name};
    client_max_body_size 32m;  # the site says itself what is too much
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 1s;
    proxy_read_timeout 60s;
    location / {{
        proxy_pass http://xueji;
    }}
    location /a/ {{  # styles and scripts under the hash of the build
        proxy_pass http://xueji;
        proxy_cache xueji;
        proxy_cache_valid 200 30d;
    }}
    location = /metrics {{  # for the machine itself, which asks a node
        return 404;
    }}
{repeatable}}}
"""


def _repeatable(path: str) -> str:
    return f"""\
    location = {path} {{  # each answer has an id and counts once
        proxy_pass http://xueji;
        proxy_next_upstream error timeout non_idempotent;
    }}
"""
