"""Write the weights of the bundled reader, to train on from: 8 bits back to float, unsmoothed.

python from_bundled.py [--model FILE] [--target FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

BUNDLED = Path("qa/reading/models/reader-small-zh/model.onnx")
QUANTISED = "_quantized"
Array = npt.NDArray[np.float32]


def read_weights(path: Path) -> dict[str, torch.Tensor]:
    """Return the parameters of ReaderModel by name; heads that the file lacks are left out."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    smoothing = {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t)
        for node in graph.node
        if node.op_type == "Constant"
    }
    products = {node.output[0]: node for node in graph.node if node.op_type == "Mul"}

    def restore(name: str) -> Array:
        zero = stored[f"{name}_zero_point"].astype(np.float32)
        scale: Array = stored[f"{name}_scale"]
        value: Array = (stored[name + QUANTISED].astype(np.float32) - zero) * scale
        return value

    weights: dict[str, Array] = {}
    for name, value in stored.items():
        if name.startswith("model.") and name.endswith(QUANTISED):
            weights[name[len("model.") : -len(QUANTISED)]] = restore(name.removesuffix(QUANTISED))
        elif name.startswith("model.") and value.dtype == np.float32:
            weights.setdefault(name.removeprefix("model."), value)
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        layer = node.name.removeprefix("/model/").rpartition("/")[0].replace("/", ".")
        weight = restore(node.input[1].removesuffix(QUANTISED)).T
        product = products.get(node.input[0].removesuffix(QUANTISED))
        for factor in (smoothing.get(name) for name in product.input) if product else ():
            if factor is not None and factor.ndim == 1 and factor.size > 1:
                weight = weight * factor
        weights[f"{layer}.weight"] = weight
    plain = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
    return {
        name: value
        for name, value in plain.items()
        if not name.endswith(("_scale", "_zero_point", "_Transposed"))
    }


def main() -> None:
    """Write them as a file for `train_reader.py --from`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--target", type=Path, default=Path("training/out/bundled.pt"))
    options = parser.parse_args()
    options.target.parent.mkdir(parents=True, exist_ok=True)
    torch.save(read_weights(options.model), options.target)


if __name__ == "__main__":
    main()
