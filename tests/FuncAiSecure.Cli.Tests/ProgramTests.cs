using System.Diagnostics;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests;

/// <summary>The program itself: what an operator can put right is one line and an exit code, never a stack.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const string LocalVault = "FuncAiSecure__Vault__Uri=https://127.0.0.1:1 FuncAiSecure__Vault__Credential=LocalVault "
        + "FuncAiSecure__Vault__LocalTokenFile=/no-such-token FuncAiSecure__Vault__LocalCertificateFile=/no-such-certificate";

    [Theory]
    [InlineData("funcai access roles > /dev/full", 1, "No space left on device")]
    [InlineData("funcai access roles >&-", 1, "Standard output is closed.")]
    [InlineData("funcai access roles <&- >&-", 1, "Standard output is closed.")]
    [InlineData("funcai keys check < /", 1, "")]
    [InlineData("funcai keys check <&-", 1, "Standard input is closed.")]
    [InlineData("funcai guard redact <&-", 1, "Standard input is closed.")]
    [InlineData("funcai guard check --models MODELS - <&-", 1, "Standard input is closed.")]
    [InlineData("printf 'canary\\351\\n' | funcai keys check", 1, "The input is not UTF-8.")]
    [InlineData("printf 'canary\\351\\n' | funcai guard redact", 1, "-: is not UTF-8, in line 1 or after it")]
    [InlineData("FuncAiSecure__Inference__MaxBatchRows=0 funcai models test MODELS/wine", 2, "MaxBatchRows")]
    [InlineData("FuncAiSecure__Inference__MaxBatchRows=many funcai models test MODELS/wine", 1, "MaxBatchRows")]
    [InlineData("funcai keys list", 2, "FuncAiSecure:Vault:Uri is required.")]
    [InlineData(LocalVault + " funcai keys list", 2, "/no-such-certificate")]
    [InlineData("AzureWebJobsStorage=canary funcai quota show app:billing", 2, "AzureWebJobsStorage is not a valid connection string.")]
    public async Task Failure_is_one_line_that_names_what_is_wrong(string line, int exitCode, string named)
    {
        var models = Path.Combine(Repository.Root, "models");
        var run = await RunAsync(line.Replace("MODELS", models, StringComparison.Ordinal), []);

        run.ExitCode.ShouldBe(exitCode, run.Error);
        run.Output.ShouldBeEmpty();
        run.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain(named);
        run.Error.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Output_whose_reader_has_gone_is_not_called_written()
    {
        var run = await RunAsync(WithoutReader("funcai access roles"), []);

        run.ShouldBe(new CliRun(141, "", ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--key-only")]
    [InlineData("--output json")]
    public async Task New_key_whose_reader_has_gone_is_named_so_that_it_can_be_revoked(string form)
    {
        await using var vault = await LocalVaultFixture.StartAsync(TimeProvider.System);
        var run = await RunAsync(WithoutReader($"funcai keys create --principal a --role infer {form}"), vault.Settings);

        run.ExitCode.ShouldBe(1);
        var made = await CliRun.RunAsync(vault.Settings, TimeProvider.System, ["keys", "list", "--output", "json"]);
        run.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain($"The new key of {made.Json[0]!["id"]} could not be written");
    }

    [Fact]
    public async Task Programs_that_share_an_output_write_one_after_the_other()
    {
        var run = await RunAsync("file=$(mktemp); { echo 1 | funcai guard redact; echo 2 | funcai guard redact; echo 3; } > $file; cat $file; rm $file", []);

        run.ShouldBe(new CliRun(0, "1\n2\n3\n", ""));
    }

    // The command begins once nobody can read what it writes.
    private static string WithoutReader(string command) =>
        $"gone=$(mktemp -d)/gone; mkfifo $gone; {{ read -r _ < $gone; {command}; }} | {{ exec <&-; echo > $gone; }}; exit ${{PIPESTATUS[0]}}";

    private static async Task<CliRun> RunAsync(string line, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var funcai = $"funcai() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "funcai.dll")}' \"$@\"; }}; ";
        var start = new ProcessStartInfo("bash", ["-c", funcai + line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CliRun(process.ExitCode, await output, await error);
    }
}
