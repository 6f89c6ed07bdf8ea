"""Commands as a person types them, in a folder, with git as somebody who is known to it."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

SCRIPTS = sysconfig.get_path("scripts")


def environment(home: Path, who: str | None = "Carla", **more: str) -> dict[str, str]:
    """What a shell knows: the installed commands, a home of its own, and who writes (nobody, where None)."""
    base = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "CI"))}
    identity: dict[str, str] = {}
    if who is not None:
        for role in ("AUTHOR", "COMMITTER"):
            identity |= {f"GIT_{role}_NAME": who, f"GIT_{role}_EMAIL": f"{who.lower()}@example.org"}
    return {
        **base,
        "PATH": f"{SCRIPTS}{os.pathsep}{base.get('PATH', '')}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
        **identity,
        **more,
    }


def shell(
    folder: Path,
    command: str,
    *,
    home: Path | None = None,
    who: str | None = "Carla",
    code: int | None = 0,
    **more: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command line in a folder, and hold how it ends (None: it may end as it likes)."""
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment(home or folder.parent / "home", who, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert code is None or done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
    return done


def listed(folder: Path) -> list[str]:
    """Every file of a folder, without git's own."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if path.parts[0] != ".git")
