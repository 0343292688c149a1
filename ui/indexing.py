"""Commands that change or look at what is indexed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.failures import BAD_INPUT
from ui.printing import printable

if TYPE_CHECKING:
    from index import Summary
    from index.writing import Progress

__all__ = ["add_indexing"]

LISTED = 20  # names of a kind that a summary tells
PROGRESS_DELAY = 0.5  # seconds; what is done sooner needs no bar
DAMAGED = 4
EMPTY = "还没有收录文章；用 dongxihu index 文件或文件夹 收录，不收录的话，提问时会用自带的一篇。"

corpus_app = typer.Typer(help="收录了哪些文章。", no_args_is_help=True)


def add_indexing(app: typer.Typer) -> None:
    """Add the commands to the program's."""
    app.command(name="index")(sync)
    app.add_typer(corpus_app, name="corpus")


def sync(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH ...]",
            help="要收录的文件、文件夹、压缩包或网址；不给则把已收录的重新对照一遍。",
        ),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="移除文件已不在的文章。")] = False,
    force: Annotated[bool, typer.Option("--force", help="没有变化的文件也重新读取。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会做什么，不改索引。")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查索引有没有损坏。")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="用存下的文字修复索引。")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="换回上一版索引。")] = False,
) -> None:
    """让索引与文件一致：新的加入，变了的更新；点名的文件有读不了的，退出码为 2。"""
    from index import default_home

    _refuse_beside(
        {"--check": check, "--repair": repair, "--rollback": rollback},
        {"PATH": bool(paths), "--prune": prune, "--force": force, "--dry-run": dry_run},
    )
    home = default_home()
    if check:
        _check(home)
    elif repair:
        _repair(home)
    elif rollback:
        from index import roll_back

        _tell_rolled_back(roll_back(home), home)
    else:
        _sync(paths or [], home, prune, force, dry_run)


def _tell_rolled_back(name: str, home: Path) -> None:
    from index import describe_index

    told = describe_index(home)
    if told is None:
        print(f"已换回上一版索引（{name}）。")
        return
    made = f"{told.made:%Y-%m-%d %H:%M} 做成"
    print(f"已换回上一版索引，现在用的是 {name}（{made}），共 {told.documents} 篇文章。")


def _refuse_beside(alone: dict[str, bool], others: dict[str, bool]) -> None:
    """Refuse what would be passed over in silence beside what is done alone."""
    chosen = [name for name, given in alone.items() if given]
    if len(chosen) > 1:
        raise typer.BadParameter(f"{'、'.join(alone)} 一次只能用一个")
    beside = [name for name, given in others.items() if given]
    if chosen and beside:
        raise typer.BadParameter(f"{chosen[0]} 不能与 {'、'.join(beside)} 一起用")


def _sync(paths: list[str], home: Path, prune: bool, force: bool, dry_run: bool) -> None:
    from index import load_chosen_embeddings, sync_index

    summary = sync_index(
        paths,
        home,
        load_chosen_embeddings(),
        prune=prune,
        force=force,
        dry_run=dry_run,
        progress=_bar(),
    )
    _tell(summary, dry_run)
    for root in summary.barren:
        print(f"{printable(root)}: 没有能读的文件，请检查", file=sys.stderr)
    if summary.barren:
        raise typer.Exit(BAD_INPUT)


def _tell(summary: Summary, dry_run: bool) -> None:
    for name, told in (
        ("新增", summary.added),
        ("更新", summary.changed),
        ("移除", summary.removed),
    ):
        if told:
            print(f"{'将' if dry_run else ''}{name} {len(told)} 个：{_some(told)}")
    if summary.duplicates:
        told = [f"{one}（与 {other} 相同）" for one, other in summary.duplicates.items()]
        print(f"重复 {len(told)} 个，没有再收录：{_some(told)}")
    if summary.gone:
        print(
            f"文件已不在 {len(summary.gone)} 个，仍可提问，加 --prune 移除：{_some(summary.gone)}"
        )
    for reason in summary.failed.values():
        print(f"跳过：{printable(reason)}", file=sys.stderr)
    failed = f"，读不了 {len(summary.failed)} 个" if summary.failed else ""
    print(f"未变 {summary.unchanged} 个{failed}。")
    if not dry_run:
        print(f"索引已就绪：共 {summary.documents} 篇文章、{summary.passages} 段。")


def _some(names: Iterable[str]) -> str:
    named = [printable(name) for name in names]
    more = f" 等 {len(named)} 个" if len(named) > LISTED else ""
    return "、".join(named[:LISTED]) + more


def _check(home: Path) -> None:
    from index import check_index, current_generation

    problems = check_index(home)
    for problem in problems:
        print(printable(problem), file=sys.stderr)
    if problems:
        raise typer.Exit(DAMAGED)
    print("索引完好。" if current_generation(home) else EMPTY)


def _repair(home: Path) -> None:
    from index import load_chosen_embeddings, repair_index

    found = repair_index(home, load_chosen_embeddings(), _bar())
    if not found.rebuilt:
        print(f"索引完好，共 {found.documents} 篇文章。")
        return
    print(f"索引已重建，共 {found.documents} 篇文章。")
    if found.expected is None or found.documents < found.expected:
        print("有些文章可能没能找回，请再运行一次 dongxihu index 重新对照文件。", file=sys.stderr)


def _bar() -> Progress:
    """A bar for each thing that is done, with its rate and the time left."""
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in bars:
            for bar in bars.values():
                bar.close()
            bars[what] = tqdm(total=total, desc=what, delay=PROGRESS_DELAY, disable=None)
        bars[what].total = total
        bars[what].update(done - bars[what].n)
        if done >= total:
            bars[what].close()

    return progress


@corpus_app.command("list")
def list_all() -> None:
    """列出收录的文章：文件名、标题、日期、字数。"""
    from index import default_home, list_documents

    heads = list_documents(default_home())
    if not heads:
        print("索引里没有文章；用 dongxihu index 文件或文件夹 收录。", file=sys.stderr)
    for head in heads:
        told = (head.source, head.title, head.date, f"{head.characters} 字")
        print("\t".join(map(printable, told)))


@corpus_app.command("remove")
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME ...", help="文件名，或文件夹名。")],
) -> None:
    """移除这些文件的文章，文件本身不动；它还在收录过的文件夹里的话，下次 index 会再收录。

    因内容相近而略过的另一个文件会补上。
    """
    from index import default_home, load_chosen_embeddings, remove_documents

    summary = remove_documents(names, default_home(), load_chosen_embeddings())
    print(f"移除 {len(summary.removed)} 篇：{_some(summary.removed)}")
    if summary.added:
        print(f"改收内容相同或相近的 {len(summary.added)} 篇：{_some(summary.added)}")
    for reason in summary.failed.values():
        print(f"内容相近的文件没有读成：{printable(reason)}")
    print(f"索引已就绪：共 {summary.documents} 篇文章、{summary.passages} 段。")


@corpus_app.command("info")
def info() -> None:
    """说明索引的情况：在哪里、多大、由什么做成、哪些文件没有读成。"""
    from index import default_home, describe_index

    told = describe_index(default_home())
    if told is None:
        print(EMPTY)
        return
    print(f"索引：{printable(str(told.folder))}（{told.size / 1e6:.1f} MB）")
    print(f"共 {told.documents} 篇文章、{told.passages} 段；检索模型 {printable(told.encoder)}")
    if told.store:
        print(f"文字和向量在：{printable(told.store)}")
    for root in told.roots:
        print(f"来自：{printable(root)}")
    for file in told.unread:
        reason = file.reason or "与已有的文章相同"
        print(f"没有收录：{printable(file.path)}（{printable(reason)}）")
