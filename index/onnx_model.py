"""A model folder on onnxruntime: tokenizer.json and model.onnx, loaded on first use."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

__all__ = ["OnnxModel", "share_cores"]

# onnxruntime reports to its maker from its import on, and keeps an id of the user for it; a call
# of its API comes too late. Set for whoever imports it first, a library of ours too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

MOST_THREADS = 2  # of one call; onnxruntime's own default takes every core

_calls = 1


def share_cores(calls: int) -> None:
    """Divide the cores among as many calls at a time, for models loaded from now on.

    Two calls of one thread each are done sooner than two that contend for the same two cores.
    """
    global _calls
    _calls = calls


class OnnxModel:
    """The tokenizer and session of a folder; may be shared between threads."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        self._folder = folder
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def load(self) -> tuple[Any, Any]:
        """The tokenizers.Tokenizer and onnxruntime.InferenceSession, loaded once."""
        with self._lock:
            if self._loaded is None:
                import onnxruntime  # heavy: 80 MB on disk, 0.1 s
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.enable_truncation(self._max_tokens)
                tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>")
                options = onnxruntime.SessionOptions()
                share = (os.cpu_count() or 1) // _calls
                options.intra_op_num_threads = min(MOST_THREADS, max(1, share))
                options.inter_op_num_threads = 1
                # A spinning thread would take a core from what runs between two calls.
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                session = onnxruntime.InferenceSession(
                    str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
                )
                self._loaded = tokenizer, session
            return self._loaded
