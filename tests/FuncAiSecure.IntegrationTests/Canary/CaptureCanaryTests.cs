using System.Text.Json;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.IntegrationTests.Routes;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>
/// With payload capture on: what was captured is found nowhere in clear, not even where it is kept, and is read by those alone who
/// hold the role, for the models that they may use, with a record of each reading.
/// </summary>
public sealed class CaptureCanaryTests
{
    private const string PayloadTable = "auditpayloads";

    private readonly Marks _marks = new();
    private readonly Sinks _sinks = new();

    [Fact]
    public async Task A_captured_payload_lies_in_the_encrypted_store_and_nowhere_else_and_every_reading_is_on_record()
    {
        using var log = new CapturedLog();
        using var models = new ModelFolders("sms-spam", "wine");
        var control = "control-" + Guid.NewGuid().ToString("N");
        var app = new ServedApp { Compose = (host, _) => host.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace) };
        app.Settings["FuncAiSecure:Models:Directory"] = models.Path;
        app.Settings["FuncAiSecure:Audit:CaptureModels:0"] = "sms-spam";
        app.Settings["FuncAiSecure:Audit:BatchDelay"] = "00:00:00.050";
        await app.InitializeAsync();
        try
        {
            await new VaultAuditSecrets(app.Vault.CreateClient(), new AuditOptions().PayloadSecretName).EnsureAsync(default);
            await CaptureAsync(app, control);
            await app.StopHostsAsync();
            await _sinks.AddTablesAsync(app.Storage.ConnectionString);
            _sinks.AddFolder("journal", app.Journals);
            _sinks.AddFolder("vault", app.Vault.Folder);
            await app.Storage.StopAsync();
            _sinks.AddFolder("table files", app.Storage.Folder!);
        }
        finally
        {
            await app.DisposeAsync();
        }

        foreach (var line in log.Lines)
        {
            _sinks.Add("log", line);
        }

        // What may be found is found: the store's rows were among what was searched.
        _sinks.Find(control).ShouldContain("tables");
        _sinks.Find(PayloadTable).ShouldContain("tables");
        _marks.All.SelectMany(mark => _sinks.Find(mark.Text).Select(sink => $"{mark.Place} in {sink}")).ShouldBeEmpty();
    }

    private async Task CaptureAsync(ServedApp app, string id)
    {
        var mark = _marks.New("captured text");
        await ServedAsync(app, id, $$"""{"model":"sms-spam","input":"{{mark}}"}""");
        await ServedAsync(app, id + ".other", $$"""{"model":"guarded","input":"{{_marks.New("text that is not captured")}}"}""");
        var reader = await app.CreateKeyAsync(principal: "reader", roles: ["read.payloads"]);
        var path = "manage/audit/payloads/" + id;

        var read = await RouteApp.UntilAsync(() => ServedApp.SendAsync(app.Client, reader, "GET", path), answer => answer.Status == 200);

        var payload = read.Json.GetProperty("payloads").EnumerateArray().ShouldHaveSingleItem();
        payload.GetProperty("model").GetString().ShouldBe("sms-spam");
        JsonDocument.Parse(payload.GetProperty("text").GetString()!).RootElement.GetProperty("input").GetString().ShouldBe(mark);
        await RefusedAsync(app, id, path, payload.GetProperty("day").GetString()!);
        var auditor = await app.CreateKeyAsync(principal: "auditor", roles: ["read.audit"]);
        var records = await RouteApp.UntilAsync(
            () => ServedApp.SendAsync(app.Client, auditor, "GET", "manage/audit?principal=reader&limit=1000"),
            answer => answer.Text.Contains("\"ManagePayloads\"", StringComparison.Ordinal) && answer.Text.Contains("\"served\"", StringComparison.Ordinal));
        records.Json.GetProperty("records").EnumerateArray().ShouldAllBe(record => record.GetProperty("subject").GetString() == id);
    }

    private static async Task ServedAsync(ServedApp app, string id, string body)
    {
        var answer = await app.SendAsync("POST", "v1/classify", body, request => request.Headers.Add("x-request-id", id));
        answer.Status.ShouldBe(200, answer.Text);
    }

    private async Task RefusedAsync(ServedApp app, string id, string path, string day)
    {
        var everything = await app.CreateKeyAsync(
            principal: "everything-else", roles: ["infer", "manage.keys", "manage.models", "manage.quotas", "read.usage", "read.audit", "debug.timing"]);
        var narrow = await app.CreateKeyAsync(principal: "narrow", roles: ["read.payloads"], models: ["wine", "guarded", "sms-spam@1"]);
        var reader = await app.CreateKeyAsync(principal: "reader-2", roles: ["read.payloads"]);
        (string? Key, string Path, int Status)[] refused =
        [
            (null, path, 401),
            (_marks.New("a key of no deployment"), path, 401),
            ("fais_0123456789abcdef_" + new string('a', 49), path, 401),
            (everything, path, 403),
            (narrow, path, 404),
            (reader, path + ".other", 404),
            (reader, path + "x", 404),
            (reader, path[..^1], 404),
            (reader, path + "?day=2001-01-01", 404),
            (reader, path + "?day=yesterday", 400),
            (reader, path + "?model=sms-spam", 400),
            (reader, "manage/audit/payloads/" + Uri.EscapeDataString("' or '1' eq '1"), 404),
        ];
        foreach (var (key, asked, status) in refused)
        {
            var answer = await ServedApp.SendAsync(app.Client, key, "GET", asked);
            answer.Status.ShouldBe(status, asked);
            _marks.All.ShouldAllBe(mark => !answer.Text.Contains(mark.Text, StringComparison.Ordinal));
        }

        (await ServedApp.SendAsync(app.Client, reader, "DELETE", path)).Status.ShouldBe(405);
        app.Vault.Faults.Unavailable = true;
        (await ServedApp.SendAsync(app.Client, reader, "GET", path)).Status.ShouldBe(200); // its version of the secret never changes
        app.Vault.Faults.Unavailable = false;
        (await ServedApp.SendAsync(app.Client, reader, "GET", $"{path}?day={day}")).Status.ShouldBe(200, id);
    }
}
