using System.Text.Json;
using FuncAiSecure.Core.Inference.Tokenizers.Patterns;

namespace FuncAiSecure.Core.Inference.Tokenizers.Reading;

/// <summary>Short ways to read a tokenizer file.</summary>
internal static class JsonParts
{
    /// <summary>A member; null where it is absent or null.</summary>
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>A text member; null where it is absent or null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Find(name)?.GetString();

    /// <summary>A flag, or its default.</summary>
    public static bool Flag(this JsonElement element, string name, bool otherwise) => element.Find(name)?.GetBoolean() ?? otherwise;

    /// <summary>The kind of a part.</summary>
    public static string Kind(this JsonElement element) => element.GetProperty("type").GetString()!;

    /// <summary>A pattern: a text to find, or an expression.</summary>
    public static RunePattern Pattern(this JsonElement element)
    {
        var pattern = element.GetProperty("pattern");
        return pattern.Text("String") is { } text
            ? RunePattern.OfText(text)
            : RunePattern.OfExpression(pattern.GetProperty("Regex").GetString()!);
    }
}
