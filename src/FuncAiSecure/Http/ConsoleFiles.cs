using System.Collections.Frozen;
using System.Security.Cryptography;

namespace FuncAiSecure.Http;

/// <summary>The files of the operator page, embedded in the app: whoever replaces one has replaced the app.</summary>
internal static class ConsoleFiles
{
    /// <summary>The page itself.</summary>
    public const string Page = "index.html";

    private const string Prefix = "console/";

    private static readonly FrozenDictionary<string, ConsoleFile> ByName = typeof(ConsoleFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => ConsoleFile.Read(name[Prefix.Length..], name))
        .ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>The names, for tests.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>A file by its exact name; null where there is none. No path is ever made of the name.</summary>
    public static ConsoleFile? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);
}

/// <summary>One file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="ETag">A strong entity tag, quoted: a hash of the content.</param>
internal sealed record ConsoleFile(string Name, string ContentType, byte[] Bytes, string ETag)
{
    /// <summary>Reads an embedded file.</summary>
    public static ConsoleFile Read(string name, string resource)
    {
        using var stream = typeof(ConsoleFile).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new ConsoleFile(name, TypeOf(name), bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The console has no media type for {other}."),
    };
}
