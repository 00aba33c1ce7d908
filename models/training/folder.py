"""Writes a model folder: graph, golden tests and manifest, the same bytes for the same content."""
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write(name, version, model, golden, manifest):
    folder = ROOT / name / str(version)
    folder.mkdir(parents=True, exist_ok=True)
    files = {"model.onnx": model.SerializeToString(deterministic=True), "golden.json": text(golden)}
    for path, content in files.items():
        (folder / path).write_bytes(content)
    (folder / "model.json").write_bytes(text({
        "$schema": "../../../docs/model.schema.json",
        "name": name,
        "version": version,
        **{key: manifest[key] for key in ("task", "description", "license", "provenance")},
        "files": [{"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for path, content in sorted(files.items())],
        **{key: value for key, value in manifest.items() if key not in ("task", "description", "license", "provenance")},
    }))
    print(folder.relative_to(ROOT.parent), {path: len(content) for path, content in files.items()})


def golden(source, cases, absolute=2e-5, relative=1e-3):
    return {"source": source, "absoluteTolerance": absolute, "relativeTolerance": relative, "cases": cases}


def case(name, inputs, outputs):
    return {"name": name, "inputs": inputs, "outputs": outputs}


def tensor(name, datatype, shape, data):
    return {"name": name, "datatype": datatype, "shape": list(shape), "data": data}


def numbers(values):
    return [float(f"{value:.8g}") for value in values]


def text(value):
    return (dump(value, "") + "\n").encode()


def dump(value, indent):
    """JSON with two spaces an indent and lists of scalars on one line, so that a thousand numbers are not a thousand lines."""
    if isinstance(value, dict):
        inner = indent + "  "
        return "{\n" + ",\n".join(f"{inner}{json.dumps(k)}: {dump(v, inner)}" for k, v in value.items()) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        inner = indent + "  "
        return "[\n" + ",\n".join(inner + dump(v, inner) for v in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
