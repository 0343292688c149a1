"""Questions for what has the most or the least of something: 面积最大的镇是哪个."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Ranking", "read_ranking"]

_WAY = "最(?P<{}>[多大高长重贵少小低短轻]|便宜)"
_WHICH = r"(?:是|为)?哪一?[个家座款种条项处只类所]?"
_FORMS = re.compile(
    rf"^(?:.*?的)?(?P<measure>[^哪最的]{{0,12}}){_WAY.format('way')}的"
    rf"(?:(?P<kind>[^哪是为的]{{1,8}}){_WHICH}|{_WHICH}(?P<thing>[^?？]{{1,8}}))[?？]?$"
    rf"|^(?:.*?[县市区镇年的]|.*?(?=哪一?年))?{_WHICH}(?P<sort>[^最]{{1,8}}?)的?(?P<by>[^最的]{{0,6}}?)"
    rf"{_WAY.format('how')}[?？]?$"
)
_MOST = "多大高长重贵"


class Ranking(NamedTuple):
    """What is measured, with what may stand before it, of which things, and which end."""

    measure: str
    kind: str
    most: bool


def read_ranking(text: str) -> Ranking | None:
    """The ranking a question asks for, or None."""
    found = _FORMS.match(text)
    if not found:
        return None
    way = found["way"] or found["how"]
    kind = found["kind"] or found["thing"] or ""
    measure = found["measure"] or f"{found['sort'] or ''}{found['by'] or ''}"
    return Ranking(measure, kind, way in _MOST) if way else None
