#!/usr/bin/env python3
"""Makes the model folders that the route tests serve, always the same bytes.

Graphs come from the Core tests (make_models.py there); echo, halves, slow and types are made here. Golden numbers are computed with
numpy. Needs Debian's python3-onnx and python3-numpy. usage: make_models.py
"""
import hashlib
import json
import os

import numpy as np
from onnx import TensorProto, checker, helper, load, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPHS = os.path.join(HERE, "..", "..", "..", "FuncAiSecure.Core.Tests", "Inference", "TestModels")
FLOAT, HALF, INT64, STRING, BOOL = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.STRING, TensorProto.BOOL


def graph_of(name):
    with open(os.path.join(GRAPHS, name + ".onnx"), "rb") as file:
        return file.read()


def weights(name):
    model = load(os.path.join(GRAPHS, name + ".onnx"))
    return {t.name: numpy_helper.to_array(t).astype(np.float64) for t in model.graph.initializer if t.data_type == FLOAT}


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, list(shape))


def build(name, nodes, inputs, outputs, initializers=()):
    model = helper.make_model(
        helper.make_graph(nodes, name, inputs, outputs, list(initializers)),
        producer_name="funcaisecure-tests", opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    checker.check_model(model)
    return model.SerializeToString()


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def spec(name, datatype, *shape):
    return {"name": name, "datatype": datatype, "shape": list(shape)}


def data(name, datatype, array):
    array = np.asarray(array)
    return {**spec(name, datatype, *array.shape), "data": array.ravel().tolist()}


def save(name, version, graph, task, inputs, outputs, golden, tokenizer=None, broken_hash=False, **more):
    folder = os.path.join(HERE, name, str(version))
    os.makedirs(folder, exist_ok=True)
    files = {
        "golden.json": json.dumps({"source": "numpy, make_models.py", "absoluteTolerance": 1e-5, "relativeTolerance": 1e-4,
                                   "cases": [{"name": "one", "inputs": golden[0], "outputs": golden[1]}]}, indent=1).encode() + b"\n",
        "model.onnx": graph,
    }
    if tokenizer:
        files["tokenizer.json"] = json.dumps(tokenizer).encode() + b"\n"
        more["tokenizer"] = {"kind": "bpe", "file": "tokenizer.json", "maxTokens": 16}
    manifest = {
        "name": name, "version": version, "task": task, "description": "A tiny model for tests.", "license": "MIT",
        "provenance": {"source": "make_models.py", "data": "none", "method": "Random weights."},
        "files": [{"path": p, "size": len(b), "sha256": hashlib.sha256(b + (b"x" if broken_hash else b"")).hexdigest()} for p, b in sorted(files.items())],
        "inputs": inputs, "outputs": outputs, **more,
    }
    files["model.json"] = json.dumps(manifest, indent=1).encode() + b"\n"
    for path, content in files.items():
        with open(os.path.join(folder, path), "wb") as file:
            file.write(content)


# Four versions of one model: two good ones, one whose golden test fails, one whose hashes are wrong.
w = weights("mlp")
row = np.array([[1.0, 2.0, 3.0, 4.0]])
good = softmax(row @ w["w"] + w["b"])
# And three of another, for tests that ask for every version: one that was tried and failed is refused from then on.
for name, version, expected in [("swap", 1, good), ("swap", 2, good), ("swap", 3, good[:, ::-1]), ("swap", 4, good),
                                ("revised", 1, good), ("revised", 2, good), ("revised", 3, good[:, ::-1])]:
    save(name, version, graph_of("mlp"), "tensor", [spec("x", "FP32", -1, 4)], [spec("y", "FP32", -1, 3)],
         ([data("x", "FP32", row)], [data("y", "FP32", expected)]), broken_hash=version == 4)

# Small graphs as they are.
pair = ([data("a", "FP32", [[1.0, 2.0]]), data("b", "FP32", [[3.0, 4.0]])], [data("product", "FP32", [[3.0, 8.0]]), data("sum", "FP32", [[4.0, 6.0]])])
save("two", 1, graph_of("two"), "tensor", [spec("a", "FP32", -1, 2), spec("b", "FP32", -1, 2)],
     [spec("product", "FP32", -1, 2), spec("sum", "FP32", -1, 2)], pair, limits={"maxBatch": 8})
save("log", 1, graph_of("log"), "tensor", [spec("x", "FP32", -1, 2)], [spec("y", "FP32", -1, 2)],
     ([data("x", "FP32", [[1.0, 2.0]])], [data("y", "FP32", np.log([[1.0, 2.0]]))]), output={"decimals": 2})

# Every element type that has a JSON form as input comes back as it went in; one is made half as precise.
kinds = {name: getattr(TensorProto, {"FP32": "FLOAT", "FP64": "DOUBLE", "BYTES": "STRING"}.get(name, name)) for name in
         ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP32", "FP64", "BYTES"]}
some = {"BOOL": [True, False], "FP32": [1.5, -2], "FP64": [1.5, -2], "BYTES": ["word", ""]}
types = build("types",
              [helper.make_node("Identity", [f"{k}_in"], [f"{k}_out"]) for k in kinds] + [helper.make_node("Cast", ["FP32_in"], ["FP16_out"], to=HALF)],
              [value(f"{k}_in", t, "N") for k, t in kinds.items()], [value(f"{k}_out", t, "N") for k, t in [*kinds.items(), ("FP16", HALF)]])
save("types", 1, types, "tensor", [spec(f"{k}_in", k, -1) for k in kinds], [spec(f"{k}_out", k, -1) for k in [*kinds, "FP16"]],
     ([data(f"{k}_in", k, some.get(k, [0, 1])) for k in kinds], [data(f"{k}_out", k, some.get(k, [0, 1])) for k in kinds] + [data("FP16_out", "FP16", [1.5, -2])]))

# Halves go in as binary data only.
halves = build("halves", [helper.make_node("Identity", ["x"], ["y"])], [value("x", HALF, "N")], [value("y", HALF, "N")])
save("halves", 1, halves, "tensor", [spec("x", "FP16", -1)], [spec("y", "FP16", -1)], ([data("x", "FP16", [1.5])], [data("y", "FP16", [1.5])]))

# Text comes back as it went in: what the guards made of it can be seen.
echo = build("echo", [helper.make_node("Identity", ["text"], ["echo"])], [value("text", STRING, "N")], [value("echo", STRING, "N")])
save("echo", 1, echo, "tensor", [spec("text", "BYTES", -1)], [spec("echo", "BYTES", -1)],
     ([data("text", "BYTES", ["hello"])], [data("echo", "BYTES", ["hello"])]), guards={"inputPii": {"default": "redact", "kinds": {"PAYMENT_CARD": "block"}}})

# As many steps as the caller asks for: a request as slow as a test wants.
body = helper.make_graph(
    [helper.make_node("Identity", ["cond_in"], ["cond_out"]), helper.make_node("MatMul", ["state", "turn"], ["next"])],
    "body", [value("i", INT64), value("cond_in", BOOL), value("state", FLOAT, 1, 4)], [value("cond_out", BOOL), value("next", FLOAT, 1, 4)])
slow = build("slow", [helper.make_node("Loop", ["steps", "yes", "x"], ["y"], body=body)],
             [value("steps", INT64, 1), value("x", FLOAT, 1, 4)], [value("y", FLOAT, 1, 4)],
             [numpy_helper.from_array(np.array(True), "yes"), numpy_helper.from_array(np.eye(4, dtype=np.float32), "turn")])
save("slow", 1, slow, "tensor", [spec("steps", "INT64", 1), spec("x", "FP32", 1, 4)], [spec("y", "FP32", 1, 4)],
     ([data("steps", "INT64", [2]), data("x", "FP32", row)], [data("y", "FP32", row)]))

# Words to labels, under one policy each.
words = ([data("text", "BYTES", ["good", "bad"])], [data("logits", "FP32", [[2.0, -1.0], [-1.0, 3.0]])])
for name, policy in [
        ("words", {"output": {"decimals": 2, "topK": 1, "exactFor": ["debug.timing"]}}),
        ("held", {"output": {"blockedLabels": ["negative"]}}),
        ("guarded", {"guards": {"injection": {"action": "block"}}}),
        ("flagged", {"guards": {"injection": {"action": "flag"}}})]:
    save(name, 1, graph_of("words"), "text-classification", [spec("text", "BYTES", -1)], [spec("logits", "FP32", -1, 2)], words,
         labels=["positive", "negative"], activation="softmax", limits={"maxBatch": 8}, **policy)

# A token a letter: 1, 3 for a to 28 for z, 2; the numbers in the Core tests' expected.json are for these.
letters = {**{"[PAD]": 0, "[CLS]": 1, "[SEP]": 2}, **{chr(97 + i): 3 + i for i in range(26)}, "[UNK]": 29, "\u0120": 30}
special = lambda token, kind: {"SpecialToken": {"id": token, "type_id": kind}}
text = lambda which, kind: {"Sequence": {"id": which, "type_id": kind}}
tokenizer = {
    "version": "1.0",
    "added_tokens": [{"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
                     for i, c in enumerate(["[PAD]", "[CLS]", "[SEP]"])],
    "normalizer": None,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [special("[CLS]", 0), text("A", 0), special("[SEP]", 0)],
        "pair": [special("[CLS]", 0), text("A", 0), special("[SEP]", 0), text("B", 1), special("[SEP]", 1)],
        "special_tokens": {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in [("[CLS]", 1), ("[SEP]", 2)]},
    },
    "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    "model": {"type": "BPE", "unk_token": "[UNK]", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": letters, "merges": []},
}
ids = [spec("input_ids", "INT64", -1, -1), spec("attention_mask", "INT64", -1, -1)]
vectors = weights("encoder")["vectors"]
mean = 2 * vectors[[1, 3, 4, 5, 2]].mean(axis=0)
case = ([data("text", "BYTES", ["abc"])], [data("embedding", "FP32", [mean / np.linalg.norm(mean)])])
for name, policy in [("encoder", {}), ("guarded-encoder", {"guards": {"injection": {"action": "block"}}})]:
    save(name, 1, graph_of("encoder"), "text-embedding", ids, [spec("last_hidden_state", "FP32", -1, -1, 4)], case, tokenizer,
         pooling="mean", normalize=True, dimensions=[2], limits={"maxBatch": 8}, **policy)

r = weights("ranker")
tokens, kinds = [1, 3, 4, 2, 28, 2], [0, 0, 0, 0, 1, 1]
score = (r["vectors"][tokens] * r["segment"][kinds]).sum(axis=0) @ r["column"]
save("ranker", 1, graph_of("ranker"), "rerank", ids + [spec("token_type_ids", "INT64", -1, -1)], [spec("score", "FP32", -1, 1)],
     ([data("text", "BYTES", ["ab"]), data("text_pair", "BYTES", ["z"])], [data("score", "FP32", 1 / (1 + np.exp(-score)))]), tokenizer, activation="sigmoid", limits={"maxBatch": 8})
