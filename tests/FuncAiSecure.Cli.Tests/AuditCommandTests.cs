using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Cli.Tests;

/// <summary>A trail that the application's own registration has written over the real protocols, read by the operator.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private readonly string _journal = Path.Combine(Path.GetTempPath(), "funcai-cli-audit-" + Guid.NewGuid().ToString("N"));
    private LocalVaultFixture _vault = null!;
    private AzuriteFixture _azurite = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync();
        _azurite = await AzuriteFixture.StartAsync();
        (await RunAsync("audit", "init")).ExitCode.ShouldBe(0);
        await WriteTrailAsync(5);
    }

    public async Task DisposeAsync()
    {
        await _azurite.DisposeAsync();
        await _vault.DisposeAsync();
        if (Directory.Exists(_journal))
        {
            Directory.Delete(_journal, recursive: true);
        }
    }

    [Fact]
    public async Task Init_makes_the_secret_once() =>
        (await RunAsync("audit", "init", "--output", "json")).Json.AsObject().ShouldAllBe(made => !made.Value!.GetValue<bool>());

    [Fact]
    public async Task Payload_shows_what_was_captured_and_the_reading_is_on_record()
    {
        await CaptureAsync("captured-1", "marked \u001b text");

        var read = await RunAsync("audit", "payload", "captured-1");
        var record = (await RunAsync("audit", "query", "--from", "2000-01-01", "--output", "json")).Json.AsArray()
            .Single(record => record!["action"]!.GetValue<string>() == "ReadPayload")!;

        read.ExitCode.ShouldBe(0, read.Error);
        read.Output.ShouldContain("marked");
        read.Output.ShouldNotContain("\u001b");
        record["subject"]!.GetValue<string>().ShouldBe("captured-1");
        record["model"]!.GetValue<string>().ShouldBe("m");
        record["principal"]!.GetValue<string>().ShouldStartWith("cli:");
        record.ToJsonString().ShouldNotContain("marked");
        (await RunAsync("audit", "verify")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("audit verify --to 1/2")]
    [InlineData("audit verify --from 12/31/2026")]
    [InlineData("audit query --from 2026-1-2")]
    [InlineData("audit export --to 20260102")]
    [InlineData("audit payload captured-1 --day 01/02/2026")]
    public async Task Day_in_any_other_form_is_refused_and_nothing_is_read_by_it(string line)
    {
        var run = await RunAsync(line.Split(' '));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"\"{line.Split(' ')[^1]}\" is not a day as 2026-01-31.");
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("")]
    [InlineData("1:")]
    [InlineData("1:3c88699a3edaf8f2864259beaff80482a8ae31f0f455029b34145ac0cf136d7")]
    public async Task What_is_no_checkpoint_is_refused_and_not_called_a_broken_trail(string checkpoint)
    {
        var run = await RunAsync("audit", "verify", "--checkpoint", checkpoint);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("--checkpoint is not what 'funcai audit verify' printed");
        run.Output.ShouldNotContain("RolledBack");
    }

    [Fact]
    public async Task Payload_that_is_not_there_fails_and_the_asking_is_on_record_all_the_same()
    {
        var read = await RunAsync("audit", "payload", "nobody's", "--day", "2026-01-31");

        read.ExitCode.ShouldBe(1);
        read.Output.ShouldBeEmpty();
        (await RunAsync("audit", "query", "--outcome", "NotFound")).Output.ShouldContain("ReadPayload");
    }

    [Fact]
    public async Task Payload_is_not_shown_where_the_reading_cannot_be_recorded()
    {
        await CaptureAsync("captured-2", "marked text");
        var settings = Settings();
        settings[$"{AuditOptions.SectionName}:SecretName"] = "no-such-secret";

        var read = await CliRun.RunAsync(settings, TimeProvider.System, ["audit", "payload", "captured-2"]);

        read.ExitCode.ShouldBe(1);
        (read.Output + read.Error).ShouldNotContain("marked");
    }

    [Fact]
    public async Task Payload_of_another_deployment_stays_closed()
    {
        await CaptureAsync("captured-3", "marked text");
        var settings = Settings();
        settings[$"{AuditOptions.SectionName}:PayloadSecretName"] = "audit-key";

        var read = await CliRun.RunAsync(settings, TimeProvider.System, ["audit", "payload", "captured-3"]);

        read.Output.ShouldContain("\"readable\":false");
        read.Output.ShouldNotContain("marked");
    }

    [Fact]
    public async Task Tail_query_and_export_show_what_was_recorded()
    {
        var tail = await RunAsync("audit", "tail", "-n", "2", "--output", "json");
        var query = await RunAsync("audit", "query", "--principal", "caller-1", "--outcome", "served");
        var export = await RunAsync("audit", "export");

        tail.ExitCode.ShouldBe(0, tail.Error);
        tail.Json.AsArray().Select(record => record!["request"]!.GetValue<string>()).ShouldBe(["request-3", "request-4"]);
        query.Output.ShouldContain("request-0");
        query.Output.ShouldContain("caller-1");
        var lines = export.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(5);
        lines.ShouldAllBe(line => IsObject(line));
        (await RunAsync("audit", "query", "--from", "2999-01-01")).Output.Trim().ShouldBe("nothing found");
    }

    [Fact]
    public async Task Verify_tells_an_intact_trail_from_a_broken_one_by_its_exit_code()
    {
        var intact = await RunAsync("audit", "verify", "--output", "json");
        var table = new TableClient(_azurite.ConnectionString, "audit");
        var row = table.Query<TableEntity>().Where(row => row.ContainsKey("Records")).MinBy(row => row.RowKey, StringComparer.Ordinal)!;
        await table.DeleteEntityAsync(row);
        var broken = await RunAsync("audit", "verify", "--checkpoint", intact.Json["checkpoint"]!.GetValue<string>());

        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Json["records"]!.GetValue<long>().ShouldBe(5);
        broken.ExitCode.ShouldBe(3);
        broken.Output.ShouldContain($"{row.PartitionKey} record 1: Missing");
    }

    [Fact]
    public async Task Forget_takes_the_name_and_leaves_the_records()
    {
        (await RunAsync("audit", "forget", "caller-1", "--output", "json")).Json["keysDestroyed"]!.GetValue<int>().ShouldBe(1);

        (await RunAsync("audit", "query", "--principal", "caller-1")).Output.Trim().ShouldBe("nothing found");
        (await RunAsync("audit", "export")).Output.ShouldNotContain("caller-1");
        (await RunAsync("audit", "verify")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("audit forget not;a;principal")]
    [InlineData("audit query --principal not;a;principal")]
    [InlineData("audit tail -n 0")]
    [InlineData("audit query --from yesterday")]
    [InlineData("audit query --limit 0")]
    [InlineData("audit query --limit -1")]
    public async Task What_cannot_be_meant_fails(string command) => (await RunAsync(command.Split(' '))).ExitCode.ShouldBe(1);

    [Theory]
    [InlineData("query")]
    [InlineData("export")]
    public async Task Outcome_that_nothing_has_is_refused_and_not_answered_by_nothing(string command)
    {
        var run = await RunAsync("audit", command, "--outcome", "quota-exceeded");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("--outcome: No record has that outcome.");
        run.Error.ShouldContain("QuotaExceeded");
        run.Output.ShouldNotContain("nothing found");
    }

    [Fact]
    public async Task Storage_that_refuses_is_a_message_and_not_a_stack()
    {
        var wrong = Settings();
        wrong["AzureWebJobsStorage"] = _azurite.ConnectionString.Replace(AzuriteFixture.AccountKey, Convert.ToBase64String(new byte[64]), StringComparison.Ordinal);

        var run = await CliRun.RunAsync(wrong, TimeProvider.System, ["audit", "tail"]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldStartWith("Storage or vault refused: 403");
    }

    [Theory]
    [InlineData("audit tail")]
    [InlineData("audit query")]
    [InlineData("audit export")]
    [InlineData("audit verify")]
    [InlineData("audit forget caller-1")]
    [InlineData("audit payload request-1")]
    public async Task Storage_that_is_away_is_a_message_and_not_a_stack(string command)
    {
        var away = Settings();
        away["AzureWebJobsStorage"] = Regex.Replace(_azurite.ConnectionString, ":[0-9]+/", ":9/");

        var run = await CliRun.RunAsync(away, TimeProvider.System, command.Split(' '));

        run.ExitCode.ShouldBe(1);
        run.Error.Trim().ShouldBe("Storage or vault did not answer.");
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_vault_that_is_away_is_a_message_and_not_a_stack()
    {
        var away = Settings();
        away["FuncAiSecure:Vault:Uri"] = "https://127.0.0.1:9/";

        var run = await CliRun.RunAsync(away, TimeProvider.System, ["audit", "verify"]);

        run.ExitCode.ShouldBe(1);
        run.Error.Trim().ShouldBe("Storage or vault did not answer.");
    }

    [Fact]
    public async Task Query_says_where_it_leaves_records_out()
    {
        var some = await RunAsync("audit", "query", "--limit", "2", "--output", "json");
        var all = await RunAsync("audit", "query", "--limit", "5", "--output", "json");

        some.ExitCode.ShouldBe(0, some.Error);
        some.Json.AsArray().Count.ShouldBe(2);
        some.Error.Trim().ShouldBe("There are more records than these 2; --limit shows more, and 'funcai audit export' all.");
        all.Json.AsArray().Count.ShouldBe(5);
        all.Error.ShouldBeEmpty();
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(Settings(), TimeProvider.System, args);

    private Dictionary<string, string?> Settings() => new(_vault.Settings)
    {
        ["AzureWebJobsStorage"] = _azurite.ConnectionString,
        [$"{AuditOptions.SectionName}:JournalDirectory"] = _journal,
    };

    private async Task WriteTrailAsync(int count)
    {
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Configuration.AddInMemoryCollection(Settings());
        app.Services.AddSingleton(_vault.CreateClient());
        app.Services.AddSingleton(new TableServiceClient(_azurite.ConnectionString));
        app.Services.AddAudit(app.Configuration);
        using var host = app.Build();
        await host.StartAsync();
        var trail = host.Services.GetRequiredService<AuditTrail>();
        for (var i = 0; i < count; i++)
        {
            trail.TryRecord(Record(i)).ShouldBeTrue();
        }

        await host.StopAsync();
    }

    // By the store that the application captures with, under the secret that init has made.
    private async Task CaptureAsync(string requestId, string text)
    {
        var store = new PayloadStore(
            new TableClient(_azurite.ConnectionString, new AuditOptions().PayloadTableName),
            new VaultAuditSecrets(_vault.CreateClient(), new AuditOptions().PayloadSecretName),
            TimeProvider.System);
        var options = new AuditOptions();
        options.CaptureModels.Add("m");
        using var capture = new PayloadCapture(store, Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);
        await capture.StartAsync(default);
        capture.TryCapture(Manifest(), requestId, Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        await capture.StoppedAsync(default);
    }

    private static ModelManifest Manifest() => new()
    {
        Name = "m",
        Version = 1,
        Task = default,
        Description = "",
        License = "",
        Provenance = null!,
        Files = [],
        Inputs = [],
        Outputs = [],
    };

    private static AuditRecord Record(int number) => new()
    {
        Action = "ModelInfer",
        Outcome = "served",
        Status = 200,
        RequestId = $"request-{number}",
        Principal = new Principal
        {
            Id = PrincipalId.TryParse("caller-1", out var id) ? id : default,
            CredentialKind = CredentialKind.ApiKey,
            CredentialId = "key-1",
            Roles = Roles.Infer,
            Models = ["*"],
        },
    };

    private static bool IsObject(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }
}
