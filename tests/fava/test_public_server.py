"""`conductor serve` as a process of its own: connections, workers, a new edition, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner

from conductor_bean.cli.main import main
from conductor_bean.fava.headers import HEADERS
from tests.fava.edition import ENDLESS, LONG, MARK, SLUG, snapshot, write_edition

ROOT = Path(__file__).resolve().parents[2]
CONDUCTOR = Path(sysconfig.get_path("scripts")) / "conductor"
SHORT = {"CONDUCTOR_SECONDS": "0.4"}


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server on a free port; the process and the address it printed."""
    command = [str(CONDUCTOR), "serve", *arguments, "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **SHORT},
        # Whoever runs the tests in the background has told all of them to take no notice of Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before any thread
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://"), process.communicate(timeout=5)
            yield process, address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small edition."""
    return write_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server of the small edition."""
    with serving(str(folder), "--public") as running:
        yield running


def send(address: str, request: bytes, *, wait: float = 10) -> bytes:
    """Send bytes to a server and return all that it answers."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=wait) as server:
        server.sendall(request)
        answer = b""
        while part := server.recv(65536):
            answer += part
    return answer


def get(address: str, path: str) -> tuple[int, bytes]:
    """Ask for a path."""
    base = address.split(f"/{SLUG}/", maxsplit=1)[0]
    try:
        with urllib.request.urlopen(base + path, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within some seconds."""
    last = time.monotonic() + 8
    while time.monotonic() < last:
        if holds():
            return True
        time.sleep(0.05)
    return False


def children(pid: int) -> list[int]:
    """The processes that a process made."""
    return [int(name) for name in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def test_the_address_that_is_printed_is_the_first_page(server: tuple[subprocess.Popen[str], str]) -> None:
    _, address = server
    assert address.endswith(f"/{SLUG}/extension/Conductor/")
    assert urlsplit(address).hostname == "127.0.0.1"
    status, page = get(address, urlsplit(address).path)
    assert (status, b"ledger-data" in page) == (200, True)


def test_an_answer_says_nothing_of_the_server(server: tuple[subprocess.Popen[str], str]) -> None:
    answer = send(server[1], b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    head = answer.split(b"\r\n\r\n")[0].decode("latin-1").splitlines()
    assert head[0] == "HTTP/1.1 302 FOUND"
    names = [line.split(":")[0] for line in head[1:]]
    assert set(names) == {"Date", "Connection", "Content-Type", "Content-Length", "Location", *HEADERS}
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET /" + b"a" * 9_000_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET /" + b"a" * 2_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET http://[::1 HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", 413),
        (b"GET http://elsewhere.example/nowhere HTTP/1.1\r\n\r\n", 404),
        (b"GET //elsewhere.example HTTP/1.1\r\n\r\n", 404),
        (b"GET /static/../../../../etc/passwd HTTP/1.1\r\n\r\n", 404),
        (b"GET /static/%2e%2e/%2e%2e/templates/_layout.html HTTP/1.1\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", 413),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", 405),
        (b"TRACE / HTTP/1.1\r\n\r\n", 405),
        (b"CONNECT elsewhere.example:443 HTTP/1.1\r\n\r\n", 405),
    ],
)
def test_what_is_no_plain_request_is_refused(
    server: tuple[subprocess.Popen[str], str], request_: bytes, status: int
) -> None:
    answer = send(server[1], request_)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert all(f"\r\n{name}: ".encode() in head for name in HEADERS)
    assert len(body) < 300


def test_a_head_has_no_body_and_the_length_of_the_page(server: tuple[subprocess.Popen[str], str]) -> None:
    request = f" /{SLUG}/journal/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    whole, head = (send(server[1], method + request) for method in (b"GET", b"HEAD"))
    assert head.partition(b"\r\n\r\n")[2] == b""
    length = len(whole.partition(b"\r\n\r\n")[2])
    assert f"Content-Length: {length}\r\n".encode() in head


def test_a_reader_who_says_nothing_keeps_nobody_waiting(server: tuple[subprocess.Popen[str], str]) -> None:
    parts = urlsplit(server[1])
    silent = [socket.create_connection((parts.hostname or "", parts.port or 80)) for _ in range(4)]
    for reader in silent[2:]:
        reader.sendall(b"GET / HT")
    start = time.monotonic()
    assert get(server[1], f"/{SLUG}/journal/")[0] == 200
    assert time.monotonic() - start < 1
    for reader in silent:
        reader.close()


def test_a_request_without_end_is_cut_off_and_its_worker_replaced(tmp_path: Path) -> None:
    with serving(str(write_edition(tmp_path, LONG)), "--public") as (process, address):
        assert eventually(lambda: len(children(process.pid)) == 8)
        before = set(children(process.pid))
        path = f"/{SLUG}/api/balance_sheet?filter={quote(ENDLESS)}"
        start = time.monotonic()
        assert get(address, path)[0] == 503
        assert time.monotonic() - start < 3
        assert eventually(lambda: len(set(children(process.pid)) - before) == 1 and len(children(process.pid)) == 8)
        assert get(address, f"/{SLUG}/journal/")[0] == 200


def test_serving_changes_nothing_in_the_folder(tmp_path: Path) -> None:
    folder = write_edition(tmp_path)
    before = list(snapshot(folder))
    with serving(str(folder), "--public") as (_, address):
        for path in ("/", f"/{SLUG}/journal/", f"/{SLUG}/edition/fic.csv", f"/{SLUG}/api/source"):
            get(address, path)
    assert list(snapshot(folder)) == before


def test_a_new_edition_is_shown_once_the_folder_is_exchanged(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "shown")
    with serving(str(folder), "--public") as (process, address):
        assert get(address, f"/{SLUG}/edition/edition.json")[1] == json.dumps(MARK).encode()
        assert eventually(lambda: len(children(process.pid)) == 8)
        first = set(children(process.pid))
        newer = json.dumps({**MARK, "through": "2026-02-28"})
        new = write_edition(tmp_path / "new", {"data/edition.json": newer, "data/new.json": "{}"})
        folder.rename(tmp_path / "old")
        new.rename(folder)
        assert eventually(lambda: get(address, f"/{SLUG}/edition/new.json")[0] == 200)
        assert eventually(lambda: not first & set(children(process.pid))), "those who show the old one go"
        assert eventually(lambda: len(children(process.pid)) == 8)
        broken = write_edition(tmp_path / "broken", {"accounts.beancount": "nonsense"})
        folder.rename(tmp_path / "older")
        broken.rename(folder)
        time.sleep(3)
        assert get(address, f"/{SLUG}/api/trial_balance")[0] == 200, "the last one that could be read stays"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_server(folder: Path, number: signal.Signals) -> None:
    with serving(str(folder), "--public") as (process, _):
        assert eventually(lambda: len(children(process.pid)) == 8)
        workers = children(process.pid)
        process.send_signal(number)
        process.wait(timeout=10)
        assert eventually(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in workers))
        assert process.returncode == (-number if number == signal.SIGKILL else 0)
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_server_that_is_stopped_while_it_starts_leaves_nobody_behind(folder: Path) -> None:
    for tenth in range(6):
        with serving(str(folder), "--public") as (process, _):
            time.sleep(tenth / 40)
            workers = children(process.pid)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
            assert not any(Path(f"/proc/{pid}/stat").exists() for pid in workers)
            assert process.returncode in {0, -signal.SIGTERM}
            assert process.stderr is not None
            assert process.stderr.read() == ""


@pytest.mark.parametrize("public", [True, False])
def test_a_port_that_is_taken_is_said_plainly(folder: Path, public: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ["--public"] if public else []
        done = CliRunner().invoke(main, ["serve", str(folder), "--port", port, *options])
    assert done.exit_code == 2
    assert f"port {port} of 127.0.0.1 cannot be taken" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([str(ROOT / "ledgers" / "riverbend"), "--public"], "conductor publish"),
        ([str(ROOT / "ledgers" / "riverbend" / "main.beancount"), "--public"], "never served to the public"),
        (["/nowhere"], "no such file"),
        (["/nowhere", "--public"], "no such file"),
        ([str(ROOT / "ledgers" / "riverbend"), "--host", "192.0.2.1"], "whoever reaches 192.0.2.1 can read and"),
        ([str(ROOT / "ledgers" / "riverbend"), "--host", "no.such.name.invalid"], "no.such.name.invalid"),
        ([str(ROOT / "ledgers" / "riverbend"), "--port", "99999"], "99999"),
    ],
)
def test_what_cannot_be_served_ends_with_2(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(main, ["serve", *arguments])
    assert done.exit_code == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_private_ledger_is_fava_as_it_is_for_this_machine_alone() -> None:
    with serving(str(ROOT / "ledgers" / "riverbend")) as (_, address):
        base = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
        slug = urlsplit(address).path.split("/")[1]
        assert urlsplit(address).hostname == "127.0.0.1"
        with urllib.request.urlopen(f"{base}/{slug}/api/source", timeout=10) as response:
            assert "option" in json.load(response)["data"]["source"]
        stranger = urllib.request.Request(f"{base}/{slug}/journal/", headers={"Host": "rebound.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(stranger, timeout=10)
        assert refused.value.code == 400


def test_other_commands_do_not_wait_for_fava() -> None:
    code = "import sys, conductor_bean.cli.main; print(*({'flask', 'fava', 'werkzeug', 'cheroot'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
