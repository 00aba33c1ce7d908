using System.Buffers;
using System.Text;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class AuditRowsTests : IDisposable
{
    private const int MaxPropertyBytes = 65_536;
    private const int MaxRowBytes = 1_000_000;

    private readonly AuditWorld _world = new();

    [Fact]
    public void Records_sent_again_with_later_ones_replace_their_own_rows()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 60; trial++)
        {
            var first = random.Next(1, 100_000);
            var longest = random.Next(8) == 0 ? Core.Audit.Chains.Frame.MaxLength - 100 : 900;
            var frames = Enumerable.Range(first, random.Next(1, longest > 900 ? 40 : 3000)).Select(i => Frame(random, i, random.Next(2, longest))).ToList();
            var sent = random.Next(1, frames.Count + 1);

            var once = AuditRows.OfRecords("c", frames[..sent]).ToList();
            var again = AuditRows.OfRecords("c", frames).ToList();

            again.Take(once.Count).Select(row => row.RowKey).ShouldBe(once.Select(row => row.RowKey));
            once.SkipLast(1).Zip(again).ShouldAllBe(pair => Lines(pair.First) == Lines(pair.Second));
            Lines(again[once.Count - 1]).ShouldStartWith(Lines(once[^1]));
            Read(again).ShouldBe(frames.Select(frame => (frame.Sequence, Encoding.UTF8.GetString(frame.Body))));
            again.ShouldAllBe(row => Bytes(row).All(value => value.Length <= MaxPropertyBytes));
            again.ShouldAllBe(row => Bytes(row).Sum(value => value.Length) < MaxRowBytes && AuditRows.CountOf(row) <= AuditRows.MaxRecords);
        }
    }

    [Fact]
    public async Task Records_that_wait_together_share_a_row()
    {
        await _world.StoreAsync(1000, perRow: 1000);

        _world.Fake.Rows.Count(row => row.PartitionKey.StartsWith("c-", StringComparison.Ordinal)).ShouldBeLessThan(25);
        (await _world.ReadAsync()).Select(entry => entry.Text("request")).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"request-{i}"));
        (await _world.VerifyAsync()).Records.ShouldBe(1000);
    }

    [Fact]
    public async Task A_page_begins_inside_a_row()
    {
        await _world.StoreAsync(300, perRow: 300);
        var chain = (await _world.ReadAsync())[0].Chain;

        for (var after = 0; after <= 300; after += 13)
        {
            var rest = await _world.ReadAsync(after: new AuditCursor(chain, after));
            rest.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(after + 1, 300 - after).Select(i => (long)i));
        }
    }

    public void Dispose() => _world.Dispose();

    // Nothing in a record repeats, so that rows are as large as they can be.
    private static Frame Frame(Random random, long sequence, int length)
    {
        var builder = new FrameBuilder();
        builder.Begin([]);
        builder.Write([.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(' ', '~'))]);
        return builder.Complete(sequence, new byte[AuditKeys.MacLength]);
    }

    private static IEnumerable<byte[]> Bytes(TableEntity row) => row.Keys.Select(key => row[key]).OfType<byte[]>();

    private static string Lines(TableEntity row) =>
        string.Join('\n', AuditRowReader.ReadRecords(row)!.Value.Records.Select(record => Encoding.UTF8.GetString(record.Span)));

    private static IEnumerable<(long, string)> Read(IEnumerable<TableEntity> rows) =>
        rows.Select(row => AuditRowReader.ReadRecords(row)!.Value).SelectMany(run => run.Records.Select((record, i) => (run.First + i, Encoding.UTF8.GetString(record.Span))));
}
