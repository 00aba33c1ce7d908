using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.LocalVault.Storage;

/// <summary>The secrets on disk: one JSON document, mode 600, replaced atomically on every change.</summary>
internal sealed partial class SecretFile(string path)
{
    /// <summary>Reads all secrets; none if the file does not exist yet.</summary>
    /// <exception cref="IOException">It cannot be read, or is not what this vault writes.</exception>
    public List<StoredSecret> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.ListStoredSecret) ?? [] : [];
        }
        catch (JsonException)
        {
            // The cause may quote the file.
            throw new IOException($"{path} is damaged.");
        }
    }

    /// <summary>Writes all secrets.</summary>
    public void Write(IEnumerable<StoredSecret> secrets) =>
        PrivateFiles.Write(path, JsonSerializer.SerializeToUtf8Bytes(secrets.ToList(), Json.Default.ListStoredSecret));

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(List<StoredSecret>))]
    private sealed partial class Json : JsonSerializerContext;
}
