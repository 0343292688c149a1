"""The habits of this code base, checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from ui.cli import app

if sys.version_info >= (3, 11):
    pass
else:  # pytest brings it there
    pass

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "qa", "ui")  # an import may point only to the left
READMES = ("README.md", "README.zh-CN.md")
MODULE_LINES = 300
HEAVY = ("torch", "chromadb", "gradio", "onnxruntime", "sentence_transformers", "transformers")
# The modules of ours that may import each: its types and errors stop there.
HOMES = {
    "docx": ("ui/page/word.py",),
    "chromadb": ("index/remote/chroma.py",),
    "gradio": ("ui/page/gradio_page.py", "ui/page/operator_page.py"),
    "mcp": ("ui/faces/mcp_tools.py",),
    "onnxruntime": ("index/onnx_model.py",),
    "uvicorn": ("ui/guard/connections.py", "ui/server.py"),
}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """The (module, name) pairs a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from ((node.module or "", alias.name) for alias in node.names)


def commands() -> dict[str, TyperCommand]:
    """The commands by name, those of a group under both words: `feedback export`."""
    return dict(_commands(typer.main.get_command(app)))


def _commands(command: object, name: str = "") -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for inner, sub in command.commands.items():
            yield from _commands(sub, f"{name} {inner}".strip())
    elif isinstance(command, TyperCommand):
        yield name, command


def make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return re.findall(r"^([a-z]+):", makefile, re.MULTILINE)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_to_the_left(path: Path) -> None:
    here = PACKAGES.index(path.relative_to(ROOT).parts[0])
    allowed = PACKAGES[: here + 1]
    ours = {module.split(".")[0] for module, _ in imports(path)} & {*PACKAGES, "tests", "training"}
    assert ours <= set(allowed)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_heavy_libraries_have_homes(path: Path) -> None:
    used = {module.split(".")[0] for module, _ in imports(path)}
    for library, homes in HOMES.items():
        assert library not in used or name_of(path) in homes


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_exports_are_listed(path: Path) -> None:
    if path.name == "__main__.py":
        return
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    exported: list[str] = module.__all__
    assert len(exported) == len(set(exported))
    assert all(hasattr(module, name) for name in exported)
    if path.name == "__init__.py":  # all that a package gathers is for others
        gathered = [name for source, name in imports(path) if source != "__future__"]
        assert sorted(gathered) == sorted(exported)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_what_a_module_takes_from_another_is_exported_there(path: Path) -> None:
    for source, name in imports(path):
        if (ROOT / source.replace(".", "/") / f"{name}.py").exists():
            continue  # a module of a package, not a name of one
        if name and source.split(".")[0] in PACKAGES:
            exported = import_module(source).__all__
            assert name in exported, f"{source} does not export {name}"


def test_asking_imports_no_heavy_library() -> None:
    code = "import sys, qa; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    assert not {name.split(".")[0] for name in result.stdout.split()} & set(HEAVY)


def test_the_command_line_imports_nothing_heavy_before_a_command_runs() -> None:
    code = "import sys, ui.cli; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert not loaded & {*HEAVY, "langchain_core", "numpy", "qa", "index"}


@pytest.mark.parametrize("readme", READMES)
def test_the_readmes_name_every_command_and_target(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    for command in commands():
        assert f"dongxihu {command}" in text
    for target in make_targets():
        assert f"make {target}" in text or target == "help"


@pytest.mark.parametrize("readme", READMES)
def test_the_readmes_name_only_commands_and_options_that_exist(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    known = commands()
    for first, second in re.findall(r"\bdongxihu ([a-z]+)(?: ([a-z]+))?\b", text):
        assert first in known or f"{first} {second}" in known
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= set(make_targets())
    options = {"--help"}
    for command in known.values():
        options.update(option for parameter in command.params for option in parameter.opts)
    table = re.findall(r"^\| `dongxihu .*$", text, re.MULTILINE)
    assert table
    assert set(re.findall(r"--[a-z-]+", "\n".join(table))) <= options


@pytest.mark.parametrize("readme", READMES)
def test_files_the_readmes_point_to_exist(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target


@pytest.mark.parametrize("readme", READMES)
def test_the_python_in_the_readmes_says_the_truth(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    compared = 0
    for line in code.splitlines():
        shown = re.fullmatch(r'(.+?)  # (".*")', line)
        if shown:
            assert eval(shown[1], names) == ast.literal_eval(shown[2]), line  # noqa: S307
            compared += 1
        else:
            exec(line, names)  # noqa: S102
    assert compared
