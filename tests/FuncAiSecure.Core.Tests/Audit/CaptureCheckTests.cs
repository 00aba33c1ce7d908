using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Tests.Models;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class CaptureCheckTests : IDisposable
{
    private readonly CatalogRun _run = new();
    private readonly LogLines<CaptureCheck> _log = new();
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    public CaptureCheckTests()
    {
        _run.AddVersion(1);
        _run.Models.Add("closed", 1, OnnxSamples.Add(), TempModels.Golden, manifest => manifest["captureForbidden"] = true);
    }

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("sum", null)]
    [InlineData("Sum", "it is not in the models directory")]
    [InlineData("smu", "it is not in the models directory")]
    [InlineData("closed", "its manifest forbids it")]
    public async Task Model_that_is_named_and_never_captured_is_told(string name, string? reason)
    {
        await _run.RefreshAsync();

        await CheckAsync(name);

        (_log.Of(6023).SingleOrDefault()).ShouldBe(reason is null ? null : $"CaptureModels names the model {name}, of which nothing is captured: {reason}");
    }

    [Fact]
    public async Task Nothing_is_told_before_the_models_are_known()
    {
        var scan = _run.Scan;
        _run.Scan = _ => null;
        await _run.RefreshAsync();
        var checking = CheckAsync("sum", "smu");
        _time.Advance(CaptureCheck.Interval);
        checking.IsCompleted.ShouldBeFalse();
        _log.Of(6023).ShouldBeEmpty();

        _run.Scan = scan;
        await _run.RefreshAsync();
        while (!checking.IsCompleted)
        {
            _time.Advance(CaptureCheck.Interval);
            await Task.Yield();
        }

        _log.Of(6023).ShouldHaveSingleItem().ShouldContain("smu");
    }

    private async Task CheckAsync(params string[] names)
    {
        var options = new AuditOptions();
        foreach (var name in names)
        {
            options.CaptureModels.Add(name);
        }

        using var check = new CaptureCheck(Options.Create(options), () => _run.Catalog.IsKnown ? _run.Catalog.List() : null, _time, _log);
        await check.StartAsync(CancellationToken.None);
        await check.ExecuteTask!;
    }
}
