using Azure.Core;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Tests.Storage;

/// <summary>An identity that cannot be proven, such as a managed one whose endpoint does not answer.</summary>
internal sealed class FailingCredential(Exception failure) : TokenCredential
{
    /// <summary>A table that is never asked, because its identity fails first.</summary>
    public static TableClient Table(Exception failure) =>
        new(new Uri("https://127.0.0.1:1/"), "t", new FailingCredential(failure), new TableClientOptions { Retry = { MaxRetries = 0 } });

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw failure;

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw failure;
}
