"""A text classifier whose features are computed inside the ONNX graph.

Features: counts of word 1-2-grams and character n-grams, 1 + ln(count), times inverse document frequency, each of the two
blocks scaled to length 1 (Salton and Buckley 1988; scikit-learn's TfidfVectorizer with sublinear_tf). On top of them a linear
support vector machine and, where asked for, a network with one hidden layer; their scores are added and a softmax makes
probabilities of them. The first layer is kept as 8-bit integers with one scale a column; the graph touches only the rows of
features that a text has, so the cost grows with the text and not with the vocabulary.

Only what scikit-learn computes from the same 8-bit weights is called the expected answer; the graph is never asked.
"""
import re

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import chi2
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
WORD = re.compile(r"[a-z0-9']+")
PAD = "\x00"  # What the Tokenizer operator fills short rows with; no feature holds it.


def grams(tokens, sizes):
    return [tuple(tokens[i:i + n]) for n in range(sizes[0], sizes[1] + 1) for i in range(len(tokens) - n + 1)]


class Words:
    """Word n-grams, ASCII words only: what the graph's Tokenizer with the same expression gives."""
    sizes, expression = (1, 2), "[a-z0-9']+"

    def __call__(self, text):
        return grams(WORD.findall(text.translate(UPPER)), self.sizes)


class Characters:
    """Character n-grams over the whole text, spaces included."""
    sizes, expression = (2, 5), "(?s)."

    def __call__(self, text):
        return grams(list(text.translate(UPPER)), self.sizes)


class TextClassifier:
    def __init__(self, features, hidden, epochs=14, c=1.0, seeds=(1,), mix=(1.0, 0.0), min_df=2):
        self.features, self.hidden, self.epochs, self.c, self.seeds = features, hidden, epochs, c, seeds
        self.mix, self.min_df = mix, min_df

    def fit(self, texts, labels):
        self.labels = sorted(set(labels))
        blocks = []
        candidates = [TfidfVectorizer(analyzer=a, sublinear_tf=True, min_df=self.min_df).fit(texts) for a in (Words(), Characters())]
        scores = [chi2(v.transform(texts), labels)[0] for v in candidates]
        floor = np.sort(np.concatenate(scores))[::-1][min(self.features, sum(map(len, scores))) - 1]
        for vectorizer, score in zip(candidates, scores):
            terms = sorted(t for t, i in vectorizer.vocabulary_.items() if score[i] >= floor)
            blocks.append(TfidfVectorizer(analyzer=vectorizer.analyzer, sublinear_tf=True, vocabulary={t: i for i, t in enumerate(terms)}))
        self.vectorizer = make_union(*blocks).fit(texts)
        self.blocks = [step for _, step in self.vectorizer.transformer_list]
        x = self.vectorizer.transform(texts)
        self.svm = LinearSVC(C=self.c, random_state=1).fit(x, labels)
        self.nets = [] if not self.hidden else [
            MLPClassifier((self.hidden,), alpha=1e-5, max_iter=self.epochs, learning_rate_init=2e-3, batch_size=100, random_state=seed)
            .fit(x.astype(np.float32), labels) for seed in self.seeds]
        self.quantize()
        return self

    def quantize(self):
        """Rounds the first layer to 8 bits, in scikit-learn's own objects: everything after sees the rounded weights."""
        self.columns, self.scales = [], []
        binary = len(self.labels) == 2

        def rounded(w):
            scale = np.maximum(np.abs(w).max(axis=0), 1e-12) / 127
            q = np.rint(w / scale).astype(np.int8)
            self.columns.append(q)
            self.scales.append(scale.astype(np.float32))
            return q * scale.astype(np.float32).astype(np.float64)

        self.svm.coef_ = rounded(self.svm.coef_.T.astype(np.float64)).T
        self.svm.intercept_ = self.svm.intercept_.astype(np.float32).astype(np.float64)
        for net in self.nets:
            net.coefs_[0] = rounded(net.coefs_[0].astype(np.float64))
            net.coefs_[1] = net.coefs_[1].astype(np.float64)
            net.intercepts_ = [b.astype(np.float64) for b in net.intercepts_]
        assert not (binary and self.nets), "the network is for three labels and more"

    def scores(self, texts):
        """The parts of the answer: the machine's decision values, and the mean of the networks' logarithmic probabilities."""
        x = self.vectorizer.transform(texts)
        decision = self.svm.decision_function(x)
        if decision.ndim == 1:
            decision = np.stack([-decision / 2, decision / 2], axis=1)
        nets = np.mean([net.predict_log_proba(x) for net in self.nets], axis=0) if self.nets else np.zeros_like(decision)
        return decision, nets

    def predict_proba(self, texts):
        decision, nets = self.scores(texts)
        return softmax(self.mix[0] * decision + self.mix[1] * nets, axis=1)

    def calibrate(self, decision, nets, truth):
        """Chooses the weights of the two parts on rows that they were not fitted to: the least negative log-likelihood on a grid."""
        best = None
        for a in np.geomspace(0.5, 16, 26):
            for b in (np.linspace(0, 2, 11) if self.nets else [0.0]):
                p = log_softmax(a * decision + b * nets, axis=1)[np.arange(len(truth)), truth]
                if best is None or -p.mean() < best[0]:
                    best = (-p.mean(), float(a), float(b))
        self.mix = best[1:]
        return best

    def graph(self):
        """The ONNX model: text [N] -> probabilities [N, labels]."""
        b = Builder()
        low = b.node("StringNormalizer", ["text"], case_change_action="LOWER", is_case_sensitive=1, locale="C")
        counts, idf = [], []
        for block in self.blocks:
            tokens = b.node("Tokenizer", [low], domain="com.microsoft", mark=0, pad_value=PAD, mincharnum=1,
                            tokenexp=block.analyzer.expression)
            terms = sorted(block.vocabulary_.items(), key=lambda t: (len(t[0]), t[1]))
            low_n, high_n = block.analyzer.sizes
            pool, starts = [], []
            for n in range(1, high_n + 1):
                starts.append(len(pool))
                for term, _ in terms:
                    if len(term) == n:
                        pool.extend(term)
            counts.append(b.node("TfIdfVectorizer", [tokens], mode="TF", min_gram_length=low_n, max_gram_length=high_n,
                                 max_skip_count=0, ngram_counts=starts, ngram_indexes=[i for _, i in terms], pool_strings=pool))
            idf.append(block.idf_)
        width = len(idf[0])
        tf = b.node("Concat", counts, axis=1)
        found = b.node("Transpose", [b.node("NonZero", [tf])], perm=[1, 0])  # [K, 2]: row and feature of each non-zero count
        rows = b.node("Gather", [found, b.const(np.array([0], np.int64))], axis=1)  # [K, 1]
        features = b.node("Gather", [found, b.const(np.array(1, np.int64))], axis=1)  # [K]
        weight = b.node("Mul", [
            b.node("Add", [b.node("Log", [b.node("GatherND", [tf, found])]), b.const(np.float32(1))]),
            b.node("Gather", [b.const(np.concatenate(idf).astype(np.float32)), features])])
        block_of = b.node("Cast", [b.node("GreaterOrEqual", [features, b.const(np.array(width, np.int64))])], to=T.INT64)
        cell = b.node("Concat", [rows, b.node("Unsqueeze", [block_of, b.const(np.array([1], np.int64))])], axis=1)  # [K, 2]
        batch = b.node("Shape", ["text"])
        squares = b.node("ScatterND", [self.zeros(b, batch, 2), cell, b.node("Mul", [weight, weight])], reduction="add")
        weight = b.node("Div", [weight, b.node("Sqrt", [b.node("GatherND", [squares, cell])])])
        layer = b.const(np.concatenate(self.columns, axis=1))
        terms = b.node("Mul", [b.node("Cast", [b.node("Gather", [layer, features], axis=0)], to=T.FLOAT),
                               b.node("Unsqueeze", [weight, b.const(np.array([1], np.int64))])])
        sums = b.node("ScatterND", [self.zeros(b, batch, layer_width(self.columns)), rows, terms], reduction="add")
        biases = [self.svm.intercept_] + [net.intercepts_[0] for net in self.nets]
        first = b.node("Add", [b.node("Mul", [sums, b.const(np.concatenate(self.scales))]), b.const(np.concatenate(biases).astype(np.float32))])
        parts = [c.shape[1] for c in self.columns]
        outs = b.node("Split", [first, b.const(np.array(parts, np.int64))], outputs=len(parts), axis=1) if len(parts) > 1 else [first]
        if len(self.labels) == 2:
            score = b.node("Mul", [outs[0], b.const(np.array([[-self.mix[0] / 2, self.mix[0] / 2]], np.float32))])
        else:
            score = b.node("Mul", [outs[0], b.const(np.float32(self.mix[0]))])
        for net, hidden in zip(self.nets, outs[1:]):
            logits = b.node("Gemm", [b.node("Relu", [hidden]), b.const(net.coefs_[1].astype(np.float32)), b.const(net.intercepts_[1].astype(np.float32))])
            share = self.mix[1] / len(self.nets)
            score = b.node("Add", [score, b.node("Mul", [b.node("LogSoftmax", [logits], axis=1), b.const(np.float32(share))])])
        b.node("Softmax", [score], name="probabilities", axis=1)
        return b.model(
            [h.make_tensor_value_info("text", T.STRING, ["N"])],
            [h.make_tensor_value_info("probabilities", T.FLOAT, ["N", len(self.labels)])])

    @staticmethod
    def zeros(b, batch, width):
        return b.node("ConstantOfShape", [b.node("Concat", [batch, b.const(np.array([width], np.int64))], axis=0)],
                      value=h.make_tensor("value", T.FLOAT, [1], [0.0]))


def layer_width(columns):
    return sum(c.shape[1] for c in columns)


class Builder:
    """Collects nodes and constants under names that depend on nothing but their order."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def const(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op, inputs, outputs=1, name=None, domain="", **attributes):
        names = [name or f"n{len(self.nodes)}"] if outputs == 1 else [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(h.make_node(op, inputs, names, name=names[0], domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def model(self, inputs, outputs):
        graph = h.make_graph(self.nodes, "model", inputs, outputs, self.constants)
        return h.make_model(graph, producer_name="funcaisecure", ir_version=8,
                            opset_imports=[h.make_opsetid("", 16), h.make_opsetid("com.microsoft", 1)])
