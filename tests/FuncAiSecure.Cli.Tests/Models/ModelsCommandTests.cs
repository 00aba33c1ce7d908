using System.Collections.Concurrent;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests.Models;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly ModelCopy _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Shipped_models_are_verified_and_tested()
    {
        var run = await CliRun.RunAsync("models", "test", Path.Combine(Repository.Root, "models"), "-o", "json");

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Json.AsArray().Select(model => (string?)model!["model"]).ShouldContain("wine");
        run.Json.AsArray().ShouldAllBe(model => (bool)model!["ok"]!);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("test")]
    [InlineData("add")]
    public async Task Damaged_file_is_named_and_fails(string command)
    {
        _model.FlipByte("model.onnx");

        var run = await CliRun.RunAsync("models", command, _model.Folder);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("model.onnx: does not have the SHA-256");
    }

    [Fact]
    public async Task Folder_that_is_not_there_fails() =>
        (await CliRun.RunAsync("models", "verify", Path.Combine(_model.Root, "none"))).ExitCode.ShouldBe(1);

    [Fact]
    public async Task Directory_without_models_fails() =>
        (await CliRun.RunAsync("models", "verify", Directory.CreateDirectory(Path.Combine(_model.Root, "empty")).FullName)).ExitCode.ShouldBe(1);

    [Theory]
    [InlineData("verify", true)]
    [InlineData("verify", false)]
    [InlineData("test", true)]
    [InlineData("test", false)]
    public async Task Version_without_a_manifest_is_named_and_fails_also_beside_a_good_one(string command, bool isAsked)
    {
        var version = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_model.Folder)!, "2")).FullName;
        File.Copy(Path.Combine(_model.Folder, "model.onnx"), Path.Combine(version, "model.onnx"));

        var run = await CliRun.RunAsync("models", command, isAsked ? version : Path.Combine(_model.Root, "in"));

        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        run.Output.ShouldContain("model.json: is missing");
    }

    [Fact]
    public async Task File_in_place_of_a_folder_is_not_called_missing()
    {
        var run = await CliRun.RunAsync("models", "verify", Path.Combine(_model.Folder, "model.json"));

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(".: is not a folder");
    }

    [Fact]
    public async Task Changed_golden_numbers_fail_the_test_but_not_the_verification()
    {
        _model.Change("golden.json", text => text.Replace("0.99", "0.98", StringComparison.Ordinal));

        (await CliRun.RunAsync("models", "verify", _model.Folder)).ExitCode.ShouldBe(0);
        var run = await CliRun.RunAsync("models", "test", _model.Folder);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("golden.json#/cases/");
    }

    [Fact]
    public async Task Signed_folder_verifies_by_its_public_key_and_by_no_other()
    {
        using var other = new ModelCopy();

        (await CliRun.RunAsync("models", "verify", _model.Folder, "--public-key", _model.PublicKey)).ExitCode.ShouldBe(1);
        var signed = await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey);

        signed.ExitCode.ShouldBe(0, signed.Error);
        signed.Output.ShouldContain(ModelTrust.KeyId(_model.Key));
        (await CliRun.RunAsync("models", "verify", _model.Folder, "--public-key", _model.PublicKey)).ExitCode.ShouldBe(0);
        (await CliRun.RunAsync("models", "verify", _model.Folder, "--public-key", other.PublicKey)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Signature_is_replaced_whole_and_leaves_no_draft()
    {
        var signature = Path.Combine(_model.Folder, "model.json.sig");
        await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey);
        var earlier = await File.ReadAllBytesAsync(signature);
        await using var reader = new FileStream(signature, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_model.Folder)!, ".1.sig"), "cut short");

        var run = await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey);

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        var read = new byte[earlier.Length];
        await reader.ReadExactlyAsync(read);
        read.ShouldBe(earlier);
        (await File.ReadAllBytesAsync(signature)).ShouldNotBe(earlier);
        (await CliRun.RunAsync("models", "verify", _model.Folder, "--public-key", _model.PublicKey)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task While_it_is_signed_a_folder_holds_nothing_that_it_would_be_refused_for(string end)
    {
        var seen = new ConcurrentQueue<string?>();
        using var watcher = new FileSystemWatcher(_model.Folder) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, change) => seen.Enqueue(change.Name);
        watcher.Renamed += (_, change) => seen.Enqueue(change.Name);
        watcher.EnableRaisingEvents = true;

        (await CliRun.RunAsync("models", "sign", _model.Folder + end, "--key", _model.PrivateKey)).ExitCode.ShouldBe(0);

        await Wait.UntilAsync("the signature is there", () => seen.Contains("model.json.sig"));
        seen.ShouldAllBe(name => name == "model.json.sig");
    }

    [Fact]
    public async Task Configured_key_makes_signatures_required()
    {
        var settings = new Dictionary<string, string?> { ["FuncAiSecure:Models:PublicKeyFiles:0"] = _model.PublicKey };

        (await CliRun.RunAsync(settings, TimeProvider.System, ["models", "verify", _model.Folder])).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_named_when_it_is_to_be_signed()
    {
        var run = await CliRun.RunAsync("models", "sign", Path.Combine(_model.Root, "nowhere"), "--key", _model.PrivateKey);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(".: does not exist");
    }

    [Fact]
    public async Task Damaged_folder_is_not_signed()
    {
        _model.FlipByte("golden.json");

        (await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey)).ExitCode.ShouldBe(1);

        File.Exists(Path.Combine(_model.Folder, "model.json.sig")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----")]
    public async Task Bad_key_file_fails_without_being_quoted(string content)
    {
        File.WriteAllText(_model.PrivateKey, content);

        var run = await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe("The key file must hold one private P-256 key in PEM." + Environment.NewLine);
    }

    [Fact]
    public async Task Public_key_does_not_sign()
    {
        var run = await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PublicKey);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe("The key file must hold one private P-256 key in PEM." + Environment.NewLine);
        File.Exists(Path.Combine(_model.Folder, "model.json.sig")).ShouldBeFalse();
    }

    [Fact]
    public async Task Added_version_is_a_copy_and_is_never_replaced()
    {
        var home = Path.Combine(_model.Root, "home");
        await CliRun.RunAsync("models", "sign", _model.Folder, "--key", _model.PrivateKey);

        var first = await CliRun.RunAsync("models", "add", _model.Folder, "--directory", home, "--public-key", _model.PublicKey);
        var second = await CliRun.RunAsync("models", "add", _model.Folder, "--directory", home);

        first.ExitCode.ShouldBe(0, first.Output + first.Error);
        foreach (var file in Directory.EnumerateFiles(_model.Folder))
        {
            File.ReadAllBytes(Path.Combine(home, "wine", "1", Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file));
        }

        Directory.EnumerateDirectories(Path.Combine(home, "wine")).Count().ShouldBe(1);
        second.ExitCode.ShouldBe(1);
        second.Error.ShouldContain("is there already");
    }

    /// <summary>A folder from elsewhere is looked at before it is trusted.</summary>
    [Theory]
    [InlineData("model.json", "{\"\\u001b[2J\\u0007\\nwine  1\": 1}")]
    [InlineData("\u001b]0;title\u0007", "")]
    public async Task Terminal_does_not_obey_what_a_folder_says(string file, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_model.Folder, file), content);

        var run = await CliRun.RunAsync("models", "verify", _model.Folder);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain('\uFFFD');
        (run.Output + run.Error).ReplaceLineEndings("").ShouldAllBe(c => !char.IsControl(c));
    }

    [Fact]
    public async Task List_of_folders_tells_what_is_wrong()
    {
        _model.FlipByte("model.onnx");

        var run = await CliRun.RunAsync("models", "list", "--local", "--directory", Path.Combine(_model.Root, "in"), "-o", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        ((string?)run.Json[0]!["state"]).ShouldBe("model.onnx: does not have the SHA-256 that the manifest says");
    }

    [Theory]
    [InlineData("promote", "wine", "0")]
    [InlineData("promote", "wine", "1", "--percent", "101")]
    [InlineData("promote", "wine", "one")]
    [InlineData("promote", "wine", "1", "--by", "no spaces allowed")]
    [InlineData("rollback", "wine", "--by", "")]
    [InlineData("promote", "wine", "1")]
    public async Task Promotion_that_cannot_be_fails_in_one_line(params string[] arguments)
    {
        var run = await CliRun.RunAsync(["models", .. arguments]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldNotBeNullOrWhiteSpace();
        run.Error.ShouldNotContain("   at ");
    }
}
