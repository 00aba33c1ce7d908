using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Models;
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
        var store = new PayloadStore(_table, _secrets);
        var payload = Enumerable.Repeat("marked secret "u8.ToArray(), 10_000).SelectMany(b => b).ToArray();

        await store.WriteAsync(Today, "request-1", "m", payload, default);

        (await store.ReadAsync(Today, "request-1", default)).ShouldHaveSingleItem().ShouldBe(payload);
        (await store.ReadAsync(Today, "request-2", default)).ShouldBeEmpty();
        (await store.ReadAsync(Today.AddDays(1), "request-1", default)).ShouldBeEmpty();
        _table.Rows.SelectMany(row => row.Keys.Select(key => row[key])).OfType<byte[]>().ShouldAllBe(bytes => IsOpaque(bytes));
    }

    [Theory]
    [InlineData("Key")]
    [InlineData("P00")]
    public async Task A_changed_or_moved_payload_is_not_believed(string property)
    {
        var store = new PayloadStore(_table, _secrets);
        await store.WriteAsync(Today, "request-1", "m", [1, 2, 3], default);
        var row = _table.Rows.Single();
        var moved = new Azure.Data.Tables.TableEntity(row) { RowKey = row.RowKey.Replace("request-1", "request-2") };
        _table.Put(moved);

        row.GetBinary(property)![^1] ^= 1;
        _table.Put(row);

        (await store.ReadAsync(Today, "request-1", default)).ShouldBeEmpty();
        (await store.ReadAsync(Today, "request-2", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_payloads_go()
    {
        var store = new PayloadStore(_table, _secrets);
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
            new PayloadStore(_table, _secrets), Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);

        capture.Captures(Manifest(isForbidden)).ShouldBe(expected, sentence);
        capture.TryCapture(Manifest(isForbidden), "request-1", [1]).ShouldBe(expected, sentence);
    }

    [Fact]
    public async Task A_captured_payload_is_cut_and_stored_in_the_background()
    {
        var options = new AuditOptions { MaxCaptureBytes = 1024 };
        options.CaptureModels.Add("m");
        var store = new PayloadStore(_table, _secrets);
        using var capture = new PayloadCapture(store, Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);
        capture.TryCapture(Manifest(false), "request-1", new byte[5000]).ShouldBeTrue();

        await capture.StartAsync(default);
        await capture.StopAsync(default);
        await (capture.ExecuteTask ?? Task.CompletedTask);

        (await store.ReadAsync(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), "request-1", default)).ShouldHaveSingleItem().Length.ShouldBe(1024);
    }

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
}
