"""What is installed: pins that agree with pyproject.toml, a wheel that is whole, and container files that agree with both."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Needed to write a new migration in a checkout, never to run one.
ONLY_IN_A_CHECKOUT = {"migrations/script.py.mako"}


def pins(name: str) -> Mapping[str, tuple[str, int]]:
    """Package -> exact version and number of hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^([a-z0-9._-]+)==([^ \\\n]+)[^\n]*\n((?:    [^\n]*\n)*)", text + "\n", re.MULTILINE)
    return {canonicalize_name(package): (version, rest.count("--hash=sha256:")) for package, version, rest in blocks}


def wanted(*groups: str) -> list[str]:
    """Everything that pyproject.toml names, in these dependency groups or at run time."""
    return [*PROJECT["project"]["dependencies"], *(each for group in groups for each in PROJECT["dependency-groups"][group])]


@pytest.mark.parametrize(
    ("name", "requirement"),
    [("requirements.txt", each) for each in wanted("build")]
    + [("requirements-dev.txt", each) for each in wanted("build", "dev")]
    + [("requirements-dev.txt", each) for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra],
)
def test_what_the_project_names_is_pinned_inside_its_range(name: str, requirement: str) -> None:
    needed = Requirement(requirement)
    version, hashes = pins(name)[canonicalize_name(needed.name)]
    assert needed.specifier.contains(version, prereleases=True)
    assert hashes > 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_exact_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"^([a-z0-9._-]+)[=;\[ ]", text, re.MULTILINE)  # a package may have a line for each Python
    assert len(re.findall(r"^[^\s#-]", text, re.MULTILINE)) == len(named)
    assert {canonicalize_name(package) for package in named} == pins(name).keys()
    assert all(hashes for _, hashes in pins(name).values())


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    tested = pins("requirements-dev.txt")
    assert {name: version for name, (version, _) in pins("requirements.txt").items()}.items() <= {
        name: version for name, (version, _) in tested.items()
    }.items()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built as the image builds it, and unpacked."""
    place = tmp_path_factory.mktemp("wheel")
    for name in ("bot", "handlers", "migrations"):
        shutil.copytree(ROOT / name, place / "tree" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place / "tree")
    build = ["wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir", "--wheel-dir", str(place)]
    subprocess.run([sys.executable, "-m", "pip", *build, str(place / "tree")], check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(place / "installed")
    return place / "installed"


@pytest.mark.timeout(120)
def test_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    in_tree = {
        str(path.relative_to(ROOT))
        for top in ("bot", "handlers", "migrations")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    installed = {str(path.relative_to(wheel)) for path in wheel.rglob("*") if path.is_file() and ".dist-info" not in str(path)}
    assert in_tree - ONLY_IN_A_CHECKOUT == installed


@pytest.mark.timeout(120)
def test_what_was_installed_runs_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    environ = {"PYTHONPATH": str(wheel), "PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/papers.db"}
    for arguments in (["--version"], ["db", "upgrade"], ["check", "--local"]):
        child = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in child.stderr
        # A bot that never ran has no last tick, and says so with 1.
        assert child.returncode == 0 or arguments[0] == "check", child.stderr


def test_image_is_made_by_the_targets_that_the_tests_use() -> None:
    dockerfile, makefile = (ROOT / "Dockerfile").read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    made = set(re.findall(r"^RUN make ([a-z-]+)", dockerfile, re.MULTILINE))
    assert made == {"image-packages", "image-paperboy"}
    set_up = makefile.partition("\n.venv/run:")[2].partition("\n\n")[0]
    assert all(f" {target}" in set_up for target in made)


def test_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    last = dockerfile.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert 'CMD ["paperboy", "check", "--local"]' in last
    assert "VOLUME /data" in last
    assert re.search(r"^ +DATABASE_URL=sqlite:////data/", last, re.MULTILINE)


def test_all_that_the_image_copies_is_let_through_by_dockerignore() -> None:
    let_through = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    copies = re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for line in copies for name in line.split()} == let_through


@pytest.mark.parametrize("line", ["read_only: true", "init: true", "stop_grace_period: 30s", 'user: "10001"', "- paperboy:/data"])
def test_compose_file_keeps_its_promises(line: str) -> None:
    assert line in [each.strip() for each in (ROOT / "docker-compose.yml").read_text(encoding="utf-8").splitlines()]
