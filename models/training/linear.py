"""A linear support vector machine over text features; a softmax of its scaled decision values makes probabilities of them.

Only what scikit-learn computes from the same 8-bit weights is called the expected answer; the graph is never asked.
"""
import numpy as np
from scipy.special import softmax
from sklearn.svm import LinearSVC

from textgraph import Builder, best_features, rounded


class LinearText:
    """For two labels."""
    scales = np.geomspace(0.5, 16, 26)

    def __init__(self, features, c):
        self.features, self.c = features, c

    def fit(self, texts, labels, real):
        assert real == len(texts), "sentences of our own are for the networks"
        self.vectorizer = best_features(texts, labels, self.features)
        self.svm = LinearSVC(C=self.c, random_state=1).fit(self.vectorizer.transform(texts), labels)
        self.q, self.scale, weights = rounded(self.svm.coef_.T.astype(np.float64))
        self.svm.coef_ = weights.T
        self.svm.intercept_ = self.svm.intercept_.astype(np.float32).astype(np.float64)
        return self

    def scores(self, texts):
        decision = self.svm.decision_function(self.vectorizer.transform(texts))
        return np.stack([-decision / 2, decision / 2], axis=1)

    def predict_proba(self, texts, scale):
        return softmax(scale * self.scores(texts), axis=1)

    def graph(self, scale):
        b = Builder()
        blocks = [step for _, step in self.vectorizer.transformer_list]
        decision = b.node("Add", [b.product(b.lowered(), blocks, self.q, self.scale), b.const(self.svm.intercept_.astype(np.float32))])
        score = b.node("Mul", [decision, b.const(np.array([[-scale / 2, scale / 2]], np.float32))])
        b.node("Softmax", [score], name="probabilities", axis=1)
        return b.text_model(2)
