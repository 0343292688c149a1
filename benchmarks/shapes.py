"""How long texts of 2 MB take to read, whatever their shape, and how much memory.

    python -m benchmarks.shapes [--only NAME …]

Each is read and cut into passages in a process of its own; one that is refused says so.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from corpus import DocumentError, make_document, split

SIZE = 2_000_000  # bytes of UTF-8
SECONDS, MEGABYTES = 5.0, 300
NUMERALS = "一二三四五六七八九十"
SENTENCE = "全年新增就业人数达到{}人，帮助困难群众实现再就业，发放补贴资金一批，各项工作扎实推进。"
MIX = "一二三四五六七八九十年月日12345，。；：、（）\n “”<>&|*# 元万亿个家"

# One unit of a shape, numbered; it is repeated until the text is long enough.
SHAPES: dict[str, Callable[[int], str]] = {
    "prose": lambda i: SENTENCE.format(i) + "\n\n" * (i % 7 == 0),
    "one paragraph a line": lambda i: f"{SENTENCE.format(i)}\n\n",
    "paragraphs repeated": lambda i: f"第{chr(0x4E00 + i % 3000)}村{SENTENCE.format(7)}\n\n",
    "a line without an end": lambda i: "工厂完成投资",
    "lines that end in commas": lambda i: "完成投资，\n",
    "digits": lambda i: "1234567890",
    "lines of digits": lambda i: "12 345 678\n",
    "short lines": lambda i: f"短行{chr(0x4E00 + i % 5000)}\n",
    "letters, one a line": lambda i: "a\n",
    "numbered items": lambda i: f"{i}. 项目投资{i}亿元；\n",
    "nested items": lambda i: f"（{NUMERALS[i % 10]}）条件：{'甲乙丙' * (i % 5)}\n",
    "items in a line": lambda i: "（一）甲（二）乙",
    "headings": lambda i: f"# 标题{i}\n",
    "table with bars": lambda i: f"| 水泥{i} | 万吨 | 182.4 | 176.9 |\n",
    "table with tabs": lambda i: f"水泥{i}\t万吨\t182.4\n",
    "table with spaces": lambda i: f"水泥{i} 5万吨 182.4\n",
    "wide table": lambda i: "\t".join([f"{i % 97}.50" if i else "甲年"] * 20) + "\n",
    "wide table with units": lambda i: f"水泥{i}" + f"\t{i % 97}.5万吨" * 12 + "\n",
    "table of a page": lambda i: ("<table>" * (i == 0)) + f"<tr><td>{i}路</td><td>2元</td></tr>",
    "paragraphs of a page": lambda i: "<p>a</p>",
    "tags left open": lambda i: "<div>",
    "less than": lambda i: "<",
    "ampersands": lambda i: "&",
    "entities": lambda i: "&nbsp;",
    "emphasis": lambda i: "**甲**",
    "stars": lambda i: "*",
    "bars": lambda i: "|",
    "colons": lambda i: "：",
    "brackets": lambda i: "（",
    "quotes": lambda i: "“",
    "years": lambda i: "2024年、",
    "dates": lambda i: "2024年5月1日至",
    "dates in digits": lambda i: "2024-05-01 ",
    "sums": lambda i: f"{i % 97}.5元，",
    "numerals": lambda i: "一二三四五六七八九十百千万亿",
    "lists after semicolons": lambda i: "包括：甲；乙；",
    "spaces between": lambda i: "押 金 是 ",
    "blank lines": lambda i: "\n",
    "tabs": lambda i: "\t",
    "zeros": lambda i: "\0",
    "emoji": lambda i: "😀",
    "English": lambda i: "the quick brown fox ",
    "at random": lambda i: random.choice(MIX),
}


def text_of(name: str) -> str:
    """A text of the shape, SIZE bytes long."""
    random.seed(0)

    def units() -> Iterator[str]:
        size = number = 0
        while size < SIZE:
            unit = SHAPES[name](number)
            size, number = size + len(unit.encode()), number + 1
            yield unit

    return "".join(units())


def measure(name: str) -> tuple[float, int, int, str]:
    """CPU seconds, megabytes of the process above a bare one, passages, and why it is refused."""
    text = text_of(name)
    make_document("甲。", "x.txt")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    passages, refused = 0, ""
    try:
        passages = len(split(make_document(text, "x.txt")))
    except DocumentError as error:
        refused = str(error)
    spent = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return spent, (after - before) // 1024, passages, refused


def main() -> None:
    """Measure every shape and name those over the bounds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=SHAPES, default=list(SHAPES))
    over = []
    for name in parser.parse_args().only:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            seconds, megabytes, passages, refused = alone.submit(measure, name).result()
        told = refused or f"{passages} passages"
        print(f"{name:26} {seconds:6.2f} s {megabytes:5} MB  {told}", flush=True)
        if seconds > SECONDS or megabytes > MEGABYTES:
            over.append(name)
    print(f"over {SECONDS:.0f} s or {MEGABYTES} MB: {', '.join(over) or 'none'}")


if __name__ == "__main__":
    main()
