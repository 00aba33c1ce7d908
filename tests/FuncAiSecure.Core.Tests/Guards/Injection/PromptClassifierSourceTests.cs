using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Tests.Models;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Guards.Injection;

/// <summary>Which version of the injection classifier judges, as the catalog's serving version changes.</summary>
public sealed class PromptClassifierSourceTests : IDisposable
{
    private readonly string _models = Path.Combine(Path.GetTempPath(), "funcai-guard-" + Guid.NewGuid().ToString("N"));
    private readonly List<string> _keyFiles = [];
    private int? _serving;

    public PromptClassifierSourceTests() => Add(1);

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public async Task Promoted_version_takes_over_and_a_rollback_returns()
    {
        Add(2);
        using PromptClassifierSource source = await StartAsync();
        List<int> versions = [source.Version];

        foreach (int promoted in (int[])[2, 1])
        {
            _serving = promoted;
            await source.FollowAsync(default);
            versions.Add(source.Version);
        }

        versions.ShouldBe([1, 2, 1]);
        source.IsReady.ShouldBeTrue();
    }

    [Theory]
    [InlineData("promt-guard", 5006)]
    [InlineData("promt-guard/1", 5004)]
    [InlineData("prompt-guard/7", 5004)]
    public async Task Classifier_that_is_not_there_is_told_once(string setting, int told)
    {
        LogLines<PromptClassifierSource> log = new();
        using PromptClassifierSource source = new(
            Options.Create(new GuardOptions { PromptModel = setting }), Options.Create(new ModelOptions { Directory = _models, RequireSignatures = false }),
            _ => null, TimeProvider.System, log);

        await source.FollowAsync(default);
        await source.FollowAsync(default);

        source.IsReady.ShouldBeFalse();
        log.Of(told).ShouldHaveSingleItem().ShouldContain(setting.Split('/')[0]);
    }

    [Theory]
    [InlineData("a golden case that does not hold")]
    [InlineData("a graph that is not the one of the manifest")]
    [InlineData("a calibration that is none")]
    [InlineData("no folder")]
    public async Task Version_that_cannot_be_trusted_leaves_the_one_that_serves(string fault)
    {
        using PromptClassifierSource source = await StartAsync();
        PromptClassifier? before = source.Current;
        switch (fault)
        {
            case "a golden case that does not hold":
                Add(2, (name, content) => name == "golden.json" ? Change(content, j => j["cases"]![0]!["outputs"]![0]!["data"]![0] = 0.25) : content);
                break;
            case "a graph that is not the one of the manifest":
                Add(2);
                File.WriteAllBytes(Path.Combine(_models, "prompt-guard", "2", "model.onnx"), [1, 2, 3]);
                break;
            case "a calibration that is none":
                Add(2, (name, content) => name == "calibration.json" ? "[]"u8.ToArray() : content);
                break;
        }

        _serving = 2;
        await source.FollowAsync(default);

        source.Version.ShouldBe(1);
        source.Current.ShouldBeSameAs(before);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_listed_leaves_the_host_alone_and_is_tried_again()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string folder = Path.Combine(_models, "prompt-guard"), aside = folder + ".aside";
        int[]? listed = null;
        Modes.With(folder, UnixFileMode.None, () => listed = [.. PromptClassifierSource.Versions(folder)]);
        listed.ShouldBeEmpty();
        Directory.Move(folder, aside);
        File.WriteAllText(folder, "no folder");
        using PromptClassifierSource source = await StartAsync();
        source.IsReady.ShouldBeFalse();

        File.Delete(folder);
        Directory.Move(aside, folder);
        await source.FollowAsync(default);

        source.Version.ShouldBe(1);
        source.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task A_folder_that_hangs_keeps_no_host_from_starting_is_told_once_and_taken_when_it_answers()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Opening a pipe that nobody writes hangs as a file does on a share that is gone.
        string manifest = Path.Combine(_models, "prompt-guard", "1", "model.json");
        File.Delete(manifest);
        using (Process maker = Process.Start("mkfifo", [manifest]))
        {
            await maker.WaitForExitAsync();
        }

        ManualTimeProvider time = new();
        LogLines<PromptClassifierSource> log = new();
        using PromptClassifierSource source = new(
            Options.Create(new GuardOptions()), Options.Create(new ModelOptions { Directory = _models, RequireSignatures = false }), _ => null, time, log);
        try
        {
            await EndAsync(Task.Run(() => source.StartAsync(default)));
            await EndAsync(source.FollowAsync(default));
            source.IsReady.ShouldBeFalse();
            log.Of(5007).ShouldHaveSingleItem();
        }
        finally
        {
            // Whoever reads it is let go.
            using FileStream writer = new(manifest, FileMode.Open, FileAccess.Write);
        }

        File.Delete(manifest);
        Add(1);
        await UntilAsync(() => source.IsReady);

        source.Version.ShouldBe(1);

        async Task EndAsync(Task task)
        {
            for (int i = 0; i < 300 && await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(100))) != task; i++)
            {
                time.Advance(TimeSpan.FromSeconds(2));
            }

            task.IsCompleted.ShouldBeTrue("it waits for a folder that does not answer");
            await task;
        }

        async Task UntilAsync(Func<bool> holds)
        {
            for (int i = 0; i < 600 && !holds(); i++)
            {
                await EndAsync(source.FollowAsync(default));
            }
        }
    }

    [Fact]
    public async Task A_public_key_that_is_none_any_more_leaves_the_version_that_serves_and_the_host_alone()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string file = Path.Combine(_models, "key.pem");
        File.WriteAllText(file, key.ExportSubjectPublicKeyInfoPem());
        _keyFiles.Add(file);
        Add(2);
        using PromptClassifierSource source = await StartAsync();
        source.Version.ShouldBe(1);

        File.WriteAllText(file, "half of a key");
        _serving = 2;
        await source.FollowAsync(default);

        source.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Pinned_version_does_not_follow()
    {
        Add(2);
        using PromptClassifierSource source = await StartAsync("prompt-guard/1");

        _serving = 2;
        await source.FollowAsync(default);

        source.Version.ShouldBe(1);
    }

    [Theory]
    [InlineData("prompt-guard", true)]
    [InlineData("prompt-guard/7", false)]
    [InlineData("other", false)]
    public async Task Without_a_trusted_classifier_what_wants_it_is_refused(string model, bool requireSignatures)
    {
        using PromptClassifierSource source = await StartAsync(model, requireSignatures);
        InputGuard guard = new(Options.Create(new GuardOptions()), source, GuardFixture.Keys());

        guard.IsReady.ShouldBeFalse();
        guard.Inspect(GuardFixture.Injection(InjectionAction.Flag), "hello").Action.ShouldBe(GuardAction.Unavailable);
    }

    [Fact]
    public async Task No_classifier_is_wanted_and_rules_judge()
    {
        using PromptClassifierSource source = await StartAsync("");

        source.IsReady.ShouldBeTrue();
        source.Current.ShouldBeNull();
    }

    private async Task<PromptClassifierSource> StartAsync(string model = "prompt-guard", bool requireSignatures = false)
    {
        ModelOptions models = new() { Directory = _models, RequireSignatures = requireSignatures };
        _keyFiles.ForEach(models.PublicKeyFiles.Add);
        PromptClassifierSource source = new(
            Options.Create(new GuardOptions { PromptModel = model }), Options.Create(models),
            _ => _serving, new ManualTimeProvider(), NullLogger<PromptClassifierSource>.Instance);
        await source.StartAsync(default);
        return source;
    }

    private static byte[] Change(byte[] json, Action<JsonNode> change)
    {
        JsonNode node = JsonNode.Parse(json)!;
        change(node);
        return System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    /// <summary>Writes the shipped classifier as a version, its files changed on the way and the manifest's hashes with them.</summary>
    private void Add(int version, Func<string, byte[], byte[]>? change = null)
    {
        string from = Path.Combine(Repository.Root, "models", "prompt-guard", "1"), to = Path.Combine(_models, "prompt-guard", $"{version}");
        Directory.CreateDirectory(to);
        JsonArray files = [];
        foreach (string name in (string[])["calibration.json", "golden.json", "model.onnx"])
        {
            byte[] content = File.ReadAllBytes(Path.Combine(from, name));
            content = change?.Invoke(name, content) ?? content;
            File.WriteAllBytes(Path.Combine(to, name), content);
            files.Add(new JsonObject { ["path"] = name, ["size"] = content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) });
        }

        File.WriteAllBytes(Path.Combine(to, "model.json"), Change(File.ReadAllBytes(Path.Combine(from, "model.json")), manifest =>
        {
            manifest["version"] = version;
            manifest["files"] = files;
        }));
    }
}
