using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>Reads manifests: UTF-8 JSON, then the published schema, then what one member says about another. All faults at once.</summary>
public static class ManifestReader
{
    /// <summary>The largest manifest, in bytes.</summary>
    public const int MaxBytes = 4 << 20;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 16 };

    /// <summary>The published JSON schema, as UTF-8.</summary>
    public static ReadOnlyMemory<byte> SchemaBytes { get; } = EmbeddedFile.Read("model.schema.json");

    private static readonly JsonElement Schema = ReadSchema();

    /// <summary>
    /// Reads a manifest.
    /// </summary>
    /// <param name="utf8">The file's exact bytes.</param>
    /// <param name="file">The file's name, for the faults.</param>
    /// <param name="manifest">The manifest; null where there are faults.</param>
    /// <param name="faults">Everything that is wrong, with JSON pointers; empty where the manifest is good.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8, string file, [NotNullWhen(true)] out ModelManifest? manifest, out ImmutableArray<ModelFault> faults)
    {
        manifest = null;
        var found = Read(utf8, ref manifest);
        faults = [.. found.Select(fault => new ModelFault(file, fault.Pointer, fault.Message))];
        manifest = faults.IsEmpty ? manifest : null;
        return manifest is not null;
    }

    private static IEnumerable<(string? Pointer, string Message)> Read(ReadOnlyMemory<byte> utf8, ref ModelManifest? manifest)
    {
        if (utf8.Length > MaxBytes)
        {
            return [(null, $"is larger than {MaxBytes} bytes")];
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, DocumentOptions);
            var shape = SchemaCheck.Run(Schema, document.RootElement);
            if (shape.Count > 0)
            {
                return shape.Select(fault => ((string?)fault.Pointer, fault.Message));
            }

            manifest = JsonSerializer.Deserialize(utf8.Span, ManifestJson.Default.ModelManifest)!;
            return ManifestRules.Check(manifest).Select(fault => ((string?)fault.Pointer, fault.Message));
        }
        catch (JsonException e)
        {
            return [(null, $"is not the JSON that it should be, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}")];
        }
        catch (InvalidOperationException)
        {
            // GetString on a lone surrogate escape.
            return [(null, "holds text that is not Unicode")];
        }
    }

    private static JsonElement ReadSchema()
    {
        using var document = JsonDocument.Parse(SchemaBytes);
        return document.RootElement.Clone();
    }
}
