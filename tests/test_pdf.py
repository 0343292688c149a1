"""Characters of a PDF are read in the order in which they stand, drawn in whatever order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus import read_bytes
from made_files import pdf, pdf_text


def text_of(drawn: str) -> str:
    return read_bytes(pdf([drawn]), "a.pdf").text


def placed(y: float, *parts: tuple[float, str], wide: int = 100) -> str:
    """What draws texts from these places on, in this order; a character is 12 points wide."""
    width = 12 * wide / 100
    at, drawn = parts[0][0], ""
    for x, text in parts:
        drawn += f"{1000 * (at - x) / width} <{text.encode('gbk').hex()}> "
        at = x + width * len(text)
    return f"BT {wide} Tz /F1 12 Tf {parts[0][0]} {y} Td [{drawn}] TJ ET 100 Tz\n"


def grid(xs: Sequence[int], ys: Sequence[int]) -> str:
    """A table's lines."""
    level = "".join(f"{xs[0]} {y} m {xs[-1]} {y} l S\n" for y in ys)
    return level + "".join(f"{x} {ys[0]} m {x} {ys[-1]} l S\n" for x in xs)


OUT_OF_ORDER = {
    "a ratio sign of another font": (
        placed(500, (60, "按4"), (96, "6"), (84, "∶"), (110, "的比例分担。")),
        "按4∶6的比例分担。",
    ),
    "several of them at the end": (
        placed(500, (60, "按1"), (96, "2"), (120, "3的比例"), (84, "∶"), (108, "∶")),
        "按1∶2∶3的比例",
    ),
    "one font of the page after the other": (
        placed(500, (60, "全年产茶"), (120, "吨，增长"))
        + placed(470, (60, "新种"), (96, "亩，每亩"), (156, "株。"))
        + placed(500, (108, "7"), (168, "9%。"))
        + placed(470, (84, "5"), (144, "3")),
        "全年产茶7吨，增长9%。新种5亩，每亩3株。",
    ),
    "a comma within reach of what is behind it": (
        placed(500, (60, "12"), (69, "345"), (66, ","), (78, "67"), wide=25),
        "12,34567",
    ),
    "a mark in the hole of a line": (
        placed(500, (60, "□是"), (96, "□否，请勾选"), (84, "√")) + placed(460, (60, "二、其他")),
        "□是√□否，请勾选二、其他",
    ),
    "a letter over a space": (
        placed(500, (60, "甲 A级"), (72, "乙")),
        "甲乙A级",
    ),
    "the mark of a note, raised and small": (
        pdf_text(60, 500, "按照办法")
        + pdf_text(108, 505.7, "〔1〕", 9.5)
        + pdf_text(136.5, 500, "发放补贴，")
        + pdf_text(60, 482, "其他照旧。"),
        "按照办法〔1〕发放补贴，其他照旧。",
    ),
}


@pytest.mark.parametrize("name", OUT_OF_ORDER)
def test_characters_are_read_as_they_stand(name: str) -> None:
    drawn, expected = OUT_OF_ORDER[name]
    assert text_of(drawn) == expected


def test_characters_of_a_cell_are_read_as_they_stand() -> None:
    drawn = grid([50, 150, 250], [440, 470, 500])
    drawn += pdf_text(60, 480, "项目") + pdf_text(160, 480, "比例")
    drawn += pdf_text(60, 450, "加装") + placed(450, (160, "4"), (184, "6"), (172, "∶"))
    document = read_bytes(pdf([drawn]), "a.pdf")
    cells = [document.text[a:b] for block in document.blocks for a, b in block.cells]
    assert "4∶6" in cells


LEFT_AS_DRAWN = {
    "a line printed twice to be bold": (
        pdf_text(60, 500, "按4比6分担") + pdf_text(60.4, 500, "按4比6分担"),
        "按4比6分担",
    ),
    "a stamp over a line": (
        pdf_text(60, 500, "按4比6分担") + pdf_text(66, 500, "已经作废"),
        "按4比6分担已经作废",
    ),
    "what is written over the line of a form": (
        pdf_text(60, 500, "姓名：________") + pdf_text(102, 501, "张三"),
        "姓名：________张三",
    ),
    "characters that are kerned": (
        placed(500, (60, "各县"), (81, "按照"), (102, "比例"), (124, "分担")),
        "各县按照比例分担",
    ),
    "a watermark behind the words": (
        placed(500, (60, "按"), (84, "比例分担")) + pdf_text(67, 502, "秘密", 30),
        "按比例分担秘密",
    ),
    "cells of a line that stand far apart": (
        pdf_text(200, 500, "三吨") + pdf_text(60, 500, "新茶") + pdf_text(130, 500, "二吨"),
        "新茶 二吨 三吨",
    ),
    "the end of a line, drawn first": (
        placed(500, (132, "6的比例分担"), (120, "∶"), (60, "各级按4")),
        "各级按4∶6的比例分担",
    ),
    "the line below, drawn first": (
        pdf_text(60, 480, "第二行在下") + pdf_text(60, 500, "第一行在上，"),
        "第一行在上，第二行在下",
    ),
    "reading marks above the words": (
        placed(500, (60, "汉"), (84, "字")) + pdf_text(73, 511, "注音", 6),
        "注音\n汉字",
    ),
}


@pytest.mark.parametrize("name", LEFT_AS_DRAWN)
def test_what_has_no_place_in_a_line_stays_apart(name: str) -> None:
    drawn, expected = LEFT_AS_DRAWN[name]
    assert text_of(drawn) == expected
