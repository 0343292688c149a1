"""The reader: the converted encoder with a head for each thing it tells of a passage."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from transformers import AutoModel

FROZEN_LAYERS = 3  # with the embeddings: a quarter less work a step, as in the first trial
DROPOUT = 0.1  # only at the input of the trained layers and the head: elsewhere it costs 15 % speed
MASKED = -1e4  # fits half precision
ROLES = 3  # question, passage, passage token that the question holds too
FORMS = ("figure", "date", "name", "list", "clauses", "yesno")  # of the answer that is wanted


class Reading(NamedTuple):
    """What the model tells of a batch of (question, passage) pairs.

    `spans`: start and end logits (batch, tokens, 2), MASKED outside the passage; `none`: those of
    "no answer" (batch, 2); `verdict`: log-odds of 是 (batch); `marks`: log-odds by token that its
    clause answers (batch, tokens); `forms`: logits of FORMS (batch, forms).
    """

    spans: torch.Tensor
    none: torch.Tensor
    verdict: torch.Tensor
    marks: torch.Tensor
    forms: torch.Tensor


class ReaderModel(nn.Module):
    """Reads a question and a passage with the words above it; gives a `Reading`."""

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        bert = AutoModel.from_pretrained(
            encoder,
            attn_implementation="eager",
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.embeddings = bert.embeddings
        self.layers = bert.encoder.layer
        self.roles = nn.Embedding(ROLES, bert.config.hidden_size)
        nn.init.zeros_(self.roles.weight)
        self.dropout = nn.Dropout(DROPOUT)
        self.span = nn.Linear(bert.config.hidden_size, 2)
        self.none = nn.Linear(bert.config.hidden_size, 2)
        self.verdict = nn.Linear(bert.config.hidden_size, 1)
        self.mark = nn.Linear(bert.config.hidden_size, 1)
        self.form = nn.Linear(bert.config.hidden_size, len(FORMS))

    def freeze(self, but_heads: bool = False) -> None:
        """Stop training the embeddings and the first layers, or all but marks and forms."""
        if but_heads:
            self.requires_grad_(False)
            for head in (self.mark, self.form):
                head.requires_grad_(True)
        for module in (self.embeddings, *self.layers[:FROZEN_LAYERS]):
            module.requires_grad_(False)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, passage_mask: torch.Tensor
    ) -> Reading:
        """Read a batch; `passage_mask` is 1 on the tokens of the passage and what is above it."""
        passage = passage_mask.bool()
        asked = attention_mask.bool() & ~passage
        same = (input_ids.unsqueeze(2) == input_ids.unsqueeze(1)) & asked.unsqueeze(1)
        role = passage_mask + (passage & same.any(2)).to(passage_mask.dtype)
        hidden = self.embeddings(input_ids=input_ids)
        bias = (1.0 - attention_mask.to(hidden.dtype))[:, None, None, :] * MASKED
        for layer in self.layers[:FROZEN_LAYERS]:
            hidden = layer(hidden, bias)
        hidden = self.dropout(hidden + self.roles(role))
        for layer in self.layers[FROZEN_LAYERS:]:
            hidden = layer(hidden, bias)
        hidden = self.dropout(hidden)
        logits = self.span(hidden).float().masked_fill(~passage.unsqueeze(-1), MASKED)
        first = hidden[:, 0]
        return Reading(
            logits,
            self.none(first).float(),
            self.verdict(first).squeeze(1).float(),
            self.mark(hidden).squeeze(2).float(),
            self.form(first).float(),
        )
