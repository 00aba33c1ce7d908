using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// What the vault keeps of one version of a key: a JSON document as the value of the secret <c>apikey-ID</c>. The key
/// itself cannot be made from it. Validity and revocation are the vault's own attributes.
/// </summary>
internal sealed partial record ApiKeyRecord
{
    public const string SecretNamePrefix = "apikey-";
    public const string ContentType = "application/vnd.funcaisecure.apikey+json";

    /// <summary>The document's format; 1.</summary>
    public required int Format { get; init; }

    /// <summary>The key id; must be the secret's own, so that a record copied under another name is refused.</summary>
    public required string Id { get; init; }

    /// <summary>HMAC-SHA256 over id and secret under the pepper, base64.</summary>
    public required string Verifier { get; init; }

    /// <summary>The version of the pepper that signed the key.</summary>
    public required string Pepper { get; init; }

    public required string Principal { get; init; }

    public string Name { get; init; } = "";

    public required ImmutableArray<string> Roles { get; init; }

    public required ImmutableArray<string> Models { get; init; }

    public ImmutableArray<string> Networks { get; init; } = [];

    public string? Plan { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The vault's version of the key that this one replaces, and when that one stops at the latest.</summary>
    public string? Previous { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json.Default.ApiKeyRecord);

    /// <summary>Reads a document; null unless it is a well-formed record of this very key.</summary>
    public static ApiKeyRecord? Parse(string json, ApiKeyId id)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, Json.Default.ApiKeyRecord);
            return record is { Format: 1 } && record.Id == id.ToString() ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The verifier's bytes; false if they are not 32.</summary>
    public bool TryGetVerifier(out Mac256 verifier)
    {
        verifier = default;
        return Convert.TryFromBase64String(Verifier, verifier, out var length) && length == Mac256.Length;
    }

    /// <summary>The caller that this record describes; null if any part of it is not understood, so that nothing is granted by halves.</summary>
    public Principal? ToPrincipal()
    {
        var roles = Identity.Roles.None;
        foreach (var name in Roles)
        {
            if (!RoleNames.TryParse(name, out var role))
            {
                return null;
            }

            roles |= role;
        }

        var networks = ImmutableArray.CreateBuilder<IPNetwork>(Networks.Length);
        foreach (var text in Networks)
        {
            if (!IPNetwork.TryParse(text, out var network))
            {
                return null;
            }

            networks.Add(network);
        }

        return !PrincipalId.TryParse(Principal, out var principal) ? null : new Principal
        {
            Id = principal,
            DisplayName = Name,
            CredentialKind = CredentialKind.ApiKey,
            CredentialId = Id,
            Roles = roles,
            Models = Models,
            Networks = networks.MoveToImmutable(),
            Plan = Plan,
        };
    }

    /// <summary>The verifier stays out of logs.</summary>
    public override string ToString() => $"API key {Id}";

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(ApiKeyRecord))]
    private sealed partial class Json : JsonSerializerContext;
}
