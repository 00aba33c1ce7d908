using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Says what is the matter with a key, for its operator; never for a caller, who learns only that it was refused.</summary>
public sealed class ApiKeyChecker
{
    private readonly ApiKeyVault _vault;
    private readonly TimeProvider _time;

    /// <summary>A checker on a vault, for the command line.</summary>
    public ApiKeyChecker(SecretClient client, TimeProvider time)
        : this(new ApiKeyVault(client, new VaultAvailability(time), new IdentityCounters(), time, NullLogger<ApiKeyVault>.Instance), time)
    {
    }

    internal ApiKeyChecker(ApiKeyVault vault, TimeProvider time)
    {
        _vault = vault;
        _time = time;
    }

    /// <summary>Checks a key against spelling, checksum, issuer's tag and record.</summary>
    /// <returns>What was found, and the key id if it is spelled as a key; a refusal if the vault does not answer.</returns>
    public async Task<(ApiKeyCheck? Found, ApiKeyId? Id, Refusal? Refusal)> CheckAsync(string key, CancellationToken cancellationToken)
    {
        var message = new byte[ApiKeyFormat.MessageLength];
        var tag = new byte[ApiKeyFormat.TagLength];
        try
        {
            if (!ApiKeyFormat.TryParse(key, out var id, message, tag))
            {
                return (ApiKeyCheck.Malformed, null, null);
            }

            if (await _vault.ReadPeppersAsync(cancellationToken).ConfigureAwait(false) is not { } ring)
            {
                return (null, id, IdentityRefusals.Unavailable);
            }

            if (!ring.TryVerify(message, tag, _time.GetUtcNow(), out var mac))
            {
                return (ApiKeyCheck.NotIssuedHere, id, null);
            }

            var current = await _vault.ReadKeyAsync(id, null, cancellationToken).ConfigureAwait(false);
            var previous = current?.Before is { } before
                ? await _vault.ReadKeyAsync(id, before, cancellationToken).ConfigureAwait(false)
                : null;
            return current is null || (current.Before is not null && previous is null) ? (null, id, IdentityRefusals.Unavailable)
                : new ApiKeySnapshot(current, previous).Match(mac, _time.GetUtcNow()) is null ? (ApiKeyCheck.NotValidNow, id, null)
                : (ApiKeyCheck.Valid, id, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
