using System.Globalization;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Telemetry;

/// <summary>One run of the app with a collector: served and refused requests, then an orderly stop.</summary>
public sealed class ExportedRun : IAsyncLifetime
{
    /// <summary>Stands in every place that a caller can write to.</summary>
    public const string CallerText = "caller-wrote-this";

    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    public const string ParentId = "b7ad6b7169203331";

    private const string Body = $$"""{"model":"sms-spam","input":"{{CallerText}}"}""";

    private readonly ServedApp _app = new();
    private readonly ModelFolders _models = new("sms-spam", "wine");

    internal OtlpReceiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Receiver = await OtlpReceiver.StartAsync();
        _app.Settings["FuncAiSecure:Models:Directory"] = _models.Path;
        _app.Settings["FuncAiSecure:Telemetry:OtlpEndpoint"] = Receiver.Address.AbsoluteUri;
        _app.Settings["FuncAiSecure:Telemetry:TraceRatio"] = "1";
        await _app.InitializeAsync();
        await ServeAsync();
        await RefuseAsync();
        await _app.StopHostsAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await Receiver.DisposeAsync();
        _models.Dispose();
    }

    private async Task ServeAsync()
    {
        // The flag says "not sampled": that is not the caller's choice.
        (await _app.SendAsync("POST", "v1/classify?q=" + CallerText, Body, request =>
        {
            request.Headers.Add("traceparent", $"00-{TraceId}-{ParentId}-00");
            request.Headers.Add("tracestate", "vendor=" + CallerText);
            request.Headers.Add("baggage", "name=" + CallerText);
            request.Headers.Add("User-Agent", CallerText);
        })).Status.ShouldBe(200);
        (await _app.SendAsync("POST", "v1/classify", $$"""{"model":"guarded","input":"{{CallerText}}, mail to {{CallerText}}@example.com"}""")).Status.ShouldBe(200);
    }

    private async Task RefuseAsync()
    {
        for (var i = 0; i < 12; i++)
        {
            var name = CallerText + i.ToString(CultureInfo.InvariantCulture);
            (await _app.SendAsync("POST", "v1/classify", $$"""{"model":"{{name}}","input":"a"}""")).Status.ShouldBe(404);
            (await _app.SendAsync("GET", $"v2/models/{name}")).Status.ShouldBe(404);
            (await _app.SendAsync("GET", $"{name}/{name}")).Status.ShouldBe(404);
            (await _app.SendAsync("X" + i.ToString(CultureInfo.InvariantCulture), "v1/classify")).Status.ShouldBeInRange(404, 405);
        }

        (await ServedApp.SendAsync(_app.Client, CallerText, "POST", "v1/classify", Body)).Status.ShouldBe(401);
        var scarce = await _app.CreateKeyAsync(principal: "scarce", plan: "three");
        for (var i = 0; i < 4; i++)
        {
            (await ServedApp.SendAsync(_app.Client, scarce, "POST", "v1/classify", Body)).Status.ShouldBe(i < 3 ? 200 : 429);
        }
    }
}
