using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;

namespace StandIns.Tests.Functions;

/// <summary>The listing is written from the official sources: a stand-in that lacks or invents a member fails here.</summary>
public class WorkerSurfaceTests
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(FunctionAttribute).Assembly, typeof(FunctionContext).Assembly, typeof(FunctionsApplication).Assembly,
        typeof(HttpTriggerAttribute).Assembly, typeof(TimerTriggerAttribute).Assembly,
        typeof(FunctionsApplicationBuilderAspNetCoreExtensions).Assembly,
    ];

    private static readonly string[] Listing = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Functions", "official-surface.txt"));

    [Fact]
    public void Every_official_member_of_the_listing_exists() =>
        Listing.Except(PublicSurface.Of(Assemblies)).ShouldBeEmpty();

    [Fact]
    public void A_stand_in_has_no_member_that_the_official_packages_lack()
    {
        var standIns = Assemblies.Where(a => a.GetCustomAttributes<AssemblyMetadataAttribute>().Any(m => m.Key == "StandIn"));

        PublicSurface.Of(standIns).Except(Listing).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(FunctionAttribute), "Microsoft.Azure.Functions.Worker")]
    [InlineData(typeof(HttpTriggerAttribute), "Microsoft.Azure.Functions.Worker.Extensions.Http")]
    [InlineData(typeof(TimerTriggerAttribute), "Microsoft.Azure.Functions.Worker.Extensions.Timer")]
    [InlineData(typeof(FunctionsApplicationBuilderAspNetCoreExtensions), "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore")]
    public void Assembly_name_is_that_of_the_official_package_or_one_of_its_parts(Type type, string package) =>
        type.Assembly.GetName().Name.ShouldStartWith(package);

    [Theory]
    [InlineData(typeof(FunctionAttribute), AttributeTargets.Method)]
    [InlineData(typeof(RetryAttribute), AttributeTargets.Method)]
    [InlineData(typeof(HttpTriggerAttribute), AttributeTargets.Parameter)]
    [InlineData(typeof(TimerTriggerAttribute), AttributeTargets.Parameter)]
    public void Attribute_applies_where_the_official_one_does(Type type, AttributeTargets targets) =>
        type.GetCustomAttribute<AttributeUsageAttribute>(inherit: true)!.ValidOn.ShouldBe(targets);
}
