"""The hooks and workflows of a new region: valid by their published schemas, and their commands run as they stand."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from pre_commit.clientlib import load_config  # type: ignore[import-untyped]

from tests.founding.shell import shell
from tests.house.tree import ROOT
from tests.support import conductor

SCHEMAS = ROOT / "tests" / "data" / "schemas"
GITHUB, FORGEJO = ".github/workflows/conductor.yml", ".forgejo/workflows/conductor.yml"
GITLAB, HOOKS = ".gitlab-ci.yml", ".pre-commit-config.yaml"
FAULT = '\n2026-01-05 custom "member" "Ada"\n'
OLD_FAULT = '2026-01-04 custom "plan-approval" "nothing"\n  by: "carla"\n'

# What Forgejo's runner knows of GitHub's syntax: act/schema/workflow_schema.json of code.forgejo.org/forgejo/runner,
# `workflow-root`, `job-factory` and `run-step` / `regular-step`.
FORGEJO_ROOT = {"on", "name", "run-name", "defaults", "env", "permissions", "concurrency", "jobs"}
FORGEJO_JOB = {
    *("needs", "if", "strategy", "name", "runs-on", "timeout-minutes", "continue-on-error", "container", "services"),
    *("env", "environment", "permissions", "concurrency", "outputs", "defaults", "steps"),
}
FORGEJO_STEP = {
    *("name", "id", "if", "timeout-minutes", "run", "continue-on-error", "env", "working-directory", "shell"),
    *("uses", "with"),
}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new region, as it was written."""
    folder = tmp_path_factory.mktemp("founded") / "valley"
    shell(folder.parent, "conductor init valley --accountant carla")
    return folder


@pytest.fixture
def region(founded: Path, tmp_path: Path) -> Path:
    """A copy of it to change: a member has joined, and something was wrong before."""
    folder = tmp_path / "valley"
    shutil.copytree(founded, folder)
    with (folder / "parties" / "carla.beancount").open("a", encoding="utf-8") as file:
        file.write('\n2026-01-02 custom "member" "Ada"\n')
    commit(folder, "Let Ada join")
    return folder


def commit(folder: Path, message: str) -> None:
    """Commit all that was changed, hooks aside."""
    shell(folder, f"git add --all && git commit --quiet --no-verify --message '{message}'")


def add(folder: Path, text: str, file: str = "plans/carla.beancount") -> None:
    """Append to a file of the region."""
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(text)


def document(folder: Path, name: str) -> dict[str, Any]:
    """A workflow as its service reads it: YAML 1.2, where `on` is a word."""
    text = (folder / name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text.replace("\non:\n", "\n'on':\n"), Loader=yaml.SafeLoader)
    return found


def validator(name: str) -> Any:
    """The validator of a published schema."""
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@pytest.mark.parametrize(
    ("name", "schema"),
    [(GITHUB, "github-workflows.json"), (FORGEJO, "github-workflows.json"), (GITLAB, "gitlab-ci.json")],
)
def test_each_workflow_is_valid_by_its_published_schema(founded: Path, name: str, schema: str) -> None:
    found = document(founded, name)
    assert [error.message for error in validator(schema).iter_errors(found)] == []
    for broken in broken_copies(found):
        assert not validator(schema).is_valid(broken)


def broken_copies(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same with a fault each, so that the schemas are known to look."""
    if "jobs" in found:
        yield {**found, "jobs": {**found["jobs"], "check": {**found["jobs"]["check"], "stepz": []}}}
        yield {key: value for key, value in found.items() if key != "on"}
    else:
        yield {**found, "check": {**found["check"], "artifacts": {"when": "sometimes"}}}


def test_forgejo_is_told_nothing_that_its_runner_does_not_know(founded: Path) -> None:
    found = document(founded, FORGEJO)
    assert set(found) <= FORGEJO_ROOT
    for job in found["jobs"].values():
        assert set(job) <= FORGEJO_JOB
        assert all(set(step) <= FORGEJO_STEP for step in job["steps"])


def test_pre_commit_takes_its_configuration(founded: Path) -> None:
    config = load_config(str(founded / HOOKS))
    assert [hook["id"] for repo in config["repos"] for hook in repo["hooks"]] == ["conductor-format", "conductor-check"]


@pytest.mark.parametrize("name", [GITHUB, FORGEJO, GITLAB])
def test_no_workflow_lets_a_stranger_run_with_secrets(founded: Path, name: str) -> None:
    # What comes from outside reaches a command through the environment only, never as a part of its text.
    for command in commands(document(founded, name)):
        assert "${{" not in command


@pytest.mark.parametrize("name", [GITHUB, FORGEJO])
def test_what_judges_a_proposal_comes_from_the_branch_that_it_would_change(founded: Path, name: str) -> None:
    found = document(founded, name)
    assert set(found["on"]) == {"push", "pull_request_target"}, "pull_request takes the workflow from the proposal"
    steps = found["jobs"]["check"]["steps"]
    installed = next(n for n, step in enumerate(steps) if "pip install" in step.get("run", ""))
    brought = next(n for n, step in enumerate(steps) if "refs/pull/" in json.dumps(step))
    assert installed < brought, "the version of conductor is that of the target"
    for step in steps:
        is_comment = step.get("name", "").startswith("Comment")
        assert ("secrets." in json.dumps(step)) == is_comment, "what reads the proposal knows no secret"
        assert not re.search(r"\b(?:python|sh|bash|make|npm)\b", step.get("run", "")), "nothing of it is run"
        if step.get("uses", "").startswith("actions/checkout") and name == GITHUB:
            assert step["with"]["persist-credentials"] is False


def commands(found: dict[str, Any]) -> list[str]:
    """Every command of a workflow."""
    if "jobs" in found:
        return [step["run"] for job in found["jobs"].values() for step in job["steps"] if "run" in step]
    jobs = [job for job in found.values() if isinstance(job, dict) and "script" in job]
    return [line for job in jobs for line in job["script"]]


def step(folder: Path, name: str, start: str) -> str:
    """The command of the step whose name starts so."""
    (found,) = [
        step["run"]
        for job in document(folder, name)["jobs"].values()
        for step in job["steps"]
        if step.get("name", "").startswith(start)
    ]
    return str(found)


@pytest.mark.parametrize("name", [GITHUB, FORGEJO])
def test_the_layout_is_looked_at(region: Path, name: str) -> None:
    command = step(region, name, "Look at the layout")
    shell(region, command)
    add(region, '2026-01-03   custom  "company"   "Bakery"\n')
    assert "plans/carla.beancount" in shell(region, command, code=123).stdout


@pytest.mark.parametrize("name", [GITHUB, FORGEJO])
def test_main_is_checked_whole(region: Path, name: str) -> None:
    command = step(region, name, "Check everything")
    shell(region, command)
    add(region, OLD_FAULT)
    commit(region, "Err")
    assert "plan-not-found" in shell(region, command, code=1).stdout


def test_on_github_a_proposal_is_annotated_where_it_errs(region: Path) -> None:
    add(region, OLD_FAULT)
    commit(region, "Err before")
    shell(region, "git switch --quiet --create proposal")
    add(region, '\n2026-01-06 custom "member" "Bob"\n', "parties/carla.beancount")
    commit(region, "Let Bob join")
    command = step(region, GITHUB, "Check what this proposal")
    checkout = next(s for s in document(region, GITHUB)["jobs"]["check"]["steps"] if "ref" in s.get("with", {}))
    depth = checkout["with"]["fetch-depth"]

    def merged() -> str:
        shell(region, "git checkout --quiet --detach main && git merge --quiet --no-ff --no-edit proposal")
        clone = region.parent / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        shell(region.parent, f"git clone --quiet --no-local --depth {depth} 'file://{region}' clone", code=None)
        return str(clone)

    assert shell(Path(merged()), command).stdout.count("::error") == 0
    shell(region, "git switch --quiet proposal")
    add(region, FAULT, "parties/carla.beancount")
    commit(region, "Err")
    shown = shell(Path(merged()), command, code=1).stdout
    assert shown.count("::error") == 1
    assert "::error file=parties/carla.beancount,line=10,title=duplicate-id::" in shown


def proposed(region: Path, *, pull: int = 7) -> Path:
    """A clone with a branch of its own, which the forge knows as a proposal once `propose` was called."""
    add(region, OLD_FAULT)
    commit(region, "Err before")
    shell(region.parent, f"git clone --quiet '{region}' clone")
    clone = region.parent / "clone"
    shell(clone, "git switch --quiet --create proposal")
    add(clone, '\n2026-01-06 custom "member" "Bob"\n', "parties/carla.beancount")
    propose(clone, pull)
    return clone


def propose(clone: Path, pull: int = 7) -> None:
    """Commit, and let the forge know."""
    commit(clone, "Propose")
    shell(clone, f"git push --quiet --force origin HEAD:refs/pull/{pull}/head")


def fake_pip(folder: Path) -> str:
    """A PATH on which pip installs nothing, and says from what it would have."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "pip").write_text(f'#!/bin/sh\ncat requirements.txt > "{folder}/installed"\n', encoding="utf-8")
    (folder / "bin" / "pip").chmod(0o755)
    return f'PATH="{folder}/bin:$PATH"'


def test_on_gitlab_a_proposal_has_a_report_of_where_it_errs(region: Path, tmp_path: Path) -> None:
    clone = proposed(region)
    add(clone, "evil==1\n", "requirements.txt")
    propose(clone)
    script = "\n".join(document(region, GITLAB)["check"]["script"])
    command = f"set -e\n{fake_pip(tmp_path)}\n{script}"
    report = clone / "gl-code-quality-report.json"
    shown = shell(clone, command, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main").stdout
    line = len((clone / "requirements.txt").read_text(encoding="utf-8").splitlines())
    assert f"requirements.txt:{line}: was changed since HEAD^1" in shown
    assert "evil" not in (tmp_path / "installed").read_text(encoding="utf-8")
    assert [row["check_name"] for row in json.loads(report.read_text(encoding="utf-8"))] == ["requirements"]
    shell(clone, "git switch --quiet proposal")
    add(clone, FAULT, "parties/carla.beancount")
    propose(clone)
    shown = shell(clone, command, code=1, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main").stdout
    row, _ = json.loads(report.read_text(encoding="utf-8"))
    assert row["location"] == {"path": "parties/carla.beancount", "lines": {"begin": 10}}
    assert "parties/carla.beancount:10: duplicate-id" in shown
    shell(clone, f"set -e\n{fake_pip(tmp_path)}\n{script}", code=1)
    assert len(json.loads(report.read_text(encoding="utf-8"))) == 2
    assert "gl-code-quality-report.json" not in shell(clone, "git status --porcelain").stdout


def test_on_forgejo_a_review_comments_on_the_lines(region: Path, tmp_path: Path) -> None:
    clone = proposed(region)
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "curl").write_text(
        f'#!/bin/sh\necho "$@" > "{tmp_path}/asked"\ncp "${{7#@}}" "{tmp_path}/review"\n', encoding="utf-8"
    )
    (fake / "curl").chmod(0o755)
    merge, check, comment = (step(clone, FORGEJO, name) for name in ("Merge the", "Check what this", "Comment on"))

    def run(command: str, code: int = 0) -> str:
        known = "API=https://forge.example.org/api/v1 REPOSITORY=valley/books NUMBER=7 TOKEN=secret"
        return shell(clone, f'export PATH="{fake}:$PATH" {known}\nset -e\n{command}', code=code).stdout

    shell(clone, "git switch --quiet --detach origin/main")
    run(f"{merge}\n{check}")
    add(region, '\n2026-01-07 custom "member" "Zoe"\n', "parties/carla.beancount")
    commit(region, "Go on meanwhile")
    shell(clone, "git switch --quiet proposal")
    add(clone, FAULT, "parties/carla.beancount")
    propose(clone)
    shell(clone, "git switch --quiet --detach origin/main")
    assert "parties/carla.beancount:10: duplicate-id" in run(f"{merge}\n{check}", code=1)
    run(comment)
    asked = (tmp_path / "asked").read_text(encoding="utf-8")
    assert "https://forge.example.org/api/v1/repos/valley/books/pulls/7/reviews" in asked
    review = json.loads((tmp_path / "review").read_text(encoding="utf-8"))
    assert list(review) == ["event", "body", "comments"]
    (told,) = review["comments"]
    assert (told["path"], told["new_position"]) == ("parties/carla.beancount", 10)
    assert told["body"].startswith("**duplicate-id**: ")


@pytest.mark.parametrize("start", ["Check what this proposal", "Check everything"])
@pytest.mark.parametrize("name", [GITHUB, FORGEJO])
@pytest.mark.parametrize("instead", ["exit 0", "echo fine; exit 0"])
def test_without_a_verdict_there_is_no_pass(region: Path, tmp_path: Path, name: str, start: str, instead: str) -> None:
    add(region, '\n2026-01-06 custom "member" "Bob"\n', "parties/carla.beancount")
    commit(region, "Let Bob join")
    command = step(region, name, start)
    shell(region, f"set -e\n{command}")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "conductor").write_text(f"#!/bin/sh\n{instead}\n", encoding="utf-8")
    (tmp_path / "bin" / "conductor").chmod(0o755)
    shown = shell(region, f'PATH="{tmp_path}/bin:$PATH"\nset -e\n{command}', code=1).stdout
    assert shown.endswith("no verdict\n")


def test_a_review_calls_nobody_by_what_stands_in_a_ledger(region: Path) -> None:
    add(region, '2026-01-04 custom "@everybody <b>x</b> [x](y)"\n')
    review = json.loads(conductor("check", region, "--format", "forgejo").stdout)
    (comment,) = review["comments"]
    assert r"\@everybody \<b\>x\</b\> \[x\]\(y\)" in comment["body"]


def test_the_hooks_run_and_pass_on_the_new_region(founded: Path, tmp_path: Path) -> None:
    shutil.copytree(founded, tmp_path / "valley")
    shown = shell(tmp_path / "valley", "pre-commit run --all-files").stdout
    assert shown.count("Passed") == 2


def test_a_commit_that_errs_is_stopped_by_the_hooks(region: Path) -> None:
    shell(region, "pre-commit install")
    add(region, FAULT, "parties/carla.beancount")
    stopped = shell(region, "git commit --quiet --all --message 'Err'", code=1)
    assert "duplicate-id" in stopped.stdout + stopped.stderr
    shell(region, "git checkout --quiet -- .")
    add(region, '\n2026-01-03 custom   "company" "Bakery"\n', "parties/carla.beancount")
    stopped = shell(region, "git commit --quiet --all --message 'A layout of my own'", code=1)
    assert "conductor-format" in stopped.stdout + stopped.stderr
    assert 'custom   "company"' in (region / "parties" / "carla.beancount").read_text(encoding="utf-8")
    shell(region, "conductor format parties/carla.beancount && git commit --quiet --all --message 'Found a bakery'")
