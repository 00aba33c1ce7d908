"""Text features that are computed inside the ONNX graph.

Counts of word 1-2-grams and character n-grams, 1 + ln(count), times inverse document frequency, each block scaled to length 1
(Salton and Buckley 1988; scikit-learn's TfidfVectorizer with sublinear_tf). What the first layer multiplies them with is kept as
8-bit integers with one scale a column; the graph touches only the rows of features that a text has, so the cost grows with the text
and not with the vocabulary.
"""
import re

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import chi2
from sklearn.pipeline import make_union

UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
PAD = "\x00"  # What the Tokenizer operator fills short rows with; no feature holds it.


class Grams:
    """N-grams of ASCII lower-cased tokens: what the graph's Tokenizer with the same expression gives."""

    def __init__(self, expression, sizes):
        self.expression, self.sizes, self.tokens = expression, sizes, re.compile(expression)

    def __call__(self, text):
        tokens = self.tokens.findall(text.translate(UPPER))
        return [tuple(tokens[i:i + n]) for n in range(self.sizes[0], self.sizes[1] + 1) for i in range(len(tokens) - n + 1)]


WORDS = Grams("[a-z0-9']+", (1, 2))
CHARACTERS = Grams("(?s).", (2, 5))  # Over the whole text, spaces included.


def block(analyzer, terms, texts):
    """Counts of the terms, weighted by how rare they are in the texts."""
    return TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, vocabulary={t: i for i, t in enumerate(terms)}).fit(texts)


def best_features(texts, labels, features, min_df=2):
    """The vectorizer of the word and character n-grams that tell the labels apart best."""
    candidates = [TfidfVectorizer(analyzer=a, sublinear_tf=True, min_df=min_df).fit(texts) for a in (WORDS, CHARACTERS)]
    scores = [chi2(v.transform(texts), labels)[0] for v in candidates]
    floor = np.sort(np.concatenate(scores))[::-1][min(features, sum(map(len, scores))) - 1]
    return make_union(*(
        block(v.analyzer, sorted(t for t, i in v.vocabulary_.items() if score[i] >= floor), texts)
        for v, score in zip(candidates, scores))).fit(texts)


def rounded(w):
    """8-bit integers, their scale a column, and what they stand for in double precision."""
    scale = (np.maximum(np.abs(w).max(axis=0), 1e-12) / 127).astype(np.float32)
    q = np.rint(w / scale).astype(np.int8)
    return q, scale, q * scale.astype(np.float64)


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

    def lowered(self):
        return self.node("StringNormalizer", ["text"], case_change_action="LOWER", is_case_sensitive=1, locale="C")

    def product(self, low, blocks, q, scale):
        """What the blocks' features of each text, each block at length 1, come to in the columns of q * scale: [N, columns]."""
        counts = [self.counts(low, b) for b in blocks]
        idf = [b.idf_ for b in blocks]
        tf = self.node("Concat", counts, axis=1) if len(counts) > 1 else counts[0]
        found = self.node("Transpose", [self.node("NonZero", [tf])], perm=[1, 0])  # [K, 2]: row and feature of each non-zero count
        rows = self.node("Gather", [found, self.const(np.array([0], np.int64))], axis=1)  # [K, 1]
        features = self.node("Gather", [found, self.const(np.array(1, np.int64))], axis=1)  # [K]
        weight = self.node("Mul", [
            self.node("Add", [self.node("Log", [self.node("GatherND", [tf, found])]), self.const(np.float32(1))]),
            self.node("Gather", [self.const(np.concatenate(idf).astype(np.float32)), features])])
        block_of = self.node("Cast", [self.node("GreaterOrEqual", [features, self.const(np.array(len(idf[0]), np.int64))])], to=T.INT64)
        last = self.const(np.array([1], np.int64))
        cell = self.node("Concat", [rows, self.node("Unsqueeze", [block_of, last])], axis=1)  # [K, 2]
        squares = self.node("ScatterND", [self.zeros(2), cell, self.node("Mul", [weight, weight])], reduction="add")
        weight = self.node("Div", [weight, self.node("Sqrt", [self.node("GatherND", [squares, cell])])])
        terms = self.node("Mul", [
            self.node("Cast", [self.node("Gather", [self.const(q), features], axis=0)], to=T.FLOAT), self.node("Unsqueeze", [weight, last])])
        sums = self.node("ScatterND", [self.zeros(q.shape[1]), rows, terms], reduction="add")
        return self.node("Mul", [sums, self.const(scale)])

    def counts(self, low, vectorizer):
        grams = vectorizer.analyzer
        tokens = self.node("Tokenizer", [low], domain="com.microsoft", mark=0, pad_value=PAD, mincharnum=1, tokenexp=grams.expression)
        terms = sorted(vectorizer.vocabulary_.items(), key=lambda t: (len(t[0]), t[1]))
        pool, starts = [], []
        for n in range(1, grams.sizes[1] + 1):
            starts.append(len(pool))
            for term, _ in terms:
                if len(term) == n:
                    pool.extend(term)
        return self.node("TfIdfVectorizer", [tokens], mode="TF", min_gram_length=grams.sizes[0], max_gram_length=grams.sizes[1],
                         max_skip_count=0, ngram_counts=starts, ngram_indexes=[i for _, i in terms], pool_strings=pool)

    def zeros(self, width):
        return self.node("ConstantOfShape", [self.node("Concat", [self.node("Shape", ["text"]), self.const(np.array([width], np.int64))], axis=0)],
                         value=h.make_tensor("value", T.FLOAT, [1], [0.0]))

    def text_model(self, labels):
        """The model: text [N] -> probabilities [N, labels]."""
        return self.model([h.make_tensor_value_info("text", T.STRING, ["N"])], [h.make_tensor_value_info("probabilities", T.FLOAT, ["N", labels])])

    def model(self, inputs, outputs):
        graph = h.make_graph(self.nodes, "model", inputs, outputs, self.constants)
        return h.make_model(graph, producer_name="funcaisecure", ir_version=8,
                            opset_imports=[h.make_opsetid("", 16), h.make_opsetid("com.microsoft", 1)])
