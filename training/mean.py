"""Write the mean of the weights of several readers trained from one start.

python mean.py FILE... --target FILE

It reads better than each of them: what they learnt alike stays, what one learnt by heart fades.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Average the weights; a head that one of them lacks is that of the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--shares", type=float, nargs="+", help="of each; the same if not given")
    parser.add_argument("--target", type=Path, required=True)
    options = parser.parse_args()
    states = [torch.load(file) for file in options.files]
    shares = options.shares or [1.0] * len(states)
    mean = {}
    for name in {name for state in states for name in state}:
        held = [(share, s[name]) for share, s in zip(shares, states, strict=True) if name in s]
        mean[name] = sum(share * value for share, value in held) / sum(share for share, _ in held)
    options.target.parent.mkdir(parents=True, exist_ok=True)
    torch.save(mean, options.target)


if __name__ == "__main__":
    main()
