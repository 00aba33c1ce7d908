namespace FuncAiSecure.Core.Tests.Models;

/// <summary>What is told of an instance that is not as it should be, and to whom.</summary>
public sealed class ModelReadinessTests : IDisposable
{
    private readonly CatalogRun _run = new();

    [Fact]
    public async Task Models_that_somebody_may_not_see_are_not_named_to_him()
    {
        foreach (var (name, preload) in new[] { ("sum", true), ("other", false), ("own", false) })
        {
            TempModels.FlipByte(Path.Combine(_run.AddVersion(1, preload: preload, name: name), "model.onnx"));
        }

        await _run.RefreshAsync();

        var readiness = _run.Catalog.ReadinessFor(name => name == "own");

        readiness.IsReady.ShouldBeFalse();
        readiness.Reasons.Length.ShouldBe(2);
        readiness.Reasons[0].ShouldBe("other models are not warm");
        readiness.Reasons[1].ShouldStartWith("model own: ");
    }

    [Fact]
    public async Task Promotion_of_a_version_that_is_not_there_is_told_once()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        await _run.PromoteAsync(9);
        await _run.RefreshAsync();

        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Log.Of(3008).ShouldBe(["Model sum is not where its promotion says: version 9 was promoted and is not in this instance's folder"]);
    }

    public void Dispose() => _run.Dispose();
}
