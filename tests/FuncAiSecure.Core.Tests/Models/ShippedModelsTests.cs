using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>The model folders of this repository are what their manifests say.</summary>
public sealed class ShippedModelsTests
{
    public static TheoryData<string> Folders => [.. Directory.EnumerateFiles(Root(), ModelManifest.FileName, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root(), Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Shipped_model_is_verified(string folder)
    {
        var result = await ModelFolderReader.ReadAsync(Path.Combine(Root(), folder), ModelTrust.Unsigned, CancellationToken.None);

        result.Faults.ShouldBeEmpty();
        result.Manifest!.Provenance.Evaluation.ShouldNotBeEmpty();
        result.Folder!.Model.Length.ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public void There_is_a_text_model_and_a_numeric_one() => Folders.Count.ShouldBeGreaterThanOrEqualTo(2);

    private static string Root() => Path.Combine(Repository.Root, "models");
}
