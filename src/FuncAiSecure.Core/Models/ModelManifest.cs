using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>
/// What a model version is and how it may be served: the content of <c>model.json</c>. Made only by
/// <see cref="Manifests.ManifestReader"/>, which has checked it against <c>docs/model.schema.json</c> and in itself, so that
/// whoever holds one need not check again.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The file name of a manifest in a version's folder.</summary>
    public const string FileName = "model.json";

    /// <summary>The file name of the manifest's signature.</summary>
    public const string SignatureFileName = FileName + ".sig";

    /// <summary>The file name of the ONNX graph; always one of <see cref="Files"/>.</summary>
    public const string ModelFileName = "model.onnx";

    /// <summary>The file name of the golden tests; always one of <see cref="Files"/>.</summary>
    public const string GoldenFileName = "golden.json";

    /// <summary>Where the schema is published; read past, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The model's name, equal to its folder's: 1 to 64 of <c>a-z 0-9 . _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version, equal to its folder's: 1 or more.</summary>
    public required int Version { get; init; }

    /// <summary>What the model is asked.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>One or two sentences for callers.</summary>
    public required string Description { get; init; }

    /// <summary>An SPDX expression, or words.</summary>
    public required string License { get; init; }

    /// <summary>How and from what the model was made, and what it reached.</summary>
    public required ModelProvenance Provenance { get; init; }

    /// <summary>Every file of the folder except the manifest and its signature.</summary>
    public required ImmutableArray<ModelFile> Files { get; init; }

    /// <summary>The graph's inputs, in the order that metadata shows them.</summary>
    public required ImmutableArray<TensorSpec> Inputs { get; init; }

    /// <summary>The graph's outputs; the first is the one that a text task reads.</summary>
    public required ImmutableArray<TensorSpec> Outputs { get; init; }

    /// <summary>How text becomes token ids; null where the graph takes text or numbers as they are.</summary>
    public TokenizerSpec? Tokenizer { get; init; }

    /// <summary>Names of the classes, by index; empty for tasks without classes.</summary>
    public ImmutableArray<string> Labels { get => field.IsDefault ? [] : field; init; }

    /// <summary>What is applied to the first output to make probabilities of it.</summary>
    public Activation Activation { get; init; }

    /// <summary>How token vectors become one; for text-embedding.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>Whether an embedding is scaled to length 1.</summary>
    public bool Normalize { get; init; }

    /// <summary>Shorter embeddings that a caller may ask for, ascending; empty means only the full length.</summary>
    public ImmutableArray<int> Dimensions { get => field.IsDefault ? [] : field; init; }

    /// <summary>Limits of a request to this model.</summary>
    public ModelLimits Limits { get => field ?? ModelLimits.Default; init; }

    /// <summary>What the guards do with this model's inputs and outputs.</summary>
    public GuardPolicy Guards { get => field ?? GuardPolicy.Default; init; }

    /// <summary>What a caller may see of an answer.</summary>
    public OutputPolicy Output { get => field ?? OutputPolicy.Default; init; }

    /// <summary>Whether the server is ready only once this model is warm.</summary>
    public bool Preload { get; init; }

    /// <summary>How the session is made.</summary>
    public SessionSettings Session { get => field ?? SessionSettings.Default; init; }

    /// <summary>Whether payloads of this model may never be captured, whatever the deployment says.</summary>
    public bool CaptureForbidden { get; init; }

    /// <summary>Wire names of roles that a principal needs, all of them, beside <c>infer</c>.</summary>
    public ImmutableArray<string> Roles { get => field.IsDefault ? [] : field; init; }
}
