using System.Reflection;
using Azure.Data.Tables;
using StandIns.Tests.Functions;

namespace StandIns.Tests.Tables;

/// <summary>The listing holds official signatures: a stand-in that lacks or invents a member fails here.</summary>
public class TablesSurfaceTests
{
    private static readonly Assembly Assembly = typeof(TableClient).Assembly;

    private static readonly string[] Listing = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Tables", "official-surface.txt"));

    [Fact]
    public void Every_official_member_of_the_listing_exists() => Listing.Except(PublicSurface.Of(Assembly)).ShouldBeEmpty();

    [Fact]
    public void The_stand_in_has_no_member_that_the_official_package_lacks()
    {
        if (Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(m => m.Key == "StandIn"))
        {
            PublicSurface.Of(Assembly).Except(Listing).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Assembly_has_the_official_name() => Assembly.GetName().Name.ShouldBe("Azure.Data.Tables");
}
