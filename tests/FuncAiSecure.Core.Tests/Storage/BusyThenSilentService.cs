using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Tests.Storage;

/// <summary>A service that is busy at a call's first try and silent at its second: the client throws that time-out as it is, a cancellation that nobody asked for.</summary>
internal sealed class BusyThenSilentService : HttpClientTransport
{
    private int _tries;

    private BusyThenSilentService()
        : base(new Busy())
    {
    }

    /// <summary>Its table, with the retries of the app and less patience.</summary>
    public static TableClient Table()
    {
        var options = StorageServiceCollectionExtensions.ClientOptions();
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.NetworkTimeout = TimeSpan.FromMilliseconds(50);
        options.Transport = new BusyThenSilentService();
        return new TableClient(new Uri("https://127.0.0.1:1/"), "t", new TableSharedKeyCredential("a", Convert.ToBase64String(new byte[32])), options);
    }

    public override ValueTask ProcessAsync(HttpMessage message) => Interlocked.Increment(ref _tries) % 2 == 1
        ? base.ProcessAsync(message)
        : new ValueTask(Task.Delay(Timeout.Infinite, message.CancellationToken));

    private sealed class Busy : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable) { Content = new ByteArrayContent([]) });
    }
}
