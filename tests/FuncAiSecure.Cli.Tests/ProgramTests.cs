using System.Diagnostics;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests;

/// <summary>The program itself: what an operator can put right is one line and an exit code, never a stack.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ProgramTests
{
    private const string LocalVault = "FuncAiSecure__Vault__Uri=https://127.0.0.1:1 FuncAiSecure__Vault__Credential=LocalVault "
        + "FuncAiSecure__Vault__LocalTokenFile=/no-such-token FuncAiSecure__Vault__LocalCertificateFile=/no-such-certificate";

    [Theory]
    [InlineData("funcai access roles > /dev/full", 1, "No space left on device")]
    [InlineData("funcai keys check < /", 1, "")]
    [InlineData("printf 'canary\\351\\n' | funcai keys check", 1, "The input is not UTF-8.")]
    [InlineData("printf 'canary\\351\\n' | funcai guard redact", 1, "-: is not UTF-8, in line 1 or after it")]
    [InlineData("FuncAiSecure__Inference__MaxBatchRows=0 funcai models test MODELS/wine", 2, "MaxBatchRows")]
    [InlineData("FuncAiSecure__Inference__MaxBatchRows=many funcai models test MODELS/wine", 1, "MaxBatchRows")]
    [InlineData("funcai keys list", 2, "FuncAiSecure:Vault:Uri is required.")]
    [InlineData(LocalVault + " funcai keys list", 2, "/no-such-certificate")]
    [InlineData("AzureWebJobsStorage=canary funcai quota show app:billing", 2, "AzureWebJobsStorage is not a valid connection string.")]
    public async Task Failure_is_one_line_that_names_what_is_wrong(string line, int exitCode, string named)
    {
        var funcai = $"funcai() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "funcai.dll")}' \"$@\"; }}; ";
        var models = Path.Combine(Repository.Root, "models");
        var start = new ProcessStartInfo("bash", ["-c", funcai + line.Replace("MODELS", models, StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(exitCode, await error);
        (await output).ShouldBeEmpty();
        (await error).TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain(named);
        (await error).ShouldNotContain("canary");
    }
}
