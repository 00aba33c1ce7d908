using System.Buffers;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Makes and sends requests of the Table service's protocol.</summary>
internal sealed class TableConnection
{
    public const string JsonMinimal = "application/json;odata=minimalmetadata";
    public const string DataServiceVersion = "3.0";

    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    public TableConnection(Uri endpoint, string accountName, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        options ??= new TableClientOptions();
        Endpoint = endpoint;
        AccountName = accountName;
        EndpointText = endpoint.AbsoluteUri.TrimEnd('/');
        _version = options.VersionText;
        var parts = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrorParser.Instance };
        if (authentication is not null)
        {
            parts.PerRetryPolicies.Add(authentication);
        }

        _pipeline = HttpPipelineBuilder.Build(parts);
    }

    public Uri Endpoint { get; }

    public string EndpointText { get; }

    public string AccountName { get; }

    public static TableConnection Open(string connectionString, TableClientOptions options)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed.Key is { } key ? Open(parsed.Endpoint, key, options) : Open(parsed.Endpoint, parsed.Sas, options);
    }

    public static TableConnection Open(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(WithoutQuery(endpoint), credential.AccountName, new SharedKeyLitePolicy(credential), options);
    }

    public static TableConnection Open(Uri endpoint, AzureSasCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var parsed = TableEndpoint.Parse(endpoint);
        return new(parsed.Service, parsed.Account, new SasPolicy(credential), options);
    }

    public static TableConnection Open(Uri endpoint, TableClientOptions options)
    {
        var parsed = TableEndpoint.Parse(endpoint);
        return new(parsed.Service, parsed.Account, parsed.Sas is null ? null : new SasPolicy(new AzureSasCredential(parsed.Sas)), options);
    }

    public static TableConnection Open(Uri endpoint, TokenCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var parsed = TableEndpoint.Parse(endpoint);
        return new(WithoutQuery(endpoint), parsed.Account, new BearerTokenAuthenticationPolicy(credential, StorageScope), options);
    }

    public static string EntityPath(string table, string partitionKey, string rowKey) =>
        $"/{table}(PartitionKey='{KeyText(partitionKey)}',RowKey='{KeyText(rowKey)}')";

    /// <summary>A request for a path that is already escaped.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path)
    {
        var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Endpoint);
        request.Uri.AppendPath(path, escape: false);
        request.Headers.Add("x-ms-version", _version);
        request.Headers.Add("DataServiceVersion", DataServiceVersion);
        request.Headers.Add("Accept", JsonMinimal);
        return message;
    }

    public async ValueTask<Response> SendAsync(HttpMessage message, bool isAsync, CancellationToken cancellationToken)
    {
        if (isAsync)
        {
            await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _pipeline.Send(message, cancellationToken);
        }

        return message.Response;
    }

    public static void SetBody(HttpMessage message, ArrayBufferWriter<byte> body, string contentType)
    {
        message.Request.Headers.Add("Content-Type", contentType);
        message.Request.Content = RequestContent.Create(body.WrittenMemory);
    }

    private static string KeyText(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static Uri WithoutQuery(Uri endpoint) => new(endpoint.GetLeftPart(UriPartial.Path));
}
