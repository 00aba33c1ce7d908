using System.Text;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.IntegrationTests.Oidc;
using FuncAiSecure.IntegrationTests.Telemetry;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>
/// Marked secrets and texts go down every path; afterwards no log at any level, no trace, no metric, no table row and no file holds
/// one of them. Payload capture is off, as it is by default.
/// </summary>
public sealed class CanaryTests
{
    private readonly Marks _marks = new();
    private readonly Sinks _sinks = new();

    [Fact]
    public async Task Nothing_that_callers_send_is_found_anywhere_afterwards()
    {
        string served = "control-" + Guid.NewGuid().ToString("N"), journaled = "control-" + Guid.NewGuid().ToString("N");
        string keyId;
        using var log = new CapturedLog();
        await using (var provider = await OidcProviderFixture.StartAsync())
        await using (var collector = await OtlpReceiver.StartAsync())
        {
            using var models = new ModelFolders("sms-spam", "wine");
            var app = Compose(log, provider, collector, models);
            await app.InitializeAsync();
            keyId = app.CallerKey.Split('_')[1];
            try
            {
                await SendAsync(app, await provider.GetTokenAsync(), served, journaled);
                _sinks.AddFolder("vault", app.Vault.Folder);
                await app.StopHostsAsync();
                await _sinks.AddTablesAsync(app.Storage.ConnectionString);
                _sinks.AddFolder("journal", app.Journals);
                await app.Storage.StopAsync();
                _sinks.AddFolder("table files", app.Storage.Folder!);
            }
            finally
            {
                await app.DisposeAsync();
            }

            collector.Bodies("/v1/traces").ToList().ForEach(body => _sinks.Add("traces", body));
            collector.Bodies("/v1/metrics").ToList().ForEach(body => _sinks.Add("metrics", body));
        }

        foreach (var line in log.Lines)
        {
            _sinks.Add("log", line);
        }

        // What may be found is found: the search works in every sink.
        _sinks.Find(served).Except(["journal"]).ShouldBe(["log", "tables", "traces"], ignoreOrder: true);
        _sinks.Find(journaled).ShouldContain("journal");
        _sinks.Find(keyId).ShouldContain("vault");
        _sinks.Find("funcaisecure.guard.verdicts").ShouldBe(["metrics"]);
        _sinks.Find("budgets").ShouldBe(["tables", "table files"], ignoreOrder: true);
        _marks.All.SelectMany(mark => _sinks.Find(mark.Text).Select(sink => $"{mark.Place} in {sink}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_mark_is_found_as_it_is_and_inside_what_is_encoded()
    {
        var mark = _marks.New("anything");
        _sinks.Add("plain", "before" + mark + "after");
        _sinks.Add("wide", Encoding.Unicode.GetBytes("before" + mark));
        for (var offset = 0; offset < 3; offset++)
        {
            _sinks.Add($"base64 {offset}", Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + mark + "after")));
        }

        _sinks.Add("another", "before" + _marks.New("something else"));

        _sinks.Find(mark).ShouldBe(["plain", "wide", "base64 0", "base64 1", "base64 2"], ignoreOrder: true);
    }

    private static ServedApp Compose(CapturedLog log, OidcProviderFixture provider, OtlpReceiver collector, ModelFolders models)
    {
        var app = new ServedApp
        {
            Compose = (app, worker) =>
            {
                app.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
                worker.UseMiddleware<Defect>();
            },
            Settings =
            {
                ["FuncAiSecure:Models:Directory"] = models.Path,
                ["FuncAiSecure:Telemetry:OtlpEndpoint"] = collector.Address.AbsoluteUri,
                ["FuncAiSecure:Telemetry:TraceRatio"] = "1",
                ["FuncAiSecure:Identity:FailureBurst"] = "1000",
                ["FuncAiSecure:Tokens:Issuers:0:Grants:0:Models:0"] = "*",
            },
        };
        foreach (var (name, value) in provider.Settings())
        {
            app.Settings[name] = value;
        }

        return app;
    }

    private async Task SendAsync(ServedApp app, string token, string served, string journaled)
    {
        foreach (var part in token.Split('.')[1..])
        {
            _marks.Add("part of a token", part);
        }

        var traffic = new CanaryTraffic(app, _marks, token);
        await traffic.ServeAsync();
        await traffic.RefuseAsync();
        await traffic.ShowCredentialsAsync();
        await traffic.ManageAsync();
        await traffic.BreakOffAsync();
        await traffic.LoseTheVaultAsync();
        await traffic.ControlAsync(served);
        await app.Storage.StopAsync();
        await traffic.WithoutStorageAsync(journaled);
        _sinks.AddFolder("journal", app.Journals);
        await app.Storage.StartAgainAsync();
        await ServedApp.WaitUntilReadyAsync(app.Client);
    }
}
