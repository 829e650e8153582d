"""The one command: it notices what is missing, and refuses with a sentence, not a traceback."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

pytestmark = pytest.mark.pure
ROOT = Path(__file__).parents[1]


@pytest.fixture
def xueji(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command as a module, with its root in an empty folder."""
    loader = SourceFileLoader("xueji_command", str(ROOT / "xueji"))
    spec = importlib.util.spec_from_loader("xueji_command", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv" / "bin" / "python",
        "STAMP": tmp_path / ".venv" / "xueji-stamp",
    }.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return module


@pytest.fixture
def calls(xueji: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the command would run; everything succeeds."""
    made: list[list[str]] = []

    def call(words: list[object], **_more: object) -> int:
        made.append([str(word) for word in words])
        return 0

    def create(folder: Path, with_pip: bool) -> None:
        (folder / "bin").mkdir(parents=True)
        made.append(["venv"])

    monkeypatch.setattr(xueji.subprocess, "call", call)
    monkeypatch.setattr(xueji.venv, "create", create)
    return made


def test_only_the_standard_library_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "xueji"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "./xueji serve" in done.stdout


def test_the_environment_is_made_once(xueji: ModuleType, calls: list[list[str]]) -> None:
    xueji.prepare(["requirements.txt"])
    assert ["venv"] in calls
    assert any("--require-hashes" in words for words in calls)
    calls.clear()
    xueji.prepare(["requirements.txt"])
    assert calls == []


def test_changed_requirements_are_installed_anew(
    xueji: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    xueji.prepare(["requirements.txt"])
    calls.clear()
    monkeypatch.setattr(xueji, "works", lambda _python: True)
    (xueji.ROOT / "requirements.txt").write_text("# changed\n")
    xueji.prepare(["requirements.txt"])
    assert ["venv"] not in calls
    assert [words[2] for words in calls] == ["pip", "compileall"]


def test_a_half_made_environment_is_made_again(xueji: ModuleType, calls: list[list[str]]) -> None:
    (xueji.VENV / "bin").mkdir(parents=True)
    (xueji.VENV / "rubbish").write_text("")
    xueji.prepare(["requirements.txt"])
    assert ["venv"] in calls
    assert not (xueji.VENV / "rubbish").exists()


def test_no_network_gives_a_sentence_and_no_stamp(
    xueji: ModuleType,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(xueji.subprocess, "call", lambda words, **_k: int("pip" in words))
    with pytest.raises(SystemExit) as stopped:
        xueji.prepare(["requirements.txt"])
    assert stopped.value.code == 1
    assert "Is there a network?" in capfd.readouterr().err
    assert not xueji.STAMP.exists()


def test_a_missing_venv_module_gives_the_line_to_type(
    xueji: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        xueji.subprocess, "call", lambda words, **_k: int("import ensurepip" in words)
    )
    monkeypatch.setattr(xueji.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit):
        xueji.make_venv()
    assert "sudo apt-get install -y python3." in capfd.readouterr().err


@pytest.mark.parametrize("text", ["", "x", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(
    xueji: ModuleType, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        xueji.port_from({"XUEJI_PORT": text})
    assert "from 1 to 65535" in capfd.readouterr().err


def test_a_port_in_use_is_said(
    xueji: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setitem(os.environ, "XUEJI_PORT", str(taken.getsockname()[1]))
        assert xueji.serve([]) == 1
    assert "is in use" in capfd.readouterr().err


def test_an_unknown_word_to_serve_is_refused(
    xueji: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    assert xueji.serve(["--dmeo"]) == 1
    assert "--demo" in capfd.readouterr().err


WORKER = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(600)"


def watching(stubborn: bool = False) -> subprocess.Popen[str]:
    """Start what keeps a worker running; this one's worker tells its number and sleeps."""
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " if stubborn else ""
    told = (
        "import sys; from importlib.machinery import SourceFileLoader as L;"
        f"sys.dont_write_bytecode = True; x = L('x', {str(ROOT / 'xueji')!r}).load_module();"
        f"x.GRACE = 0.2; x.watch([sys.executable, '-c', {deaf + WORKER!r}])"
    )
    words = [sys.executable, "-W", "ignore", "-c", told]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def is_there(process: int) -> bool:
    """Say whether a process is alive."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_dead_worker_is_started_anew_and_none_outlives_the_server(stubborn: bool) -> None:
    with watching(stubborn) as watcher:
        assert watcher.stdin
        assert watcher.stdout
        first = int(watcher.stdout.readline())
        os.kill(first, signal.SIGKILL)
        second = int(watcher.stdout.readline())
        assert second != first
        watcher.send_signal(signal.SIGINT)  # Ctrl-C goes to everybody; the server decides
        assert is_there(second)
        watcher.stdin.close()  # the server is gone
        assert watcher.wait(20) == 0
        assert not is_there(second)


def test_the_watch_ends_with_the_process_that_started_it(xueji: ModuleType, tmp_path: Path) -> None:
    """Also when that is killed with no chance to say anything, as what it has become."""
    told = (
        "import os, sys; from importlib.machinery import SourceFileLoader as L;"
        f"sys.dont_write_bytecode = True; x = L('x', {str(ROOT / 'xueji')!r}).load_module();"
        "w = 'import sys; sys.stdin.read(); open(sys.argv[2], chr(119)).close()';"
        "x.__file__, x.WATCH = '-c', w; real = x.subprocess.Popen;"
        f"end = {str(tmp_path / 'end')!r};"
        "x.subprocess.Popen = lambda words, **k: real([*words, '', end], **k);"
        "x.start_watch(); os.execv(sys.executable, [sys.executable, '-c', "
        "'import time; print(1, flush=True); time.sleep(600)'])"
    )
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", told], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    server.stdout.readline()
    assert not (tmp_path / "end").exists()
    server.kill()
    server.wait()
    server.stdout.close()
    for _look in range(100):
        if (tmp_path / "end").exists():
            break
        time.sleep(0.05)
    assert (tmp_path / "end").exists()


def test_serve_starts_a_worker_unless_told_not_to(
    xueji: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(xueji, "start_watch", lambda: started.append(1))
    became: list[list[str]] = []
    monkeypatch.setattr(xueji.os, "execv", lambda _python, words: became.append(words))
    monkeypatch.setattr(xueji, "is_free", lambda _port: True)
    monkeypatch.setenv("MALLOC_ARENA_MAX", "1")  # what `serve` sets, here for this test alone
    xueji.serve([])
    monkeypatch.setitem(os.environ, "XUEJI_WORKER", "0")
    xueji.serve([])
    assert len(started) == 1
    # Without it the site would end with the process that answers, and stay away.
    assert all("--respawn-failed-workers" in words for words in became)


@pytest.mark.parametrize(
    ("there", "apt", "found", "asked"),
    [
        ({"chromium-headless-shell", "chromium"}, set(), "chromium-headless-shell", []),
        ({"chromium"}, {"chromium-headless-shell"}, "chromium-headless-shell", [1]),
        ({"chromium"}, set(), "chromium", [1]),
        (set(), {"chromium"}, "chromium", [1, 1]),
        (set(), set(), None, [1, 1]),
    ],
)
def test_the_browser_without_a_window_is_preferred(
    xueji: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: set[str],
    apt: set[str],
    found: str | None,
    asked: list[int],
) -> None:
    """`apt` are the packages that this system has, and this user may install."""
    there, tried = set(there), list[int]()

    def install(packages: list[str]) -> bool:
        tried.append(1)
        there.update(apt.intersection(packages))
        return not apt.isdisjoint(packages)

    monkeypatch.setattr(xueji, "apt", install)
    monkeypatch.setattr(xueji.shutil, "which", lambda name: name if name in there else None)
    assert xueji.find_chromium() == found
    assert tried == asked
    assert ("apt-get install" in capsys.readouterr().err) is (found is None)


def test_files_with_tests_in_a_browser_are_found(xueji: ModuleType, tmp_path: Path) -> None:
    """That no file is missed is checked when tests are collected (`tests/conftest.py`)."""
    room = tmp_path / "tests" / "room"
    room.mkdir(parents=True)
    for name, words in (("test_a", "pytest.mark.browser"), ("test_b", ""), ("c", "mark.browser")):
        (room / f"{name}.py").write_text(words)
    assert xueji.of_browser() == [str(room / "test_a.py")]


@pytest.mark.parametrize(
    ("results", "types", "code"),
    [
        ({"SQLite": (5, 0), "PostgreSQL": (3, 0)}, "print('sound')", 0),
        ({"SQLite": (5, 1), "PostgreSQL": (3, 0)}, "print('sound')", 1),
        ({"SQLite": (5, 0), "PostgreSQL": (0, 0)}, "print('sound')", 1),
        ({"SQLite": (5, 0), "PostgreSQL": (3, 0)}, "exit('sound')", 1),
    ],
)
def test_a_part_that_fails_or_runs_nothing_is_red(
    xueji: ModuleType,
    results: dict[str, tuple[int, int]],
    types: str,
    code: int,
    capfd: pytest.CaptureFixture[str],
) -> None:
    checking = subprocess.Popen(
        [sys.executable, "-c", types], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert xueji.closing(results, checking) == code
    said = capfd.readouterr().out
    assert "5 passed" in said
    assert "sound" in said


def test_reports_are_counted(xueji: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    assert xueji.counts(report) == (0, 1)
    report.write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>'
    )
    assert xueji.counts(report) == (5, 2)


@pytest.mark.parametrize(("free", "expected"), [(3 * 1024**3, True), (1024**3, False)])
def test_databases_of_a_run_lie_in_memory_where_there_is_room(
    xueji: ModuleType, monkeypatch: pytest.MonkeyPatch, free: int, expected: bool
) -> None:
    monkeypatch.setattr(xueji.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    shared = Path("/dev/shm")
    usable = shared.is_dir() and os.access(shared, os.W_OK)
    assert xueji.in_memory() == (shared if expected and usable else None)
