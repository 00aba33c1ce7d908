using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Manifests;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>The published schema and the typed contract name the same members, requirements and words.</summary>
public sealed class ManifestSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ManifestReader.SchemaBytes).RootElement;

    [Fact]
    public void Schema_and_records_have_the_same_members()
    {
        var compared = new HashSet<Type>();

        Compare(Schema, ManifestJson.Default.GetTypeInfo(typeof(ModelManifest))!, compared);

        compared.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Schema_names_the_roles_that_exist()
    {
        var roles = Schema.GetProperty("$defs").GetProperty("roles").GetProperty("items").GetProperty("enum");

        roles.EnumerateArray().Select(role => role.GetString()).ShouldBe(RoleNames.All);
    }

    [Fact]
    public void Every_member_of_the_full_sample_survives_a_round_trip()
    {
        var full = ManifestSamples.Full();
        ManifestReader.TryRead(full.Utf8(), "model.json", out var manifest, out _).ShouldBeTrue();

        var written = JsonSerializer.SerializeToNode(manifest, ManifestJson.Default.ModelManifest);

        JsonNode.DeepEquals(written, Filled(full)).ShouldBeTrue(written!.ToJsonString());
    }

    [Fact]
    public void Full_sample_uses_every_member_of_the_schema()
    {
        var used = ManifestSamples.Full().Select(member => member.Key);

        Schema.GetProperty("properties").EnumerateObject().Select(member => member.Name).ShouldBe(used, ignoreOrder: true);
    }

    private static void Compare(JsonElement rule, JsonTypeInfo type, HashSet<Type> compared)
    {
        rule = Resolve(rule);
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            Compare(rule.GetProperty("items"), ManifestJson.Default.GetTypeInfo(type.ElementType!)!, compared);
            return;
        }

        if (type.Type.IsEnum)
        {
            var words = Enum.GetValues(type.Type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString());
            rule.GetProperty("enum").EnumerateArray().Select(word => word.GetString()).ShouldBe(words, ignoreOrder: true, type.Type.Name);
            return;
        }

        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(ModelManifest).Assembly)
        {
            return;
        }

        compared.Add(type.Type);
        var members = rule.GetProperty("properties").EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        var required = rule.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        rule.GetProperty("additionalProperties").ValueKind.ShouldBe(JsonValueKind.False, type.Type.Name);
        foreach (var property in type.Properties)
        {
            if (type.Type == typeof(TensorSpec) && property.Name == "limits" && !members.ContainsKey("limits"))
            {
                continue; // Outputs are the same record without limits.
            }

            members.Remove(property.Name, out var member).ShouldBeTrue($"{type.Type.Name}.{property.Name} is not in the schema");
            property.IsRequired.ShouldBe(required.Contains(property.Name), $"{type.Type.Name}.{property.Name}");
            Compare(member, ManifestJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)!, compared);
        }

        members.Keys.ShouldBeEmpty(type.Type.Name);
    }

    private static JsonElement Resolve(JsonElement rule) => rule.TryGetProperty("$ref", out var reference)
        ? Resolve(Schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]))
        : rule;

    // What the writer states although the sample leaves it to the default.
    private static JsonObject Filled(JsonObject manifest)
    {
        manifest["guards"]!["outputPii"]!["kinds"] = new JsonObject();
        manifest["guards"]!["outputPii"]!["restore"] = false;
        foreach (var input in manifest["inputs"]!.AsArray())
        {
            foreach (var list in new[] { "allowedValues", "allowedNumbers", "maxShape" })
            {
                input!["limits"]!.AsObject().TryAdd(list, new JsonArray());
            }
        }

        return manifest;
    }
}
