using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>
/// Checks a document against the keywords of JSON Schema 2020-12 that <c>docs/model.schema.json</c> uses, and reports every fault
/// with its pointer. The published schema is the rule itself, not a description of one. A keyword that is not implemented
/// throws, so that the schema cannot promise what is not checked.
/// </summary>
internal sealed class SchemaCheck(JsonElement schema)
{
    private readonly List<(string Pointer, string Message)> _faults = [];

    /// <summary>Every fault of <paramref name="document"/>, in document order; empty where it conforms.</summary>
    public static IReadOnlyList<(string Pointer, string Message)> Run(JsonElement schema, JsonElement document)
    {
        var check = new SchemaCheck(schema);
        check.Check(schema, document, "");
        return check._faults;
    }

    private void Check(JsonElement rule, JsonElement value, string at)
    {
        if (rule.TryGetProperty("$ref", out var reference))
        {
            Check(Resolve(reference.GetString()!), value, at);
            return;
        }

        if (rule.TryGetProperty("type", out var type) && !HasType(value, type.GetString()!))
        {
            _faults.Add((at, $"must be {Article(type.GetString()!)}"));
            return;
        }

        foreach (var keyword in rule.EnumerateObject())
        {
            Apply(keyword.Name, keyword.Value, rule, value, at);
        }
    }

    private void Apply(string keyword, JsonElement operand, JsonElement rule, JsonElement value, string at)
    {
        switch (keyword)
        {
            case "enum":
                Expect(operand.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)), at, () =>
                    $"must be one of {string.Join(", ", operand.EnumerateArray().Select(allowed => allowed.GetRawText()))}");
                break;
            case "pattern":
                Expect(Matches(value.GetString()!, operand.GetString()!), at, () =>
                    $"must match {operand.GetString()}");
                break;
            case "minLength":
                Expect(value.GetString()!.Length >= operand.GetInt32(), at, () => $"must have at least {operand} characters");
                break;
            case "maxLength":
                Expect(value.GetString()!.Length <= operand.GetInt32(), at, () => $"must have at most {operand} characters");
                break;
            case "minimum":
                Expect(value.GetDouble() >= operand.GetDouble(), at, () => $"must be at least {operand}");
                break;
            case "maximum":
                Expect(value.GetDouble() <= operand.GetDouble(), at, () => $"must be at most {operand}");
                break;
            case "minItems":
                Expect(value.GetArrayLength() >= operand.GetInt32(), at, () => $"must have at least {operand} elements");
                break;
            case "maxItems":
                Expect(value.GetArrayLength() <= operand.GetInt32(), at, () => $"must have at most {operand} elements");
                break;
            case "uniqueItems":
                CheckUnique(value, at);
                break;
            case "items":
                CheckItems(operand, value, at);
                break;
            case "required":
                foreach (var name in operand.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
                {
                    _faults.Add((JsonPointer.Member(at, name.GetString()!), "is missing"));
                }

                break;
            case "additionalProperties":
                CheckMembers(operand, rule, value, at);
                break;
            case "maxProperties":
                Expect(value.GetPropertyCount() <= operand.GetInt32(), at, () => $"must have at most {operand} members");
                break;
            case "type" or "properties" or "propertyNames" or "title" or "$schema" or "$id" or "$defs":
                break;
            default:
                throw new NotSupportedException($"The schema uses {keyword}, which is not implemented.");
        }
    }

    // The patterns are the schema's own and have one way to match: an engine that never backtracks would take longer to build than
    // the rest of the manifest to read. A dollar sign also stands before a last line feed, which no name may end in.
    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant) && !text.EndsWith('\n');

    private void CheckItems(JsonElement rule, JsonElement value, string at)
    {
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            Check(rule, element, JsonPointer.Element(at, index++));
        }
    }

    private void CheckUnique(JsonElement value, string at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var key = element.ValueKind == JsonValueKind.Number ? element.GetDouble().ToString("R", CultureInfo.InvariantCulture) : element.ToString();
            Expect(seen.Add(key), JsonPointer.Element(at, index++), () => "repeats an earlier element");
        }
    }

    private void CheckMembers(JsonElement others, JsonElement rule, JsonElement value, string at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var pointer = JsonPointer.Member(at, member.Name);
            Expect(seen.Add(member.Name), pointer, () => "is given twice");
            if (rule.TryGetProperty("propertyNames", out var names))
            {
                Expect(Matches(member.Name, names.GetProperty("pattern").GetString()!), pointer, () =>
                    $"has a name that does not match {names.GetProperty("pattern").GetString()}");
            }

            if (rule.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out var own))
            {
                Check(own, member.Value, pointer);
            }
            else if (others.ValueKind == JsonValueKind.False)
            {
                _faults.Add((pointer, "is not a member that manifests have"));
            }
            else
            {
                Check(others, member.Value, pointer);
            }
        }
    }

    private void Expect(bool holds, string at, Func<string> message)
    {
        if (!holds)
        {
            _faults.Add((at, message()));
        }
    }

    private JsonElement Resolve(string reference) => schema.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);

    // An integer is written without fraction and exponent, and a number is finite: what the typed reader takes afterwards.
    private static bool HasType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        _ => throw new NotSupportedException($"The schema uses the type {type}, which is not implemented."),
    };

    private static string Article(string type) => type is "object" or "array" or "integer" ? $"an {type}" : $"a {type}";
}
