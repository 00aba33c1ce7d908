using System.Globalization;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace StandIns.Tests.Tables;

[Collection(TableServiceTests.Name)]
public class RoundTripTests(TableServiceFixture fixture)
{
    [Fact]
    public async Task Every_type_comes_back_as_it_went()
    {
        var table = await fixture.NewTableAsync();
        var row = 0;

        Prop.ForAll(Values().ToArbitrary(), value =>
        {
            var key = (row++).ToString(CultureInfo.InvariantCulture);
            table.AddEntity(new TableEntity("p", key) { ["V"] = value });

            var read = table.GetEntity<TableEntity>("p", key).Value["V"];

            return Same(value, read).Label($"{value.GetType()} {value} became {read?.GetType()} {read}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public async Task Own_classes_come_back_as_they_went()
    {
        var table = await fixture.NewTableAsync();
        var sent = new Sample
        {
            PartitionKey = "p",
            RowKey = "r",
            Long = long.MinValue,
            Whole = 5.0,
            Kind = SampleKind.Second,
            Time = new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc).AddTicks(1234567),
            Bytes = [0, 255],
            Renamed = "x",
            Ignored = "y",
        };

        var version = (await table.AddEntityAsync(sent)).Headers.ETag!.Value;
        var read = (await table.GetEntityAsync<Sample>("p", "r")).Value;
        var plain = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        read.Long.ShouldBe(sent.Long);
        read.Whole.ShouldBe(5.0);
        read.Kind.ShouldBe(SampleKind.Second);
        read.Time.ShouldBe(sent.Time);
        read.Bytes.ShouldBe(sent.Bytes);
        read.Renamed.ShouldBe("x");
        read.Absent.ShouldBeNull();
        read.ETag.ShouldBe(version);
        read.Timestamp.ShouldNotBeNull();
        plain.Keys.ShouldNotContain(nameof(Sample.Ignored));
        plain.Keys.ShouldNotContain(nameof(Sample.Absent));
        plain.GetString("Other").ShouldBe("x");
        plain.GetString(nameof(Sample.Kind)).ShouldBe("Second");
    }

    private static Gen<object> Values() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Where(s => s is not null && !s.Any(char.IsSurrogate)).Select(s => (object)s),
        ArbMap.Default.GeneratorFor<int>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<long>().Select(v => (object)(v * 4_000_000_007)),
        ArbMap.Default.GeneratorFor<double>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<bool>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<Guid>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<byte[]>().Where(v => v is not null).Select(v => (object)v),
        ArbMap.Default.GeneratorFor<int>().Select(v => (object)DateTimeOffset.UnixEpoch.AddTicks(v * 12_345_678_901L)));

    private static bool Same(object sent, object? read) =>
        sent is byte[] bytes ? read is byte[] other && bytes.AsSpan().SequenceEqual(other) : sent.Equals(read);

    private enum SampleKind
    {
        First,
        Second,
    }

    private sealed class Sample : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public long Long { get; set; }

        public double Whole { get; set; }

        public SampleKind Kind { get; set; }

        public DateTime Time { get; set; }

        public byte[] Bytes { get; set; } = [];

        public Guid? Absent { get; set; }

        [DataMember(Name = "Other")]
        public string Renamed { get; set; } = "";

        [IgnoreDataMember]
        public string Ignored { get; set; } = "";
    }
}
