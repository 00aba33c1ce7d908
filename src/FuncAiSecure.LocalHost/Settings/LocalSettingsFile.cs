using System.Text.Json;

namespace FuncAiSecure.LocalHost.Settings;

/// <summary>Reads <c>local.settings.json</c> by the rules of Azure Functions Core Tools.</summary>
internal static class LocalSettingsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The first file found in a folder or above it, else in the fallback folder; null if there is none.</summary>
    public static string? Find(string folder, string fallback)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            // Core Tools stop at the first folder that holds either file.
            if (File.Exists(Path.Combine(current.FullName, Name)))
            {
                return Path.Combine(current.FullName, Name);
            }

            if (File.Exists(Path.Combine(current.FullName, "host.json")))
            {
                break;
            }
        }

        var beside = Path.Combine(fallback, Name);
        return File.Exists(beside) ? beside : null;
    }

    /// <summary>
    /// Reads the settings as environment variables. A fault makes the whole file unreadable, as it does for Core Tools:
    /// a value that is an object or array, or <c>IsEncrypted</c> that is true or absent.
    /// </summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fault">Why nothing was read; null if it was. Never holds a value.</param>
    /// <returns>Names and values; empty on a fault.</returns>
    public static IReadOnlyDictionary<string, string> Parse(string text, out string? fault)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        fault = Read(text, settings);
        if (fault is not null)
        {
            settings.Clear();
        }

        return settings;
    }

    /// <summary>Sets environment variables that do not exist or are empty.</summary>
    /// <returns>The names that were skipped because they exist.</returns>
    public static IReadOnlyList<string> Apply(
        IReadOnlyDictionary<string, string> settings, Func<string, string?> get, Action<string, string> set)
    {
        var skipped = new List<string>();
        foreach (var (name, value) in settings)
        {
            if (string.IsNullOrEmpty(get(name)))
            {
                set(name, value);
            }
            else
            {
                skipped.Add(name);
            }
        }

        return skipped;
    }

    private static string? Read(string text, Dictionary<string, string> settings)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return "it is not an object";
            }

            if (!root.TryGetProperty("IsEncrypted", out var encrypted) || encrypted.ValueKind != JsonValueKind.False)
            {
                return "\"IsEncrypted\" must be false (it counts as true when absent)";
            }

            return ReadValues(root, settings) ?? ReadConnectionStrings(root, settings);
        }
        catch (JsonException e)
        {
            return $"it is not JSON (line {e.LineNumber + 1})";
        }
    }

    private static string? ReadValues(JsonElement root, Dictionary<string, string> settings)
    {
        if (!root.TryGetProperty("Values", out var values))
        {
            return null;
        }

        if (values.ValueKind != JsonValueKind.Object)
        {
            return "\"Values\" is not an object";
        }

        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return $"\"{value.Name}\" is not a text (write nested settings as Section__Key)";
            }

            if (value.Value.ValueKind != JsonValueKind.Null)
            {
                settings[value.Name] = value.Value.ToString();
            }
        }

        return null;
    }

    private static string? ReadConnectionStrings(JsonElement root, Dictionary<string, string> settings)
    {
        if (!root.TryGetProperty("ConnectionStrings", out var connections) || connections.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var connection in connections.EnumerateObject())
        {
            var text = connection.Value.ValueKind == JsonValueKind.Object && connection.Value.TryGetProperty("ConnectionString", out var inner)
                ? inner
                : connection.Value;
            if (text.ValueKind != JsonValueKind.String)
            {
                return $"connection string \"{connection.Name}\" is not a text";
            }

            settings["ConnectionStrings:" + connection.Name] = text.GetString()!;
        }

        return null;
    }
}
