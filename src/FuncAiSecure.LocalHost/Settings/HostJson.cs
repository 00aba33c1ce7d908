using System.Text.Json;

namespace FuncAiSecure.LocalHost.Settings;

/// <summary>The parts of host.json that this host honours.</summary>
/// <param name="RoutePrefix">Prefix of every route; empty means none.</param>
/// <param name="MaxOutstandingRequests">Requests running and waiting, past which 429 is answered; -1 means no bound.</param>
/// <param name="MaxConcurrentRequests">Requests running at once, past which requests wait; -1 means no bound.</param>
internal sealed record HostJson(string RoutePrefix, int MaxOutstandingRequests, int MaxConcurrentRequests)
{
    /// <summary>What the Functions host takes where there is no file.</summary>
    public static HostJson Default { get; } = new("api", -1, -1);

    private static JsonDocumentOptions Lenient => new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads <c>host.json</c> in a folder; the defaults if there is none.</summary>
    /// <exception cref="LocalHostException">The file is not JSON, has another version, or a value of another type.</exception>
    public static HostJson Load(string folder)
    {
        var path = Path.Combine(folder, "host.json");
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Default;
    }

    /// <summary>Reads the text of a host.json.</summary>
    /// <exception cref="LocalHostException">It is not JSON, has another version, or a value of another type.</exception>
    public static HostJson Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Member(root, "version") is not { ValueKind: JsonValueKind.String } version
                || version.GetString() != "2.0")
            {
                throw new LocalHostException("host.json: \"version\" must be \"2.0\".");
            }

            var http = Member(Member(root, "extensions"), "http");
            return new HostJson(
                Member(http, "routePrefix")?.GetString()?.Trim('/') ?? Default.RoutePrefix,
                Bound(http, "maxOutstandingRequests"),
                Bound(http, "maxConcurrentRequests"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LocalHostException("host.json is not as it should be: " + e.Message, e);
        }
    }

    private static int Bound(JsonElement? http, string name)
    {
        var bound = Member(http, name)?.GetInt32() ?? -1;
        return bound is -1 or > 0 ? bound : throw new LocalHostException($"host.json: {name} must be -1 or positive.");
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;
}
