using System.Linq.Expressions;
using Azure;
using Azure.Data.Tables;

namespace StandIns.Tests.Tables;

public class FilterTests
{
    private static readonly Guid SomeGuid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    public static TheoryData<string, FormattableString> Literals => new()
    {
        { "A eq 'it''s'", $"A eq {"it's"}" },
        { "A eq 1", $"A eq {1}" },
        { "A eq 1L", $"A eq {1L}" },
        { "A eq 1.0", $"A eq {1.0}" },
        { "A eq 1.5", $"A eq {1.5}" },
        { "A eq true and B eq false", $"A eq {true} and B eq {false}" },
        { "A lt datetime'1970-01-01T00:00:00.0000000Z'", $"A lt {DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(2))}" },
        { "A eq guid'00112233-4455-6677-8899-aabbccddeeff'", $"A eq {SomeGuid}" },
        { "A eq X'00FF'", $"A eq {new byte[] { 0, 255 }}" },
    };

    public static TheoryData<string, Expression<Func<Row, bool>>> Lambdas => new()
    {
        { "RowKey eq 'x'", e => e.RowKey == "x" },
        { "N gt 1", e => 1 < e.N },
        { "N eq 1", e => e.N!.Value == 1 },
        { "Flag eq true", e => e.Flag },
        { "not (Flag eq true)", e => !e.Flag },
        { "(N ge 1) and (N le 2)", e => e.N >= 1 && e.N <= 2 },
        { "(N ne 1) or (Flag eq false)", e => e.N != 1 || e.Flag == false },
        { "Kind eq 'Second'", e => e.Kind == RowKind.Second },
        { "RowKey lt 'it''s'", e => e.RowKey.CompareTo("it's") < 0 },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void Interpolated_values_become_literals(string expected, FormattableString filter) =>
        TableClient.CreateQueryFilter(filter).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Lambdas))]
    public void Lambda_becomes_a_filter(string expected, Expression<Func<Row, bool>> filter) =>
        TableClient.CreateQueryFilter(filter).ShouldBe(expected);

    [Fact]
    public void Values_that_cannot_be_said_are_refused()
    {
        Should.Throw<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
        Should.Throw<NotSupportedException>(() => TableClient.CreateQueryFilter<Row>(e => e.RowKey.StartsWith('x')));
    }

    public enum RowKind
    {
        First,
        Second,
    }

    public sealed class Row : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int? N { get; set; }

        public bool Flag { get; set; }

        public RowKind Kind { get; set; }
    }
}
