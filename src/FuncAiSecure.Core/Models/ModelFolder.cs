using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>
/// A model version's verified content, in memory: what was hashed is what is here, and nothing is read from disk again.
/// Made only by the folder reader. Drop it once the session is made.
/// </summary>
public sealed class ModelFolder
{
    internal ModelFolder(ModelManifest manifest, string digest, string? signedBy, FrozenDictionary<string, ReadOnlyMemory<byte>> files)
    {
        Manifest = manifest;
        Digest = digest;
        SignedBy = signedBy;
        Files = files;
    }

    /// <summary>The manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>SHA-256 of the manifest's bytes in lower-case hexadecimal: names this exact content, since the manifest names all hashes.</summary>
    public string Digest { get; }

    /// <summary>The id of the key whose signature holds; null where the manifest is not signed (and need not be).</summary>
    public string? SignedBy { get; }

    /// <summary>Every file that the manifest names, by path.</summary>
    public FrozenDictionary<string, ReadOnlyMemory<byte>> Files { get; }

    /// <summary>The ONNX graph's bytes.</summary>
    public ReadOnlyMemory<byte> Model => Files[ModelManifest.ModelFileName];

    /// <summary>Paths, as the graph names them, of the files with external initializers; give their bytes to the session from <see cref="Files"/>.</summary>
    public ImmutableArray<string> ExternalData { get; internal init; } = [];
}
