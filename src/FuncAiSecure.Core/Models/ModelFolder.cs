using System.Collections.Frozen;

namespace FuncAiSecure.Core.Models;

/// <summary>
/// A model version's verified content, in memory: what was hashed is what is here, and nothing is read from disk again.
/// Made only by <see cref="Integrity.ModelFolderReader"/>. Drop it once the session is made.
/// </summary>
public sealed class ModelFolder
{
    internal ModelFolder(
        ModelManifest manifest, string digest, string? signedBy, FrozenDictionary<string, ReadOnlyMemory<byte>> files, ReadOnlyMemory<byte> model)
    {
        Manifest = manifest;
        Digest = digest;
        SignedBy = signedBy;
        Files = files;
        Model = model;
    }

    /// <summary>The manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>SHA-256 of the manifest's bytes in lower-case hexadecimal: names this exact content, since the manifest names all hashes.</summary>
    public string Digest { get; }

    /// <summary>The id of the key whose signature holds; null where the manifest is not signed (and need not be).</summary>
    public string? SignedBy { get; }

    /// <summary>Every file that the manifest names, by path.</summary>
    public FrozenDictionary<string, ReadOnlyMemory<byte>> Files { get; }

    /// <summary>The manifest's exact bytes: what a signature covers.</summary>
    public ReadOnlyMemory<byte> ManifestBytes => Papers[ModelManifest.FileName];

    /// <summary>The manifest and, where there is one, its signature as they were read; with <see cref="Files"/> the whole folder.</summary>
    internal Dictionary<string, ReadOnlyMemory<byte>> Papers { get; init; } = [];

    /// <summary>Every file of the folder, byte for byte.</summary>
    internal IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> Originals => Files.Concat(Papers);

    /// <summary>The graph to give to the session. Complete in itself: external data has been put into it from the hashed files.</summary>
    public ReadOnlyMemory<byte> Model { get; }
}
