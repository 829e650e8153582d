"""What nginx is told: every node, HTTPS or the loopback, and what may be sent twice."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from app.ops.nginx import REPEATABLE, configuration

pytestmark = pytest.mark.once
NODES = ("10.0.0.1:8000", "[fd00::2]:8000")


def test_all_nodes_are_named_and_one_that_is_gone_is_left_out() -> None:
    told = configuration(NODES, "xueji.example", "/etc/c.pem", "/etc/k.pem")
    assert re.findall(r"server (\S+) max_fails=1", told) == list(NODES)
    assert "listen 443 ssl" in told
    assert "ssl_certificate /etc/c.pem;" in told


def test_without_a_certificate_nobody_outside_gets_in() -> None:
    told = configuration(NODES, "xueji.example", port=8080)
    assert re.findall(r"listen (.+);", told) == ["127.0.0.1:8080"]
    assert "ssl" not in told


def test_only_answers_with_ids_are_sent_twice(app: Flask) -> None:
    told = configuration(NODES, "xueji.example")
    assert told.count("non_idempotent") == len(REPEATABLE)
    rules = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(REPEATABLE) <= rules


@pytest.mark.parametrize("node", ["10.0.0.1", "a:1; include /etc/passwd", "a b:1", "$host:1"])
def test_nothing_else_can_be_written_into_it(node: str) -> None:
    with pytest.raises(ValueError, match=re.escape(node)):
        configuration((node,), "xueji.example")
    with pytest.raises(ValueError, match="a;b"):
        configuration(NODES, "a;b")


def test_the_command_prints_it_or_says_what_is_wrong(app: Flask) -> None:
    runner = app.test_cli_runner()
    words = ["ops", "nginx", "--name", "xueji.example", "--port", "8080"]
    done = runner.invoke(args=[*words, "--node", NODES[0]])
    assert done.output == configuration(NODES[:1], "xueji.example", port=8080)
    assert runner.invoke(args=[*words, "--node", "nobody"]).exit_code == 1
    assert runner.invoke(args=[*words, "--node", NODES[0], "--key", "k"]).exit_code == 1


def test_nginx_understands_it(tmp_path: Path) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    told = configuration(NODES, "xueji.example", port=8080, cache=str(tmp_path / "cache"))
    path = tmp_path / "nginx.conf"
    path.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{told}}}\n")
    done = subprocess.run([program, "-t", "-c", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
