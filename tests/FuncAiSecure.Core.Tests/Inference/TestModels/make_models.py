#!/usr/bin/env python3
"""Makes the test models and the numbers expected of them, always the same bytes.

Needs Debian's python3-onnx and python3-numpy. The numbers in expected.json are computed here with numpy, so that
they do not come from the code under test. usage: make_models.py [FOLDER]
"""
import json
import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
out = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20261122)
expected = {}


def weights(name, *shape):
    return numpy_helper.from_array(np.round(rng.normal(size=shape), 3).astype(np.float32), name)


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, list(shape))


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def save(name, nodes, inputs, outputs, initializers=(), domains=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", 13)] + [helper.make_opsetid(d, v) for d, v in domains]
    model = helper.make_model(graph, producer_name="funcaisecure-tests", opset_imports=opsets)
    model.ir_version = 8
    checker.check_model(model)
    with open(os.path.join(out, name + ".onnx"), "wb") as file:
        file.write(model.SerializeToString())


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def numbers(array):
    return [float(x) for x in np.asarray(array, dtype=np.float64).ravel()]


# A small classifier over vectors.
w, b = weights("w", 4, 3), weights("b", 3)
save("mlp",
     [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["a"]), helper.make_node("Softmax", ["a"], ["y"])],
     [value("x", FLOAT, "N", 4)], [value("y", FLOAT, "N", 3)], [w, b])
x = np.array([[1, 2, 3, 4], [-1, 0.5, 0, 2]], dtype=np.float64)
expected["mlp"] = numbers(softmax(x @ numpy_helper.to_array(w).astype(np.float64) + numpy_helper.to_array(b)))

# Every element type through Identity.
kinds = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FLOAT16", "FLOAT", "DOUBLE", "STRING"]
save("types",
     [helper.make_node("Identity", ["in_" + k], ["out_" + k]) for k in kinds],
     [value("in_" + k, getattr(TensorProto, k), "N") for k in kinds],
     [value("out_" + k, getattr(TensorProto, k), "N") for k in kinds])

# Logarithm: not a number for negative input, minus infinity for zero.
save("log", [helper.make_node("Log", ["x"], ["y"])], [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "N", 2)])

# Two inputs multiplied and summed, with two outputs.
save("two",
     [helper.make_node("Mul", ["a", "b"], ["product"]), helper.make_node("Add", ["a", "b"], ["sum"])],
     [value("a", FLOAT, "N", 2), value("b", FLOAT, "N", 2)], [value("product", FLOAT, "N", 2), value("sum", FLOAT, "N", 2)])

# Sums over rows: shares nothing, whatever a manifest says. Compress hides the number of rows from shape inference.
save("rowsum",
     [helper.make_node("ReduceSum", ["x", "axis"], ["s"], keepdims=1), helper.make_node("IsNaN", ["s"], ["nan"]),
      helper.make_node("Not", ["nan"], ["good"]), helper.make_node("Slice", ["good", "zero", "one", "last"], ["column"]),
      helper.make_node("Reshape", ["column", "flat"], ["rows"]), helper.make_node("Compress", ["s", "rows"], ["y"], axis=0)],
     [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "M", 2)],
     [constant(n, np.array(v, dtype=np.int64)) for n, v in [("axis", [0]), ("zero", [0]), ("one", [1]), ("last", [1]), ("flat", [-1])]])

# Text to a class by look-up, as pipelines from scikit-learn do it: strings in, logits out.
table = np.array([[0, 0], [2, -1], [-1, 3]], dtype=np.float32)
save("words",
     [helper.make_node("LabelEncoder", ["text"], ["index"], domain="ai.onnx.ml", keys_strings=["good", "bad"], values_int64s=[1, 2], default_int64=0),
      helper.make_node("Gather", ["table", "index"], ["logits"])],
     [value("text", STRING, "N")], [value("logits", FLOAT, "N", 2)], [constant("table", table)], [("ai.onnx.ml", 2)])
expected["words"] = numbers(softmax(table[[1, 2, 0]].astype(np.float64)))

# The same, untrue to its rows: it drops the text "gone", and gives no number for "nan".
save("untrue",
     [helper.make_node("LabelEncoder", ["text"], ["index"], domain="ai.onnx.ml", keys_strings=["good", "gone", "nan"], values_int64s=[1, 2, 3], default_int64=0),
      helper.make_node("Gather", ["table", "index"], ["all"]), helper.make_node("Equal", ["index", "two"], ["gone"]),
      helper.make_node("Not", ["gone"], ["stays"]), helper.make_node("Compress", ["all", "stays"], ["logits"], axis=0)],
     [value("text", STRING, "N")], [value("logits", FLOAT, "M", 2)],
     [constant("table", np.array([[0, 0], [2, -1], [0, 0], [np.nan, 0]], dtype=np.float32)), constant("two", np.array(2, dtype=np.int64))],
     [("ai.onnx.ml", 2)])

# An encoder whose every token sees the masked mean of all: padding that leaks would show.
vectors = weights("vectors", 32, 4)
embed = [
    helper.make_node("Gather", ["vectors", "input_ids"], ["e"]),
    helper.make_node("Cast", ["attention_mask"], ["m"], to=FLOAT),
    helper.make_node("Unsqueeze", ["m", "last"], ["m3"]),
    helper.make_node("Mul", ["e", "m3"], ["em"]),
    helper.make_node("ReduceSum", ["em", "middle"], ["s"], keepdims=1),
    helper.make_node("ReduceSum", ["m3", "middle"], ["c"], keepdims=1),
    helper.make_node("Div", ["s", "c"], ["mean"]),
    helper.make_node("Add", ["e", "mean"], ["last_hidden_state"]),
]
axes = [constant("last", np.array([2], dtype=np.int64)), constant("middle", np.array([1], dtype=np.int64))]
ids, mask = value("input_ids", INT64, "N", "L"), value("attention_mask", INT64, "N", "L")
save("encoder", embed, [ids, mask], [value("last_hidden_state", FLOAT, "N", "L", 4)], [vectors] + axes)


def encode(tokens):
    e = numpy_helper.to_array(vectors).astype(np.float64)[tokens]
    return e + e.mean(axis=0)


# The tests' encoder makes ids of a text: 1, then 3 + (letter - 'a'), then 2.
def tokens_of(text):
    return [1] + [3 + ord(c) - ord("a") for c in text] + [2]


def unit(v):
    return v / np.linalg.norm(v)


for text in ["abc", "z", "hello"]:
    hidden = encode(tokens_of(text))
    expected["mean:" + text] = numbers(unit(hidden.mean(axis=0)))
    expected["cls:" + text] = numbers(hidden[0])
    expected["max:" + text] = numbers(hidden.max(axis=0))
    expected["mean2:" + text] = numbers(unit(hidden.mean(axis=0)[:2]))

# The same without the last token's vector.
save("cut",
     embed[:-1] + [helper.make_node("Add", ["e", "mean"], ["all"]), helper.make_node("Slice", ["all", "from", "to", "at"], ["last_hidden_state"])],
     [ids, mask], [value("last_hidden_state", FLOAT, "N", "M", 4)],
     [vectors] + axes + [constant(n, np.array([v], dtype=np.int64)) for n, v in [("from", 0), ("to", -1), ("at", 1)]])

# Labels for tokens: O, B-X, I-X.
head = weights("head", 4, 3)
save("tagger", embed + [helper.make_node("MatMul", ["last_hidden_state", "head"], ["logits"])],
     [ids, mask], [value("logits", FLOAT, "N", "L", 3)], [vectors, head] + axes)
expected["tagger:hello"] = numbers(softmax(encode(tokens_of("hello")) @ numpy_helper.to_array(head).astype(np.float64)))

# A score for a pair, from both texts' tokens with their segment.
segment = weights("segment", 2, 4)
column = weights("column", 4, 1)
save("ranker",
     [helper.make_node("Gather", ["vectors", "input_ids"], ["w"]), helper.make_node("Gather", ["segment", "token_type_ids"], ["t"]),
      helper.make_node("Mul", ["w", "t"], ["e"]), helper.make_node("Cast", ["attention_mask"], ["m"], to=FLOAT),
      helper.make_node("Unsqueeze", ["m", "last"], ["m3"]), helper.make_node("Mul", ["e", "m3"], ["em"]),
      helper.make_node("ReduceSum", ["em", "middle"], ["s"], keepdims=0), helper.make_node("MatMul", ["s", "column"], ["score"])],
     [ids, mask, value("token_type_ids", INT64, "N", "L")], [value("score", FLOAT, "N", 1)], [vectors, segment, column] + axes)


def rank(query, text):
    q, t = tokens_of(query), tokens_of(text)[1:]
    v, s = numpy_helper.to_array(vectors).astype(np.float64), numpy_helper.to_array(segment).astype(np.float64)
    e = v[q + t] * s[[0] * len(q) + [1] * len(t)]
    return 1 / (1 + np.exp(-(e.sum(axis=0) @ numpy_helper.to_array(column).astype(np.float64))))


expected["rank:ab"] = [float(rank("ab", text)[0]) for text in ["abc", "z", "hello"]]

# Vectors of whole texts: the masked mean, and the mean of a graph that knows no mask.
save("sentence", embed[:-2] + [
    helper.make_node("ReduceSum", ["em", "middle"], ["t"], keepdims=0),
    helper.make_node("ReduceSum", ["m3", "middle"], ["n"], keepdims=0),
    helper.make_node("Div", ["t", "n"], ["vector"])],
     [ids, mask], [value("vector", FLOAT, "N", 4)], [vectors] + axes)
save("maskless",
     [helper.make_node("Gather", ["vectors", "input_ids"], ["e"]), helper.make_node("ReduceMean", ["e"], ["vector"], axes=[1], keepdims=0)],
     [ids], [value("vector", FLOAT, "N", 4)], [vectors])
for text in ["a", "ab", "abcdef", "abcde"]:
    expected["sentence:" + text] = numbers(numpy_helper.to_array(vectors).astype(np.float64)[tokens_of(text)].mean(axis=0))

# A loop that takes minutes: only ending it from outside ends it.
body = helper.make_graph(
    [helper.make_node("Identity", ["cond_in"], ["cond_out"]), helper.make_node("MatMul", ["state", "turn"], ["next"])],
    "body", [value("i", INT64), value("cond_in", TensorProto.BOOL), value("state", FLOAT, 1, 4)],
    [value("cond_out", TensorProto.BOOL), value("next", FLOAT, 1, 4)])
save("endless",
     [helper.make_node("Loop", ["count", "yes", "x"], ["y"], body=body)],
     [value("x", FLOAT, 1, 4)], [value("y", FLOAT, 1, 4)],
     [constant("count", np.array(10**12, dtype=np.int64)), constant("yes", np.array(True)), constant("turn", np.eye(4, dtype=np.float32))])

with open(os.path.join(out, "expected.json"), "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
