using System.Text;
using System.Text.Json.Nodes;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Manifests to break: each call gives a fresh, editable document.</summary>
internal static class ManifestSamples
{
    public static readonly string NoHash = new('0', 64);

    public static JsonObject Minimal() => JsonNode.Parse($$"""
        {
          "name": "sum", "version": 1, "task": "tensor", "description": "Adds.", "license": "MIT",
          "provenance": { "source": "tests", "data": "none", "method": "by hand" },
          "files": [
            { "path": "model.onnx", "size": 0, "sha256": "{{NoHash}}" },
            { "path": "golden.json", "size": 0, "sha256": "{{NoHash}}" }
          ],
          "inputs": [ { "name": "x", "datatype": "FP32", "shape": [-1, 4] } ],
          "outputs": [ { "name": "y", "datatype": "FP32", "shape": [-1, 3] } ]
        }
        """)!.AsObject();

    public static JsonObject Full()
    {
        var manifest = Minimal();
        manifest["$schema"] = "../../../docs/model.schema.json";
        manifest["task"] = "text-embedding";
        manifest["provenance"]!["evaluation"] = JsonNode.Parse("""[ { "metric": "accuracy", "value": 0.9, "on": "10 rows" } ]""");
        manifest["files"]!.AsArray().Add(JsonNode.Parse($$"""{ "path": "parts/tokenizer.json", "size": 3, "sha256": "{{NoHash}}" }"""));
        manifest["inputs"] = JsonNode.Parse("""
            [
              { "name": "ids", "datatype": "INT64", "shape": [-1, -1], "limits": { "minimum": 0, "maximum": 9, "allowedNumbers": [1, 2], "maxShape": [8, 16] } },
              { "name": "kind", "datatype": "BYTES", "shape": [-1], "limits": { "maxLength": 5, "allowedValues": ["a", "b"] } }
            ]
            """);
        manifest["tokenizer"] = JsonNode.Parse(
            """{ "kind": "wordpiece", "file": "parts/tokenizer.json", "maxTokens": 16, "truncation": "right", "allowSpecialTokens": true }""");
        manifest["labels"] = JsonNode.Parse("""["p", "q", "r"]""");
        manifest["activation"] = "sigmoid";
        manifest["pooling"] = "mean";
        manifest["normalize"] = true;
        manifest["dimensions"] = JsonNode.Parse("[2, 3]");
        manifest["limits"] = JsonNode.Parse("""{ "maxBatch": 7, "maxInputChars": 100, "deadlineMs": 500, "maxBodyBytes": 2048 }""");
        manifest["guards"] = JsonNode.Parse("""
            {
              "injection": { "action": "block", "falsePositiveRate": 0.005 },
              "inputPii": { "default": "redact", "kinds": { "EMAIL": "tokenize" }, "restore": true },
              "outputPii": { "default": "mask" }
            }
            """);
        manifest["output"] = JsonNode.Parse("""
            { "decimals": 3, "topK": 2, "blockedLabels": ["q"], "exactFor": ["read.payloads"],
              "extraction": { "budget": 500, "windowHours": 24, "steps": [ { "at": 0.5, "topK": 1 }, { "at": 1, "refuse": true } ] } }
            """);
        manifest["preload"] = true;
        manifest["session"] = JsonNode.Parse("""
            {
              "intraOpThreads": 2, "interOpThreads": 3, "executionMode": "parallel", "graphOptimization": "basic",
              "memoryArena": false, "memoryPattern": false
            }
            """);
        manifest["captureForbidden"] = true;
        manifest["roles"] = JsonNode.Parse("""["read.usage"]""");
        return manifest;
    }

    public static byte[] Utf8(this JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
