using System.Xml.Linq;
using FuncAiSecure.Core;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests;

/// <summary>The arrows between the projects, as facts.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void Core_knows_nothing_of_HTTP_or_Functions() =>
        typeof(Refusal).Assembly.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("FuncAiSecure.Core", "")]
    [InlineData("FuncAiSecure", "FuncAiSecure.Core")]
    [InlineData("FuncAiSecure.LocalHost", "FuncAiSecure")]
    [InlineData("FuncAiSecure.LocalVault", "")]
    [InlineData("FuncAiSecure.Cli", "FuncAiSecure.Core")]
    public void A_project_references_only_what_stands_below_it(string project, string expected)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

        file.Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value))
            .ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Product_code_declares_nothing_in_an_official_namespace()
    {
        var declared = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            .Distinct();

        declared.ShouldAllBe(line => line.StartsWith("namespace FuncAiSecure", StringComparison.Ordinal));
    }
}
