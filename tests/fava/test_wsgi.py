"""The WSGI entry point, as docs/serving.md deploys it."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from importlib import import_module
from pathlib import Path
from wsgiref.validate import validator

import pytest
from werkzeug.test import Client

from conductor_bean.fava import allow_list, deadline, guard, headers, wsgi
from conductor_bean.fava.edition_ledger import NotAnEditionError
from tests.fava.edition import SLUG, write_edition

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")

SERVER = """\
import sys, warnings
from wsgiref.simple_server import WSGIRequestHandler, make_server
from conductor_bean.fava.wsgi import application
server = make_server("127.0.0.1", 0, application())
print(server.server_address[1], flush=True)
for _ in range(3):
    server.handle_request()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small edition, named by the environment."""
    folder = write_edition(tmp_path)
    monkeypatch.setenv("CONDUCTOR_EDITION", str(folder))
    monkeypatch.delenv("CONDUCTOR_SECONDS", raising=False)
    return folder


def block(language: str, word: str) -> str:
    """The one block of code of a language in the document that has a word."""
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL) if word in text]
    return str(found)


def test_the_entry_point_keeps_to_the_rules_of_wsgi(folder: Path) -> None:
    client = Client(validator(wsgi.application()))
    for path, status in (("/", 302), (f"/{SLUG}/journal/", 200), ("/nowhere", 404), ("/static/app.css", 200)):
        for method in ("GET", "HEAD"):
            with client.open(path, method=method, query_string="a=1") as response:
                assert response.status_code == status
    with client.post("/") as response:
        assert response.status_code == 405


def test_another_server_serves_it(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        for path in ("/static/app.js", f"/{SLUG}/journal/", f"/{SLUG}/edition/fic.csv"):
            with urllib.request.urlopen(base + path, timeout=10) as response:
                assert response.status == 200
                assert set(headers.HEADERS) <= set(response.headers)
        assert process.wait(timeout=10) == 0


def test_without_an_edition_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CONDUCTOR_EDITION", raising=False)
    with pytest.raises(NotAnEditionError, match="set CONDUCTOR_EDITION"):
        wsgi.application()
    monkeypatch.setenv("CONDUCTOR_EDITION", str(tmp_path))
    with pytest.raises(NotAnEditionError, match="conductor publish"):
        wsgi.application()


@pytest.mark.parametrize("text", ["", "soon", "0", "-1", "inf", "nan", "61"])
def test_a_time_that_makes_no_sense_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CONDUCTOR_SECONDS", text)
    with pytest.raises(ValueError, match="CONDUCTOR_SECONDS"):
        wsgi.application()


def test_gunicorn_is_given_a_factory_that_exists_and_workers_that_can_be_bounded() -> None:
    assert "CONDUCTOR_EDITION=/srv/region/edition CONDUCTOR_SECONDS=5 " in DOCUMENT
    lines = [block("sh", "gunicorn").replace("\\\n", " ")]
    lines += re.findall(r"^ExecStart=(.*)$", block("ini", "gunicorn"), re.MULTILINE)
    for line in lines:
        words = shlex.split(line)
        assert words[words.index("--worker-class") + 1] == "sync"
        assert "--threads" not in words
        call = ast.parse(words[-1].partition(":")[2], mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        assert callable(getattr(import_module(words[-1].partition(":")[0]), call.func.id))


def test_the_document_says_what_the_code_does() -> None:
    plain = " ".join(DOCUMENT.split())
    assert f"a path has at most {guard.LONGEST_PATH:,} characters, a query {guard.LONGEST_QUERY:,}" in plain
    assert f"all headers together {guard.LONGEST_HEADERS // 1024} KiB" in plain
    assert f"at most {deadline.SECONDS:.0f} seconds (`{deadline.VARIABLE}`)" in plain
    for directive in ("script-src 'self'", "style-src 'self'"):
        assert directive in headers.CONTENT_SECURITY_POLICY
        assert directive in plain
    assert "unsafe" not in headers.CONTENT_SECURITY_POLICY
    for name in headers.HEADERS:
        assert name in DOCUMENT, name
    for report in allow_list.REPORTS:
        assert f"{report}/`" in DOCUMENT, report


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_reads_its_example(tmp_path: Path) -> None:
    text = re.sub(r"^\s*ssl_certificate.*$", "", block("nginx", "proxy_pass"), flags=re.MULTILINE)
    text = text.replace("443 ssl", "8443").replace("listen 80;", "listen 8080;").replace("/var/cache", str(tmp_path))
    file = tmp_path / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds) + "access_log off;\n"
    file.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{own}{text}\n}}\n", encoding="utf-8")
    (tmp_path / "nginx").mkdir()
    command = ["nginx", "-t", "-c", str(file), "-e", str(tmp_path / "errors")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_reads_its_example(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    file.write_text(block("caddyfile", "reverse_proxy"), encoding="utf-8")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr
