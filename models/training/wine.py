"""Trains the numeric model `wine`: 13 measurements of a wine -> which of three growers made it.

    OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell /usr/bin/python3 models/training/wine.py

The data (UCI Wine, 178 rows, CC-BY-4.0) comes with scikit-learn.
"""
import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import folder
from textgraph import Builder

LABELS = ["grower-1", "grower-2", "grower-3"]


def main():
    data = load_wine()
    make = lambda: make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    accuracy = cross_val_score(make(), data.data, data.target, cv=RepeatedStratifiedKFold(n_splits=10, n_repeats=5, random_state=7)).mean()
    fitted = make().fit(data.data, data.target)
    scaler, regression = fitted[0], fitted[1]

    b = Builder()
    centred = b.node("Div", [b.node("Sub", ["measurements", b.const(scaler.mean_.astype(np.float32))]), b.const(scaler.scale_.astype(np.float32))])
    logits = b.node("Gemm", [centred, b.const(regression.coef_.T.astype(np.float32)), b.const(regression.intercept_.astype(np.float32))])
    b.node("Softmax", [logits], name="probabilities", axis=1)
    width = data.data.shape[1]
    model = b.model([h.make_tensor_value_info("measurements", T.FLOAT, ["N", width])],
                    [h.make_tensor_value_info("probabilities", T.FLOAT, ["N", len(LABELS)])])

    def case(title, rows):
        rows = np.asarray(rows, dtype=np.float32)
        expected = fitted.predict_proba(rows.astype(np.float64))
        return folder.case(title, [folder.tensor("measurements", "FP32", rows.shape, [float(v) for v in rows.ravel()])],
                           [folder.tensor("probabilities", "FP32", expected.shape, folder.numbers(expected.ravel()))])

    folder.write(
        "wine", 1, model,
        folder.golden("scikit-learn's predict_proba in double precision", [
            case("one row", data.data[:1]), case("a row of each grower", data.data[[10, 80, 160]]), case("nothing measured", np.zeros((1, width)))]),
        {
            "task": "tensor",
            "description": "Which of three growers made a wine, by 13 chemical measurements: alcohol, malic acid, ash, alcalinity of ash, magnesium, "
                           "phenols, flavanoids, non-flavanoid phenols, proanthocyanins, colour intensity, hue, OD280/OD315, proline.",
            "license": "Weights: MIT. Trained on UCI Wine, CC-BY-4.0.",
            "provenance": {
                "source": "models/training/wine.py of this repository",
                "data": "UCI Wine (Aeberhard and Forina 1991), 178 rows, as scikit-learn ships it, CC-BY-4.0.",
                "method": "Standardised measurements, multinomial logistic regression, fitted to all rows.",
                "evaluation": [{"metric": "accuracy", "value": round(float(accuracy), 4), "on": "178 rows, ten folds five times, each row judged by a fit that did not see it"}],
            },
            "inputs": [{"name": "measurements", "datatype": "FP32", "shape": [-1, width], "limits": {"minimum": 0, "maximum": 10000}}],
            "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, len(LABELS)]}],
            "labels": LABELS,
            "activation": "none",
            "limits": {"maxBatch": 256, "deadlineMs": 2000},
            "output": {"decimals": 6},
            "preload": True,
            "session": {"intraOpThreads": 1},
        })


if __name__ == "__main__":
    main()
