using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncAiSecure.Core;

namespace FuncAiSecure.Protocols;

/// <summary>A request document whose unknown members are collected, so that they can be refused by name of the fault.</summary>
internal interface IWireDocument
{
    /// <summary>Members that the contract does not know.</summary>
    Dictionary<string, JsonElement>? Unknown { get; }
}

/// <summary>
/// Strict JSON for request documents: no comments, trailing commas, duplicate members or unknown members, bounded depth. A
/// fault is a refusal that names the place by the contract's own member names, never by the caller's.
/// </summary>
internal static class WireJson
{
    /// <summary>Reads <paramref name="body"/> as a <typeparamref name="T"/>.</summary>
    /// <returns>Null when <paramref name="document"/> was read, else why not.</returns>
    public static Refusal? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> contract, out T? document)
        where T : class, IWireDocument
    {
        document = null;
        try
        {
            document = JsonSerializer.Deserialize(body, contract);
        }
        catch (JsonException e)
        {
            return Malformed("The body is not the JSON document that this route takes.", PointerOf(e.Path, contract));
        }

        if (document is null)
        {
            return Malformed("The body must be a JSON object.", "");
        }

        return document.Unknown is { Count: > 0 }
            ? new Refusal(RefusalCode.UnsupportedParameter) { Detail = "The body has a member that this route does not know." }
            : null;
    }

    private static Refusal Malformed(string detail, string? pointer) => new(RefusalCode.MalformedRequest)
    {
        Detail = detail,
        Errors = pointer is null ? [] : [new InputError(pointer, "Not valid JSON, a wrong type, a repeated or a missing member.")],
    };

    // A path such as $.input[3] becomes /input/3. Anything that is not a member of the contract is the caller's text.
    private static string? PointerOf(string? path, JsonTypeInfo contract)
    {
        if (path is null || !path.StartsWith('$'))
        {
            return null;
        }

        var member = path.AsSpan(1).TrimStart('.');
        var end = member.IndexOfAny('.', '[');
        var name = (end < 0 ? member : member[..end]).ToString();
        if (!contract.Properties.Any(property => property.Name == name))
        {
            return null;
        }

        var rest = end < 0 ? "" : member[end..].ToString();
        return rest.Length > 2 && rest[0] == '[' && int.TryParse(rest[1..^1], out var index) ? $"/{name}/{index}" : $"/{name}";
    }
}
