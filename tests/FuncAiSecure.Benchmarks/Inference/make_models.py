#!/usr/bin/env python3
"""Makes the benchmark's model: token ids through six dense layers, as costly as a small encoder. Random weights: cost only.

Needs Debian's python3-onnx and python3-numpy. usage: make_models.py FOLDER
"""
import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

rng = np.random.default_rng(1)
width, inner, layers = 256, 1024, 6
nodes = [helper.make_node("Gather", ["vectors", "input_ids"], ["h0"])]
weights = [numpy_helper.from_array(rng.normal(size=(1000, width)).astype(np.float32), "vectors")]
for i in range(layers):
    weights.append(numpy_helper.from_array((rng.normal(size=(width, inner)) / 32).astype(np.float32), f"a{i}"))
    weights.append(numpy_helper.from_array((rng.normal(size=(inner, width)) / 32).astype(np.float32), f"b{i}"))
    nodes += [helper.make_node("MatMul", [f"h{i}", f"a{i}"], [f"u{i}"]), helper.make_node("Relu", [f"u{i}"], [f"r{i}"]),
              helper.make_node("MatMul", [f"r{i}", f"b{i}"], [f"d{i}"]), helper.make_node("Add", [f"h{i}", f"d{i}"], [f"h{i + 1}"])]
nodes += [helper.make_node("Cast", ["attention_mask"], ["m"], to=TensorProto.FLOAT), helper.make_node("Unsqueeze", ["m", "last"], ["m3"]),
          helper.make_node("Mul", [f"h{layers}", "m3"], ["hm"]), helper.make_node("ReduceSum", ["hm", "middle"], ["s"], keepdims=0),
          helper.make_node("ReduceSum", ["m3", "middle"], ["c"], keepdims=0), helper.make_node("Div", ["s", "c"], ["embedding"])]
weights += [numpy_helper.from_array(np.array([2], dtype=np.int64), "last"), numpy_helper.from_array(np.array([1], dtype=np.int64), "middle")]
tensor = helper.make_tensor_value_info
graph = helper.make_graph(
    nodes, "bench", [tensor("input_ids", TensorProto.INT64, ["N", "L"]), tensor("attention_mask", TensorProto.INT64, ["N", "L"])],
    [tensor("embedding", TensorProto.FLOAT, ["N", width])], weights)
model = helper.make_model(graph, producer_name="funcaisecure-bench", opset_imports=[helper.make_opsetid("", 13)])
model.ir_version = 8
checker.check_model(model)
os.makedirs(sys.argv[1], exist_ok=True)
with open(os.path.join(sys.argv[1], "bench.onnx"), "wb") as file:
    file.write(model.SerializeToString())
