using System.Buffers;
using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Records that somebody else has written into the table: they end no reading, and the others are read.</summary>
public sealed class ForeignRecordTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Theory]
    [InlineData("{\"who\":5}")]
    [InlineData("{\"who\":{},\"about\":[1]}")]
    [InlineData("{\"who\":\"a\",\"who\":\"b\"}")]
    [InlineData("{\"model\":1,\"request\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"model\":\"\\ud800\"}")]
    [InlineData("{\"other\":\"\\udc00\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("5")]
    [InlineData("{")]
    public async Task A_record_that_no_process_wrote_ends_no_reading(string record)
    {
        await _world.StoreAsync(2, perRow: 1);
        var row = _world.Fake.Rows.Single(row => row.RowKey == "0000000001" && row.PartitionKey.StartsWith("c-", StringComparison.Ordinal));
        row["Records"] = PackedLines.Pack(Encoding.UTF8.GetBytes(record));
        _world.Fake.Put(row);

        var entries = await _world.ReadAsync();

        entries[^1].Text("request").ShouldBe("request-1");
        foreach (var entry in entries)
        {
            using var json = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
            entry.Write(json);
        }

        (await _world.VerifyAsync()).IsIntact.ShouldBeFalse();
    }

    public void Dispose() => _world.Dispose();
}
