using Azure;
using Azure.Data.Tables;

namespace StandIns.Tests.Tables;

public class TableEntityTests
{
    [Fact]
    public void An_absent_value_is_null_by_every_getter()
    {
        var entity = new TableEntity();

        entity["A"].ShouldBeNull();
        entity.GetString("A").ShouldBeNull();
        entity.GetBinary("A").ShouldBeNull();
        entity.GetBinaryData("A").ShouldBeNull();
        entity.GetBoolean("A").ShouldBeNull();
        entity.GetDateTime("A").ShouldBeNull();
        entity.GetDateTimeOffset("A").ShouldBeNull();
        entity.GetDouble("A").ShouldBeNull();
        entity.GetGuid("A").ShouldBeNull();
        entity.GetInt32("A").ShouldBeNull();
        entity.GetInt64("A").ShouldBeNull();
        entity.PartitionKey.ShouldBeNull();
        entity.ETag.ShouldBe(default);
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        var entity = new TableEntity { ["A"] = 1 };

        Should.Throw<InvalidOperationException>(() => entity.GetInt64("A"));
        Should.Throw<InvalidOperationException>(() => entity.GetString("A"));
        Should.Throw<InvalidOperationException>(() => entity["A"] = 1L);
    }

    [Fact]
    public void Keys_version_and_time_are_values_too()
    {
        var entity = new TableEntity("p", "r") { ETag = new ETag("W/\"1\""), Timestamp = DateTimeOffset.UnixEpoch };

        entity.Keys.ShouldBe(["PartitionKey", "RowKey", "odata.etag", "Timestamp"]);
        entity["odata.etag"].ShouldBe("W/\"1\"");
        new TableEntity(entity).ETag.ShouldBe(new ETag("W/\"1\""));
    }

    [Fact]
    public void Times_read_as_either_type()
    {
        var entity = new TableEntity { ["A"] = DateTimeOffset.UnixEpoch, ["B"] = DateTime.UnixEpoch };

        entity.GetDateTime("A").ShouldBe(DateTime.UnixEpoch);
        entity.GetDateTimeOffset("B").ShouldBe(DateTimeOffset.UnixEpoch);
    }
}
