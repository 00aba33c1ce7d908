using System.Collections.Frozen;
using System.Security.Cryptography;
using FuncAiSecure.Core.Models.Golden;
using FuncAiSecure.Core.Models.Manifests;
using FuncAiSecure.Core.Models.Onnx;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>
/// Reads a version's folder into memory and believes nothing of it unproven: the signature covers the manifest's exact bytes, the
/// manifest's hashes cover every file, and each file is hashed from the same bytes that are later loaded.
/// </summary>
public static class ModelFolderReader
{
    private const int ChunkBytes = 1 << 20;
    private const string SignatureFileName = ModelManifest.SignatureFileName;

    /// <summary>Reads and checks a folder.</summary>
    /// <param name="directory">The folder: <c>…/NAME/VERSION</c>; both names must be the manifest's.</param>
    /// <param name="trust">Whose signatures count.</param>
    /// <param name="cancellation">Ends the reading between files and chunks.</param>
    /// <returns>The content, or everything that is wrong with it.</returns>
    public static async Task<FolderResult> ReadAsync(string directory, ModelTrust trust, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trust);
        var faults = new List<ModelFault>();
        try
        {
            return await ReadAsync(new DirectoryInfo(directory), trust, faults, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new("", null, "cannot be read: missing, locked or not permitted"));
            return new FolderResult { Faults = [.. faults], MayPass = true };
        }
    }

    private static async Task<FolderResult> ReadAsync(DirectoryInfo folder, ModelTrust trust, List<ModelFault> faults, CancellationToken cancellation)
    {
        if (!folder.Exists || FileLinks.IsSymbolic(folder) || folder.Parent is not { } parent || FileLinks.IsSymbolic(parent))
        {
            faults.Add(new("", null, folder.Exists ? "is a link" : File.Exists(folder.FullName) ? "is not a folder" : "does not exist"));
            return new FolderResult { Faults = [.. faults] };
        }

        var present = FolderListing.Read(folder.FullName, faults);
        var bytes = await ReadBoundedAsync(present, ModelManifest.FileName, ManifestReader.MaxBytes, faults, cancellation).ConfigureAwait(false);
        if (bytes is null)
        {
            return new FolderResult { Faults = [.. faults] };
        }

        var (signedBy, signature) = await CheckSignatureAsync(present, bytes, trust, faults, cancellation).ConfigureAwait(false);
        if (!ManifestReader.TryRead(bytes, ModelManifest.FileName, out var manifest, out var manifestFaults))
        {
            return new FolderResult { Faults = [.. faults, .. manifestFaults] };
        }

        CheckNames(folder, parent, manifest, faults);
        CheckExtra(present, manifest, faults);
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            if (await ReadFileAsync(present, file, faults, cancellation).ConfigureAwait(false) is { } content)
            {
                contents[file.Path] = content;
            }
        }

        // A graph or golden tests that are not what was signed are not worth a parser's attention.
        if (faults.Count > 0)
        {
            return new FolderResult { Manifest = manifest, Faults = [.. faults] };
        }

        var golden = GoldenFile.Read(contents[ModelManifest.GoldenFileName].Span, out var goldenFaults);
        faults.AddRange(goldenFaults);
        var files = contents.ToFrozenDictionary(StringComparer.Ordinal);
        var graph = CheckGraph(manifest, files, faults);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (faults.Count > 0)
        {
            return new FolderResult { Manifest = manifest, Faults = [.. faults] };
        }

        var papers = new Dictionary<string, ReadOnlyMemory<byte>> { [ModelManifest.FileName] = bytes };
        if (signature is not null)
        {
            papers[SignatureFileName] = signature;
        }

        return new FolderResult
        {
            Folder = new ModelFolder(manifest, digest, signedBy, files, graph) { Papers = papers },
            Manifest = manifest,
            Golden = golden,
            Faults = [],
        };
    }

    internal static async Task<(string? SignedBy, byte[]? Signature)> CheckSignatureAsync(
        Dictionary<string, FileInfo> present, byte[] manifest, ModelTrust trust, List<ModelFault> faults, CancellationToken cancellation)
    {
        if (!present.ContainsKey(SignatureFileName))
        {
            if (trust.RequireSigned)
            {
                faults.Add(new(SignatureFileName, null, "is missing, and this deployment serves signed models only"));
            }

            return (null, null);
        }

        var signature = await ReadBoundedAsync(present, SignatureFileName, 256, faults, cancellation).ConfigureAwait(false);
        var signer = signature is null ? null : trust.Verify(manifest, signature);

        // Without any key there is nobody to believe: the model counts as unsigned where that is allowed.
        if (signer is null && signature is not null && (trust.RequireSigned || trust.KeyIds.Any()))
        {
            faults.Add(new(SignatureFileName, null, "is not a signature of this manifest by a key that is trusted here"));
        }

        return (signer, signature);
    }

    private static void CheckNames(DirectoryInfo folder, DirectoryInfo parent, ModelManifest manifest, List<ModelFault> faults)
    {
        if (parent.Name != manifest.Name)
        {
            faults.Add(new(ModelManifest.FileName, "/name", "is not the name of the folder above the version's"));
        }

        if (folder.Name != manifest.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            faults.Add(new(ModelManifest.FileName, "/version", "is not the name of the version's folder"));
        }
    }

    private static void CheckExtra(Dictionary<string, FileInfo> present, ModelManifest manifest, List<ModelFault> faults)
    {
        var named = manifest.Files.Select(file => file.Path).Append(ModelManifest.FileName).Append(SignatureFileName).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(present.Keys.Where(path => !named.Contains(path)).Order(StringComparer.Ordinal)
            .Select(path => new ModelFault(path, null, "is not named by the manifest")));
    }

    private static ReadOnlyMemory<byte> CheckGraph(ModelManifest manifest, FrozenDictionary<string, ReadOnlyMemory<byte>> files, List<ModelFault> faults)
    {
        var model = files[ModelManifest.ModelFileName];
        var summary = OnnxJudge.Judge(model.Span, manifest);
        faults.AddRange(summary.Faults.Select(fault => new ModelFault(ModelManifest.ModelFileName, null, fault)));
        if (summary.Faults.Count > 0 || summary.External.Count == 0)
        {
            return model;
        }

        try
        {
            return OnnxInliner.Inline(model.Span, files);
        }
        catch (InvalidDataException e)
        {
            faults.Add(new(ModelManifest.ModelFileName, null, e.Message));
            return model;
        }
    }

    private static async Task<byte[]?> ReadBoundedAsync(
        Dictionary<string, FileInfo> present, string path, int maxBytes, List<ModelFault> faults, CancellationToken cancellation)
    {
        if (!present.TryGetValue(path, out var file))
        {
            // A link of that name has its own fault already.
            if (!faults.Exists(fault => fault.File == path))
            {
                faults.Add(new(path, null, "is missing"));
            }

            return null;
        }

        if (file.Length > maxBytes)
        {
            faults.Add(new(path, null, $"is larger than {maxBytes} bytes"));
            return null;
        }

        var (content, _) = await ReadHashedAsync(file, file.Length, cancellation).ConfigureAwait(false);
        if (content is null)
        {
            faults.Add(new(path, null, "changed while it was read"));
        }

        return content;
    }

    private static async Task<byte[]?> ReadFileAsync(
        Dictionary<string, FileInfo> present, ModelFile expected, List<ModelFault> faults, CancellationToken cancellation)
    {
        if (!present.TryGetValue(expected.Path, out var file))
        {
            if (!faults.Exists(fault => fault.File == expected.Path))
            {
                faults.Add(new(expected.Path, null, "is missing"));
            }

            return null;
        }

        if (FileLinks.HasOtherNames(file.FullName))
        {
            faults.Add(new(expected.Path, null, "is a hard link: the file has another name elsewhere"));
            return null;
        }

        if (file.Length != expected.Size)
        {
            faults.Add(new(expected.Path, null, $"has {file.Length} bytes where the manifest says {expected.Size}"));
            return null;
        }

        var (content, hash) = await ReadHashedAsync(file, expected.Size, cancellation).ConfigureAwait(false);
        if (content is null || hash != expected.Sha256)
        {
            faults.Add(new(expected.Path, null, "does not have the SHA-256 that the manifest says"));
            return null;
        }

        return content;
    }

    // Null where the file grew or shrank meanwhile.
    private static async Task<(byte[]? Content, string Hash)> ReadHashedAsync(FileInfo file, long size, CancellationToken cancellation)
    {
        var content = new byte[size];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var read = 0;
        while (read < content.Length)
        {
            var chunk = content.AsMemory(read, Math.Min(ChunkBytes, content.Length - read));
            var count = await stream.ReadAsync(chunk, cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                return (null, "");
            }

            hash.AppendData(chunk.Span[..count]);
            read += count;
        }

        return stream.Length == size ? (content, Convert.ToHexStringLower(hash.GetHashAndReset())) : (null, "");
    }
}
