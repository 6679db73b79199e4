"""An embedding model, where an office has one: a folder with a small BERT (config.json, vocab.txt,
model.safetensors), computed here with nothing but numpy, or an OpenAI-compatible endpoint.

The engine stands without a model; with one, nearness of meaning takes most of the place of shared words.
"""

from __future__ import annotations

import json
import re
import unicodedata
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Model = Callable[[Sequence[str]], Vectors]
"""Texts → rows of length 1."""

LONGEST = 128
"""Pieces of one text that the local model reads."""
BATCH = 64
ENDPOINT_SECONDS = 60


def _unit(rows: Vectors) -> Vectors:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    length[length < 1e-9] = 1.0
    return np.asarray(np.round(rows / length * 2.0**16) / 2.0**16, np.float32)


def _tensors(path: Path) -> dict[str, Vectors]:
    """The arrays of a .safetensors file. ValueError for one that is not, or has another type than 32-bit floats."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    if not 0 < size <= len(data) - 8:
        raise ValueError(f"{path.name} is not a safetensors file")
    found: dict[str, Vectors] = {}
    for name, about in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or not about["dtype"].startswith("F32"):
            continue
        begin, end = about["data_offsets"]
        found[name] = np.frombuffer(data[8 + size + begin : 8 + size + end], "<f4").reshape(about["shape"])
    return found


class _Pieces:
    """The word pieces of BERT: longest match first."""

    def __init__(self, vocabulary: Path) -> None:
        self.number = {line: n for n, line in enumerate(vocabulary.read_text(encoding="utf-8").splitlines())}
        self.known: dict[str, list[int]] = {}

    def _word(self, word: str) -> list[int]:
        if word not in self.known:
            out: list[int] = []
            begin = 0
            while begin < len(word):
                for end in range(len(word), begin, -1):
                    piece = ("##" if begin else "") + word[begin:end]
                    if piece in self.number:
                        out.append(self.number[piece])
                        begin = end
                        break
                else:
                    out = [self.number["[UNK]"]]
                    break
            self.known[word] = out
        return self.known[word]

    def of(self, text: str) -> list[int]:
        plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        numbers = [n for word in re.findall(r"[a-z0-9]+|[^\sa-z0-9]", plain) for n in self._word(word)]
        return [self.number["[CLS]"], *numbers[: LONGEST - 2], self.number["[SEP]"]]


def _normed(x: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    x = x - x.mean(-1, keepdims=True)
    return np.asarray(x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * weight + bias, np.float32)


def _erf_gelu(x: Vectors) -> Vectors:
    from scipy.special import erf

    return np.asarray(0.5 * x * (1.0 + erf(x / np.float32(np.sqrt(2.0)))), np.float32)


def _config(folder: Path) -> dict[str, Any]:
    for name in ("config.json", "vocab.txt", "model.safetensors"):
        if not (folder / name).is_file():
            raise ValueError(f"The folder {folder} has no {name}, so it holds no model that can be read here.")
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise ValueError(f"The model in {folder} is of another kind than BERT.")
    return config


def local_model(folder: str | Path) -> Model:
    """The model in a folder. ValueError where a file is missing or of another kind."""
    folder = Path(folder)
    config = _config(folder)
    w = _tensors(folder / "model.safetensors")
    w = {name.removeprefix("bert."): value for name, value in w.items()}
    pieces = _Pieces(folder / "vocab.txt")
    heads = int(config["num_attention_heads"])

    def linear(x: Vectors, name: str) -> Vectors:
        return np.asarray(x @ w[f"{name}.weight"].T + w[f"{name}.bias"], np.float32)

    def batch(numbers: list[list[int]]) -> Vectors:
        longest = max(map(len, numbers))
        ids = np.array([row + [0] * (longest - len(row)) for row in numbers])
        real = np.array([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in numbers], np.float32)
        e = "embeddings."
        x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][:longest]
        x = x + w[e + "token_type_embeddings.weight"][0]
        x = _normed(x, w[e + "LayerNorm.weight"], w[e + "LayerNorm.bias"])
        many, _, width = x.shape
        mask = (1.0 - real[:, None, None, :]) * np.float32(-1e9)
        for layer in range(int(config["num_hidden_layers"])):
            at = f"encoder.layer.{layer}."
            q, k, v = (
                linear(x, f"{at}attention.self.{part}").reshape(many, longest, heads, -1).transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            score = q @ k.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // heads)) + mask
            score = np.exp(score - score.max(-1, keepdims=True))
            seen = (score / score.sum(-1, keepdims=True)) @ v
            seen = linear(seen.transpose(0, 2, 1, 3).reshape(many, longest, width), at + "attention.output.dense")
            norm = at + "attention.output.LayerNorm."
            x = _normed(x + seen, w[norm + "weight"], w[norm + "bias"])
            inner = linear(_erf_gelu(linear(x, at + "intermediate.dense")), at + "output.dense")
            x = _normed(x + inner, w[at + "output.LayerNorm.weight"], w[at + "output.LayerNorm.bias"])
        return np.asarray((x * real[:, :, None]).sum(1) / real.sum(1, keepdims=True), np.float32)

    def model(texts: Sequence[str]) -> Vectors:
        numbers = [pieces.of(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(numbers[i]))
        out = np.zeros((len(texts), int(config["hidden_size"])), np.float32)
        for begin in range(0, len(order), BATCH):
            some = order[begin : begin + BATCH]
            out[some] = batch([numbers[i] for i in some])
        return _unit(out)

    return model


def endpoint_model(address: str, name: str, *, key: str = "") -> Model:
    """A model behind an OpenAI-compatible address (".../v1"). OSError where it does not answer."""

    def model(texts: Sequence[str]) -> Vectors:
        rows: list[list[float]] = []
        for begin in range(0, len(texts), BATCH):
            asked = json.dumps({"model": name, "input": [text or " " for text in texts[begin : begin + BATCH]]})
            request = urllib.request.Request(
                address.rstrip("/") + "/embeddings",
                asked.encode(),
                {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {}),
            )
            with urllib.request.urlopen(request, timeout=ENDPOINT_SECONDS) as answer:
                found = json.load(answer)["data"]
            rows.extend(item["embedding"] for item in sorted(found, key=lambda item: int(item["index"])))
        return _unit(np.array(rows, np.float32))

    return model
