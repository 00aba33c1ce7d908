using Azure.Core;

namespace FuncAiSecure.Core.Secrets;

/// <summary>The local vault's bearer token, read from its file each time it is asked for and kept nowhere else.</summary>
internal sealed class LocalVaultCredential(string tokenFile, TimeProvider time) : TokenCredential
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <inheritdoc />
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(File.ReadAllText(tokenFile).Trim(), time.GetUtcNow() + Lifetime);

    /// <inheritdoc />
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new((await File.ReadAllTextAsync(tokenFile, cancellationToken).ConfigureAwait(false)).Trim(), time.GetUtcNow() + Lifetime);
}
