using Azure.Identity;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class PayloadCaptureTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    private readonly FaultyTable _table = new();
    private readonly FixedSecrets _secrets = new();

    [Fact]
    public async Task A_payload_is_stored_unreadable_and_comes_back_whole()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        var payload = Enumerable.Repeat("marked secret "u8.ToArray(), 10_000).SelectMany(b => b).ToArray();

        await store.WriteAsync(Today, "request-1", "m", payload, default);

        var read = (await ReadAsync(store, "request-1", Today)).ShouldHaveSingleItem();
        (read.Day, read.Model).ShouldBe((Today, "m"));
        read.Content!.Value.ToArray().ShouldBe(payload);
        (await ReadAsync(store, "request-1")).ShouldHaveSingleItem().Content.ShouldNotBeNull();
        (await ReadAsync(store, "request-2", Today)).ShouldBeEmpty();
        (await ReadAsync(store, "request-1", Today.AddDays(1))).ShouldBeEmpty();
        _table.Rows.SelectMany(row => row.Keys.Select(key => row[key])).OfType<byte[]>().ShouldAllBe(bytes => IsOpaque(bytes));
    }

    [Theory]
    [InlineData("Key")]
    [InlineData("P00")]
    public async Task A_changed_or_moved_payload_is_not_believed(string property)
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        await store.WriteAsync(Today, "request-1", "m", [1, 2, 3], default);
        var row = _table.Rows.Single();
        var moved = new Azure.Data.Tables.TableEntity(row) { RowKey = row.RowKey.Replace("request-1", "request-2") };
        _table.Put(moved);

        row.GetBinary(property)![^1] ^= 1;
        _table.Put(row);

        (await ReadAsync(store, "request-1")).ShouldHaveSingleItem().Content.ShouldBeNull();
        (await ReadAsync(store, "request-2")).ShouldHaveSingleItem().Content.ShouldBeNull();
    }

    [Fact]
    public async Task An_id_that_stands_for_very_much_is_read_up_to_a_bound_and_says_so()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        for (var i = 0; i < 40; i++)
        {
            await store.WriteAsync(Today.AddDays(i / 35), "mine", "m", new byte[512 << 10], default);
        }

        var (payloads, hasMore) = await store.ReadAsync("mine", null, _ => true, default);

        payloads.Count.ShouldBe(32);
        hasMore.ShouldBeTrue();
        (await store.ReadAsync("mine", Today.AddDays(1), _ => true, default)).HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task An_id_finds_no_payload_of_an_id_that_begins_with_it()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        await store.WriteAsync(Today, "a.b", "m", [1], default);
        await store.WriteAsync(Today, "ab", "m", [1], default);

        (await ReadAsync(store, "a")).ShouldBeEmpty();
        (await ReadAsync(store, "a.b")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_payload_of_a_model_that_the_reader_may_not_see_is_not_even_decrypted()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        await store.WriteAsync(Today, "request-1", "hidden", [1], default);
        _secrets.IsAway = true;

        (await store.ReadAsync("request-1", null, model => model != "hidden", default)).Payloads.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payload_under_a_secret_of_another_deployment_cannot_be_read()
    {
        await new PayloadStore(_table, _secrets, TimeProvider.System).WriteAsync(Today, "request-1", "m", [1], default);

        (await ReadAsync(new PayloadStore(_table, new FixedSecrets { Missing = "v1" }, TimeProvider.System), "request-1")).ShouldHaveSingleItem().Content.ShouldBeNull();
        (await ReadAsync(new PayloadStore(_table, new OtherSecrets(), TimeProvider.System), "request-1")).ShouldHaveSingleItem().Content.ShouldBeNull();
    }

    [Fact]
    public async Task A_vault_that_is_away_is_not_taken_for_a_payload_that_cannot_be_read()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        await store.WriteAsync(Today, "request-1", "m", [1], default);
        _secrets.IsAway = true;

        await Should.ThrowAsync<Azure.RequestFailedException>(() => ReadAsync(store, "request-1"));
    }

    [Theory]
    [InlineData("text \u001b[31m", "text")]
    [InlineData(null, "base64")]
    public void A_payload_is_written_as_text_where_it_is_text(string? text, string member)
    {
        var payload = new CapturedPayload(Today, "m", text is null ? [0xFF, 0x00] : System.Text.Encoding.UTF8.GetBytes(text));
        using var stream = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(stream))
        {
            payload.Write(json);
        }

        var written = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        written.ShouldContain($"\"{member}\"");
        written.ShouldNotContain("\u001b");
        payload.ToString().ShouldBe(typeof(CapturedPayload).FullName);
    }

    [Fact]
    public async Task Payloads_go_by_their_time_even_where_nothing_is_captured_any_more()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        var time = new ManualTimeProvider(new DateTimeOffset(Today, TimeOnly.MinValue, TimeSpan.Zero));
        await store.WriteAsync(Today.AddDays(-31), "old", "m", [1], default);
        await store.WriteAsync(Today, "new", "m", [1], default);
        var retention = new AuditRetention(
            new AuditArchive(new FaultyTable(), _secrets, time), store, Options.Create(new AuditOptions()), time, NullLogger<AuditRetention>.Instance);

        await retention.SweepAsync(default);

        (await ReadAsync(store, "old")).ShouldBeEmpty();
        (await ReadAsync(store, "new")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Payloads_go_by_their_time_although_the_trail_cannot_be_swept()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        var time = new ManualTimeProvider(new DateTimeOffset(Today, TimeOnly.MinValue, TimeSpan.Zero));
        await store.WriteAsync(Today.AddDays(-31), "old", "m", [1], default);
        var trail = new FaultyTable { FailsBefore = () => true };
        var retention = new AuditRetention(
            new AuditArchive(trail, _secrets, time), store, Options.Create(new AuditOptions()), time, NullLogger<AuditRetention>.Instance);

        await retention.SweepAsync(default);

        (await ReadAsync(store, "old")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_payloads_go()
    {
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        await store.WriteAsync(Today.AddDays(-31), "request-1", "m", [1], default);
        await store.WriteAsync(Today.AddDays(-30), "request-1", "m", [1], default);

        (await store.SweepAsync(Today.AddDays(-30), default)).ShouldBe(1);

        _table.Rows.ShouldHaveSingleItem().PartitionKey.ShouldBe("p-20261023");
    }

    [Theory]
    [InlineData("off unless the deployment names the model", "other", false, false)]
    [InlineData("on for a named model", "m", false, true)]
    [InlineData("off where the model forbids it, whatever the deployment says", "m", true, false)]
    public void Capture_is(string sentence, string configured, bool isForbidden, bool expected)
    {
        var options = new AuditOptions();
        options.CaptureModels.Add(configured);
        using var capture = new PayloadCapture(
            new PayloadStore(_table, _secrets, TimeProvider.System), Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);

        capture.Captures(Manifest(isForbidden)).ShouldBe(expected, sentence);
        capture.TryCapture(Manifest(isForbidden), "request-1", [1]).ShouldBe(expected, sentence);
    }

    [Fact]
    public async Task A_captured_payload_is_cut_and_stored_in_the_background()
    {
        var options = new AuditOptions { MaxCaptureBytes = 1024 };
        options.CaptureModels.Add("m");
        var store = new PayloadStore(_table, _secrets, TimeProvider.System);
        using var capture = new PayloadCapture(store, Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);
        capture.TryCapture(Manifest(false), "request-1", new byte[5000]).ShouldBeTrue();

        await capture.StartAsync(default);
        await capture.StoppedAsync(default);
        await (capture.ExecuteTask ?? Task.CompletedTask);

        (await ReadAsync(store, "request-1")).ShouldHaveSingleItem().Content!.Value.Length.ShouldBe(1024);
    }

    [Theory]
    [InlineData("the vault's time-out")]
    [InlineData("the identity's failure")]
    [InlineData("a vault's answer that is cut")]
    public async Task Capture_outlives(string trouble)
    {
        var options = new AuditOptions();
        options.CaptureModels.Add("m");
        var secrets = new TroubledSecrets(trouble switch
        {
            "the vault's time-out" => new TaskCanceledException(),
            "the identity's failure" => new AuthenticationFailedException("no identity"),
            _ => new HttpIOException(HttpRequestError.ResponseEnded),
        });
        var store = new PayloadStore(_table, secrets, TimeProvider.System);
        using var capture = new PayloadCapture(store, Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);
        await capture.StartAsync(default);

        capture.TryCapture(Manifest(false), "lost", [1]).ShouldBeTrue();
        capture.TryCapture(Manifest(false), "kept", [1]).ShouldBeTrue();
        await capture.StoppedAsync(default);

        capture.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue(capture.ExecuteTask.Exception?.ToString());
        _table.Rows.ShouldHaveSingleItem().RowKey.ShouldStartWith("kept.");
    }

    [Fact]
    public async Task The_vault_is_not_asked_for_each_payload_and_a_new_secret_is_used_within_minutes()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(Today, TimeOnly.MinValue, TimeSpan.Zero));
        var store = new PayloadStore(_table, _secrets, time);
        await store.WriteAsync(Today, "first", "m", [1], default);
        (_secrets.Current, _secrets.IsAway) = ("v2", true);
        await store.WriteAsync(Today, "second", "m", [1], default);
        _secrets.IsAway = false;

        time.Advance(TimeSpan.FromMinutes(5));
        await store.WriteAsync(Today, "third", "m", [1], default);

        _table.Rows.OrderBy(row => row.RowKey, StringComparer.Ordinal).Select(row => row.GetString("KeyVersion")).ShouldBe(["v1", "v1", "v2"]);
    }

    private static async Task<IReadOnlyList<CapturedPayload>> ReadAsync(PayloadStore store, string requestId, DateOnly? day = null) =>
        (await store.ReadAsync(requestId, day, _ => true, default)).Payloads;

    private static bool IsOpaque(byte[] bytes) => bytes.Length <= 64 << 10 && bytes.AsSpan().IndexOf("marked"u8) < 0;

    private static ModelManifest Manifest(bool isForbidden) => new()
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
        CaptureForbidden = isForbidden,
    };

    // Fails once.
    private sealed class TroubledSecrets(Exception trouble) : IAuditSecrets
    {
        private readonly FixedSecrets _secrets = new();
        private bool _hasFailed;

        public ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken)
        {
            if (_hasFailed)
            {
                return _secrets.GetAsync(version, cancellationToken);
            }

            _hasFailed = true;
            throw trouble;
        }
    }

    // A version by the same name, and another value.
    private sealed class OtherSecrets : IAuditSecrets
    {
        public ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken) =>
            new(new AuditSecret("v1", Enumerable.Repeat((byte)7, AuditSecret.MinKeyBytes).ToArray()));
    }
}
