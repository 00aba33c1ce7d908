"""Trains the text models: `banking77` and `sms-spam`.

    OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell /usr/bin/python3 models/training/text_models.py DATA [NAME...]

DATA is the folder with textcls-banking77.jsonl and textcls-sms-spam.jsonl ({text, label} a line); it is not part of this
repository. Sentences of our own (`label TAB text` a line) join what is fitted to and judge nothing. Figures come from five folds that
each fit never saw; the served weights are then fitted to all rows.
"""
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

import folder
from textgraph import TextClassifier

FOLDS = 5
ODD = ["", " ", "?!", "日本語のテキスト", "Ünïcödé ÀÉÎ", "a😀b\tc\nd", "x" * 300]

MODELS = {
    "banking77": dict(
        data="textcls-banking77.jsonl",
        own="banking77.tsv",
        make=lambda: TextClassifier(features=15000, hidden=128, seeds=(1, 2)),
        description="Which of 77 intents a short English message to a bank has (BANKING77).",
        license="Weights: MIT. Trained on BANKING77, CC-BY-4.0.",
        source_data="BANKING77 by PolyAI (Casanueva et al. 2020), training part, 9,974 rows, CC-BY-4.0; not contained here. "
                    "And 3,441 sentences of our own, 45 or fewer an intent (models/training/banking77.tsv).",
        texts=["I am still waiting on my card?", "How do I change my PIN?", "Why was I charged a fee for the ATM?",
               "My card was stolen, please help!", "CAN I TOP UP WITH GOOGLE PAY", "What exchange rate do you use?"]),
    "sms-spam": dict(
        data="textcls-sms-spam.jsonl",
        make=lambda: TextClassifier(features=8000, hidden=0, c=2.0),
        description="Whether a short English message is spam (SMS Spam Collection).",
        license="Weights: MIT. Trained on the SMS Spam Collection, CC-BY-4.0.",
        source_data="SMS Spam Collection (Almeida, Hidalgo, Yamakami 2011), three quarters, 3,826 rows, CC-BY-4.0; not contained here.",
        texts=["See you at lunch tomorrow", "WINNER!! You have won a prize, call 09061701461 now", "Ok lar... Joking wif u oni...",
               "Free entry in 2 a wkly comp to win FA Cup final tkts", "Can you pick up some milk on your way home?"]),
}


def own_sentences(spec):
    """Labels and texts that we wrote ourselves; none where the model has no such file."""
    if "own" not in spec:
        return [], []
    lines = (Path(__file__).parent / spec["own"]).read_text(encoding="utf-8").splitlines()
    return zip(*(line.split("\t") for line in lines))


def fitted(spec, texts, labels):
    own_labels, own_texts = own_sentences(spec)
    return spec["make"]().fit(np.array([*texts, *own_texts], dtype=object), np.array([*labels, *own_labels]))


def train(name, spec, data):
    rows = [json.loads(line) for line in (data / spec["data"]).read_text(encoding="utf-8").splitlines()]
    texts = np.array([row["text"] for row in rows], dtype=object)
    labels = np.array([row["label"] for row in rows])
    order = sorted(set(labels))
    truth = np.array([order.index(label) for label in labels])
    decision, nets = np.zeros((len(rows), len(order))), np.zeros((len(rows), len(order)))
    for fold, (fit, rest) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(texts, truth)):
        decision[rest], nets[rest] = fitted(spec, texts[fit], labels[fit]).scores(texts[rest])
        print(f"{name}: fold {fold + 1} of {FOLDS}", flush=True)
    model = fitted(spec, texts, labels)
    likelihood, *mix = model.calibrate(decision, nets, truth)
    guess = (mix[0] * decision + mix[1] * nets).argmax(axis=1)
    accuracy = float(np.mean(guess == truth))
    where = f"{len(rows)} rows in {FOLDS} folds, each judged by a fit that did not see it"
    evaluation = [
        {"metric": "accuracy", "value": round(accuracy, 4), "on": where},
        {"metric": "macro-f1", "value": round(float(f1_score(truth, guess, average="macro")), 4), "on": where},
        {"metric": "negative log-likelihood", "value": round(float(likelihood), 4), "on": where},
    ]
    if len(order) == 2:
        evaluation.insert(0, {"metric": f"f1 of {order[1]}", "value": round(float(f1_score(truth, guess)), 4), "on": where})
    print(name, mix, evaluation, flush=True)

    def expected(batch):
        return folder.tensor("probabilities", "FP32", (len(batch), len(order)), folder.numbers(model.predict_proba(batch).ravel()))

    def given(batch):
        return folder.tensor("text", "BYTES", (len(batch),), batch)

    batches = [("one text", spec["texts"][:1]), ("texts of different length in one batch", spec["texts"][1:]), ("odd texts", ODD)]
    folder.write(
        name, 1, model.graph(),
        folder.golden("scikit-learn and NumPy in double precision, from the same 8-bit weights", [
            folder.case(title, [given(batch)], [expected(batch)]) for title, batch in batches]),
        {
            "task": "text-classification",
            "description": spec["description"],
            "license": spec["license"],
            "provenance": {
                "source": "models/training/text_models.py of this repository",
                "data": spec["source_data"],
                "method": "TF-IDF of word 1-2-grams and character 2-5-grams inside the graph; linear support vector machine"
                          + (f" and {len(model.nets)} networks with {model.hidden} hidden units" if model.nets else "")
                          + "; softmax weights chosen on the held-out folds; served weights fitted to all rows, first layer in 8 bits.",
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
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for wanted in sys.argv[2:] or list(MODELS):
        train(wanted, MODELS[wanted], Path(sys.argv[1]))
