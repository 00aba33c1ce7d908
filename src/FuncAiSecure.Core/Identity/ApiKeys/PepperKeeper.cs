using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Chooses the pepper that new keys are signed with, makes the first one, and rotates it.</summary>
internal sealed class PepperKeeper(SecretClient client, TimeProvider time)
{
    /// <summary>From making a new pepper to signing with it: twice the longest refresh, so that every instance knows it by then.</summary>
    public static readonly TimeSpan Activation = TimeSpan.FromMinutes(10);

    /// <summary>The latest pepper in force; made now if the vault holds none.</summary>
    public async Task<Pepper> GetForSigningAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var version = (await ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(item => item.Enabled != false && !(item.NotBefore > now) && !(item.ExpiresOn <= now))
            .MaxBy(item => item.NotBefore ?? item.CreatedOn);
        KeyVaultSecret secret = version is null
            ? await client.SetSecretAsync(Pepper.SecretName, PepperText.Create(), cancellationToken).ConfigureAwait(false)
            : await client.GetSecretAsync(Pepper.SecretName, version.Version, cancellationToken).ConfigureAwait(false);
        return PepperText.Parse(secret) ?? throw new InvalidDataException($"The vault's {Pepper.SecretName} is not a pepper.");
    }

    /// <summary>Makes a new version, in force after <see cref="Activation"/>; the ones before stop <paramref name="retireAfter"/> later.</summary>
    public async Task<PepperRotation> RotateAsync(TimeSpan? retireAfter, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var older = await ListAsync(cancellationToken).ConfigureAwait(false);
        var activation = older.Count == 0 ? now : now + Activation;
        var secret = new KeyVaultSecret(Pepper.SecretName, PepperText.Create()) { Properties = { NotBefore = activation } };
        await client.SetSecretAsync(secret, cancellationToken).ConfigureAwait(false);
        if (retireAfter is { } after)
        {
            foreach (var version in older.Where(item => item.Enabled != false && !(item.ExpiresOn <= activation + after)))
            {
                version.ExpiresOn = activation + after;
                await client.UpdateSecretPropertiesAsync(version, cancellationToken).ConfigureAwait(false);
            }
        }

        return new PepperRotation(activation, older.Count == 0 ? null : activation + retireAfter);
    }

    private async Task<List<SecretProperties>> ListAsync(CancellationToken cancellationToken)
    {
        var versions = new List<SecretProperties>();
        try
        {
            await foreach (var version in client.GetPropertiesOfSecretVersionsAsync(Pepper.SecretName, cancellationToken).ConfigureAwait(false))
            {
                versions.Add(version);
            }
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // None yet.
        }

        return versions;
    }
}
