"""Networks with two hidden layers over text features and the mean direction of a text's words.

Words have the vectors that the caller gives, without the mean of all and the two directions that all share (Mu and Viswanath 2018),
each at length 1; a text has their sum, weighted as its other features are. A network sees a random half of a text's features and
seven tenths of its hidden units at a time (dropout, Srivastava et al. 2014) and learns from smoothed labels (Szegedy et al. 2016);
its logarithmic probabilities are averaged with those of others that began elsewhere. Sentences of our own count less than real ones, and
ever less towards the end. The first layer and the vectors are kept in 8 bits.

Only what NumPy computes in double precision from the same weights is called the expected answer; the graph is never asked.
"""
import numpy as np
import torch
from scipy.special import log_softmax, softmax
from torch import nn
from torch.nn import functional as F

from textgraph import Builder, Grams, best_features, block, rounded

SINGLE_WORDS = Grams("[a-z0-9]+", (1, 1))
VECTOR_SHARE = 1.5  # The length of a text's direction beside its two other blocks, which have length 1.
OWN_WEIGHT = (0.3, 0.03)  # Of a sentence of our own in the first epoch and in the last.


def directions(words, vectors):
    """The words' vectors without what all share, each at length 1."""
    rows = np.array([vectors[word] for word in words], np.float64)
    rows -= rows.mean(axis=0)
    shared = np.linalg.svd(rows, full_matrices=False)[2][:2]
    rows -= rows @ shared.T @ shared
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Network(nn.Module):
    """First layer over sparse features and a direction, a second one, labels."""

    def __init__(self, features, size, hidden, labels):
        super().__init__()
        self.first, self.words = nn.EmbeddingBag(features, hidden, mode="sum"), nn.Linear(size, hidden)
        nn.init.normal_(self.first.weight, std=3 * (2 / (features + hidden)) ** 0.5)
        self.second, self.last = nn.Linear(hidden, hidden), nn.Linear(hidden, labels)

    def forward(self, sparse, direction):
        features, starts, weights = sparse
        weights = weights * (torch.rand_like(weights) > 0.5) * 2
        x = F.dropout(F.relu(self.first(features, starts, per_sample_weights=weights) + self.words(direction)), 0.3)
        return self.last(F.dropout(F.relu(self.second(x)), 0.3))


class NetworkText:
    scales = np.linspace(0.5, 2.5, 41)

    def __init__(self, features, hidden, vectors, common=9000, epochs=16, rate=3e-3, batch=200, seeds=(1, 2)):
        self.features, self.hidden, self.vectors, self.common = features, hidden, vectors, common
        self.epochs, self.rate, self.batch, self.seeds = epochs, rate, batch, seeds

    def fit(self, texts, labels, real):
        """Fits to the texts, of which those after the first `real` ones are our own."""
        torch.set_num_threads(1)
        order = sorted(set(labels))
        self.vectorizer = best_features(texts, labels, self.features)
        known = set(list(self.vectors)[:self.common]) | {w for text in texts for (w,) in SINGLE_WORDS(text) if w in self.vectors}
        self.known = sorted(known)
        self.words = block(SINGLE_WORDS, [(w,) for w in self.known], texts)
        self.table, self.table_scale, self.table_values = rounded(VECTOR_SHARE * directions(self.known, self.vectors))
        truth = torch.tensor([order.index(label) for label in labels])
        x, z = self.vectorizer.transform(texts).astype(np.float32), torch.tensor(self.direction(texts), dtype=torch.float32)
        self.nets = [self.trained(x, z, truth, real, len(order), seed) for seed in self.seeds]
        return self

    def trained(self, x, z, truth, real, labels, seed):
        """The weights in double precision, the first layer rounded."""
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        net = Network(x.shape[1], z.shape[1], self.hidden, labels)
        adam = torch.optim.Adam(net.parameters(), lr=self.rate)
        steps, done = self.epochs * -(-x.shape[0] // self.batch), 0
        weights = torch.ones(x.shape[0])
        for own in np.linspace(*OWN_WEIGHT, self.epochs):
            weights[real:] = own
            mixed = rng.permutation(x.shape[0])
            for begin in range(0, len(mixed), self.batch):
                rows = mixed[begin:begin + self.batch]
                for group in adam.param_groups:  # A twentieth of the steps up, the rest down to nothing.
                    group["lr"] = self.rate * min(1, (done + 1) / (steps / 20)) * (1 - done / steps)
                part, index = x[rows], torch.from_numpy(rows)
                sparse = [torch.from_numpy(a) for a in (part.indices.astype(np.int64), part.indptr[:-1].astype(np.int64), part.data)]
                loss = F.cross_entropy(net(sparse, z[index]), truth[index], label_smoothing=0.1, reduction="none")
                adam.zero_grad()
                ((loss * weights[index]).sum() / weights[index].sum()).backward()
                adam.step()
                done += 1
        plain = {name: value.detach().numpy().astype(np.float64) for name, value in net.state_dict().items()}
        plain["q"], plain["scale"], plain["first.weight"] = rounded(plain["first.weight"])
        return plain

    def direction(self, texts):
        return self.words.transform(texts) @ self.table_values

    def scores(self, texts):
        """The mean of the networks' logarithmic probabilities."""
        x, z = self.vectorizer.transform(texts), self.direction(texts)
        return np.mean([log_softmax(self.run(net, x, z), axis=1) for net in self.nets], axis=0)

    @staticmethod
    def run(net, x, z):
        first = np.maximum(x @ net["first.weight"] + z @ net["words.weight"].T + net["words.bias"], 0)
        second = np.maximum(first @ net["second.weight"].T + net["second.bias"], 0)
        return second @ net["last.weight"].T + net["last.bias"]

    def predict_proba(self, texts, scale):
        return softmax(scale * self.scores(texts), axis=1)

    def graph(self, scale):
        b = Builder()
        low = b.lowered()
        blocks = [step for _, step in self.vectorizer.transformer_list]
        sums = b.product(low, blocks, np.concatenate([net["q"] for net in self.nets], axis=1), np.concatenate([net["scale"] for net in self.nets]))
        parts = b.node("Split", [sums, b.const(np.full(len(self.nets), self.hidden, np.int64))], outputs=len(self.nets), axis=1)
        direction = b.product(low, [self.words], self.table, self.table_scale)
        scores = [self.branch(b, net, part, direction, scale / len(self.nets)) for net, part in zip(self.nets, parts)]
        b.node("Softmax", [b.node("Sum", scores)], name="probabilities", axis=1)
        return b.text_model(len(self.nets[0]["last.bias"]))

    @staticmethod
    def branch(b, net, part, direction, share):
        def layer(x, name):
            return b.node("Gemm", [x, b.const(net[f"{name}.weight"].astype(np.float32)), b.const(net[f"{name}.bias"].astype(np.float32))], transB=1)

        first = b.node("Relu", [b.node("Add", [part, layer(direction, "words")])])
        logits = layer(b.node("Relu", [layer(first, "second")]), "last")
        return b.node("Mul", [b.node("LogSoftmax", [logits], axis=1), b.const(np.float32(share))])
