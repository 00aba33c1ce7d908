using System.Collections.Immutable;
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
            return Malformed("The body is not the JSON document that this route takes.", FaultsOf(e, body, contract));
        }

        if (document is null)
        {
            return Malformed("The body must be a JSON object.", [new InputError("", "Must be an object.")]);
        }

        return document.Unknown is { Count: > 0 }
            ? new Refusal(RefusalCode.UnsupportedParameter) { Detail = $"The body has a member that this route does not know. Known are {string.Join(", ", NamesOf(contract))}." }
            : null;
    }

    private static Refusal Malformed(string detail, ImmutableArray<InputError> errors) => new(RefusalCode.MalformedRequest)
    {
        Detail = detail,
        Parameter = errors is [{ Pointer: ['/', .. var member] }] ? member.Split('/')[0] : null,
        Errors = errors,
    };

    private static ImmutableArray<InputError> FaultsOf<T>(JsonException fault, ReadOnlySpan<byte> body, JsonTypeInfo<T> contract)
    {
        const string Message = "Not valid JSON, a wrong type or a repeated member";
        if (PointerOf(fault.Path, contract) is { } pointer)
        {
            return [new InputError(pointer, Message + ".")];
        }

        var missing = MissingIn(body, contract);
        return missing.IsEmpty ? [new InputError("", $"{Message}, near line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.")] : missing;
    }

    // The serializer names missing members in its message alone. Of a document that is none, nothing is known to be missing.
    private static ImmutableArray<InputError> MissingIn(ReadOnlySpan<byte> body, JsonTypeInfo contract)
    {
        var missing = contract.Properties.Where(member => member.IsRequired).Select(member => member.Name).ToList();
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = WireJsonContext.Default.Options.MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            {
                return [];
            }

            for (json.Read(); json.TokenType is JsonTokenType.PropertyName; json.Read())
            {
                missing.Remove(json.GetString()!);
                json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }

        return [.. missing.Select(name => new InputError("/" + name, "The member is missing."))];
    }

    private static IEnumerable<string> NamesOf(JsonTypeInfo contract) => contract.Properties.Where(member => !member.IsExtensionData).Select(member => member.Name);

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
        if (!NamesOf(contract).Contains(name))
        {
            return null;
        }

        var rest = end < 0 ? "" : member[end..].ToString();
        return rest.Length > 2 && rest[0] == '[' && int.TryParse(rest[1..^1], out var index) ? $"/{name}/{index}" : $"/{name}";
    }
}
