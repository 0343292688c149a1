"""The command line: each command parses, calls one plain function, and renders."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.asking import add_asking
from ui.failures import BAD_INPUT, INTERNAL, explain
from ui.indexing import add_indexing
from ui.printing import printable

if TYPE_CHECKING:
    from qa.evaluation import Report

__all__ = ["app", "main"]

app = typer.Typer(
    help="东西湖问答：用中文提问，得到简短的、带原文出处的回答。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


feedback_app = typer.Typer(help="读者的反馈。", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")
add_asking(app)
add_indexing(app)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听的地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听的端口。", min=0, max=65535)] = 7860,
    public: Annotated[
        bool, typer.Option("--public", help="不要令牌，对能访问这个地址的所有人开放。")
    ] = False,
    root_path: Annotated[
        str | None, typer.Option(metavar="PATH", help="经代理时在这个路径下，如 /qa。")
    ] = None,
) -> None:
    """打开问答页面和接口的服务，按 Ctrl+C 停止；端口为 0 时自动选一个空闲的。"""
    from ui.server import serve as serve_pages

    serve_pages(host, port, public, root_path)


@app.command()
def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="令牌给谁用。")],
    revoke: Annotated[bool, typer.Option("--revoke", help="吊销它。")] = False,
) -> None:
    """生成一个访问令牌，只显示这一次；有了令牌，服务就要求出示它。"""
    from index import default_home
    from ui.guard.access import Access

    access = Access(default_home())
    if revoke:
        access.revoke_token(name)
        print(f"已吊销 {name} 的令牌。")
    else:
        print(access.create_token(name))


@app.command()
def password(
    secret: Annotated[
        str, typer.Option(prompt="运维密码", hide_input=True, confirmation_prompt="再输一遍")
    ],
) -> None:
    """设置运维密码，用来打开 /operator 收录文章。"""
    from index import default_home
    from ui.guard.access import Access

    Access(default_home()).set_password(secret)
    print("运维密码已设好。")


@feedback_app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="写到这个文件；不给则输出到屏幕。")] = None,
) -> None:
    """把读者的反馈导出成测试集的行（JSONL），补全后可用于 evaluate。"""
    from index import default_home
    from ui.service.feedback import Feedback

    rows = Feedback(default_home()).export()
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in rows)
    if out:
        out.write_text(lines, "utf-8", errors="replace")
        print(f"已导出 {lines.count(chr(10))} 条反馈到 {out}。")
    else:
        print(lines, end="")


@app.command()
def evaluate(
    test_set: Annotated[
        Path | None, typer.Argument(metavar="[TESTSET]", help="测试集（JSONL）；不给则用自带的。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--json", help="把结果另存为 JSON。")] = None,
    baseline: Annotated[Path | None, typer.Option(help="与这个较早的结果比较。")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="列出每一题的回答。")] = False,
) -> None:
    """用测试集打分：输出指标表和答错的题。"""
    from tqdm import tqdm

    from corpus import DEFAULT_CORPUS
    from qa import answer
    from qa.evaluation import RECIPES, format_recipes, format_report, load_test_set
    from qa.evaluation import evaluate as score

    earlier = _read_report(baseline) if baseline else None
    cases = load_test_set(test_set or DEFAULT_CORPUS.with_name("questions.jsonl"))
    if cases:
        answer(cases[0].question)  # loads index and models, which the timings are not about
    report = score(tqdm(cases, desc="评测", unit="题", leave=False, disable=None), answer)
    if out:
        out.write_text(_to_json(report.to_dict()) + "\n", "utf-8", errors="replace")
    print(format_report(report, earlier, verbose))
    pointed = [case for case in cases if case.points]
    if pointed:
        shown = tqdm(RECIPES.items(), desc="对照", leave=False, disable=None)
        print(format_recipes({name: score(pointed, recipe) for name, recipe in shown}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; an error is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an argument may hold lone surrogates
    try:
        code = app(arguments, standalone_mode=False)
    except typer.Abort:
        return _fail("没有输入，已取消", BAD_INPUT)
    except typer.TyperException as error:
        said = error.format_message()
        if said.startswith("Usage:"):  # nothing was given: the help is all there is to say
            print(said)
            return BAD_INPUT
        return _fail(f"用法有误（{said}），运行 dongxihu --help 查看用法", BAD_INPUT)
    except Exception as error:
        if os.environ.get("DONGXIHU_DEBUG"):
            raise
        expected = explain(error)
        if expected:
            return _fail(*expected)
        problem = f"程序内部错误（{type(error).__name__}: {error}）"
        return _fail(f"{problem}，设 DONGXIHU_DEBUG=1 再运行可看到详情", INTERNAL)
    return int(code or 0)


def _fail(message: str, code: int) -> int:
    print(f"出错了：{printable(message)}", file=sys.stderr)
    return code


def _to_json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _read_report(path: Path) -> Report:
    from qa import TestSetError
    from qa.evaluation import Report

    try:
        data = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise TestSetError(f"{path}：不是 dongxihu evaluate --json 存下的结果") from error
    return Report.from_dict(data)
