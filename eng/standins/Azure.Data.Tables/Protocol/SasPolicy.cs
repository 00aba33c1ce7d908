using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Appends the shared access signature to the query, once however often the request is tried.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var signature = credential.Signature.TrimStart('?');
        var uri = message.Request.Uri;
        if (!uri.Query.Contains(signature, StringComparison.Ordinal))
        {
            uri.Query = uri.Query.Length == 0 ? "?" + signature : $"{uri.Query}&{signature}";
        }
    }
}
