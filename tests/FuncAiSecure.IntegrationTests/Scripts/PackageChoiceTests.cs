using System.Text.Json;

namespace FuncAiSecure.IntegrationTests.Scripts;

/// <summary>What a project's official packages become: packages, or the stand-ins that the answer or an override names.</summary>
public class PackageChoiceTests
{
    private const string Core = "src/FuncAiSecure.Core/FuncAiSecure.Core.csproj";
    private const string App = "src/FuncAiSecure/FuncAiSecure.csproj";
    private const string StandInTests = "tests/StandIns.Tests/StandIns.Tests.csproj";
    private const string Worker = "Microsoft.Azure.Functions.Worker";
    private const string Extensions = $"{Worker}.Extensions.Http {Worker}.Extensions.Http.AspNetCore {Worker}.Extensions.Timer";

    [Theory]
    [InlineData(Core, "StandIns=", "Azure.Data.Tables Microsoft.ML.OnnxRuntime", "")]
    [InlineData(Core, "StandIns=Azure.Data.Tables", "Microsoft.ML.OnnxRuntime", "Azure.Data.Tables")]
    [InlineData(Core, "OfficialPackages=true", "Azure.Data.Tables Microsoft.ML.OnnxRuntime", "")]
    [InlineData(Core, "OfficialPackages=false", "", "Azure.Data.Tables Microsoft.ML.OnnxRuntime")]
    [InlineData(App, "StandIns=Azure.Data.Tables;FunctionsSdk=false", $"{Worker} {Extensions} {Worker}.Sdk.Generators", "")]
    [InlineData(App, "OfficialPackages=true;FunctionsSdk=true", $"{Worker} {Extensions} {Worker}.Sdk", "")]
    [InlineData(App, "OfficialPackages=false;FunctionsSdk=true", "", $"{Worker} {Extensions}")]
    [InlineData(StandInTests, "StandIns=", "", $"Azure.Data.Tables {Worker}.Extensions.Http.AspNetCore {Worker}.Extensions.Timer")]
    public async Task Official_package_is_a_package_unless_it_is_named(string project, string properties, string packages, string standIns)
    {
        var path = Path.Combine(Bash.Root, project);

        var result = await Bash.LinesAsync($"dotnet msbuild '{path}' '-p:{properties}' -getItem:PackageReference -getItem:ProjectReference");

        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        var items = JsonDocument.Parse(result.Output).RootElement.GetProperty("Items");
        Names(items, "PackageReference", "Identity").Where(IsReplaceable).ShouldBe(packages.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
        Names(items, "ProjectReference", "Filename").Where(IsReplaceable).ShouldBe(standIns.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
    }

    private static IEnumerable<string> Names(JsonElement items, string kind, string member) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty(member).GetString()!);

    private static bool IsReplaceable(string name) => name is "Azure.Data.Tables" or "Microsoft.ML.OnnxRuntime" || name.StartsWith(Worker, StringComparison.Ordinal);
}
