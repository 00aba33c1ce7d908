using System.Diagnostics;
using FuncAiSecure.LocalHost;

namespace FuncAiSecure.Tests.LocalHost;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("FuncAiSecure__Quotas__Plans__small__Policies__minute__Window", "00:01:00", "FuncAiSecure:Quotas:Plans:small:Policies:minute:Window")]
    [InlineData("FuncAiSecure__Quotas__DefautlPlan", "small", "DefautlPlan")]
    [InlineData("FuncAiSecure__Quotas__DefaultPlan", "a-plan-that-is-none", "DefaultPlan")]
    [InlineData("FuncAiSecure__Audit__RetentionDays", "0", "RetentionDays")]
    [InlineData("AzureWebJobsStorage", "fais_not-a-connection-string", "AzureWebJobsStorage")]
    [InlineData("FuncAiSecure__Vault__Uri", "http://vault.example", "Uri")]
    public async Task A_wrong_setting_ends_the_start_with_one_last_line_that_names_it(string name, string value, string named)
    {
        var folder = Directory.CreateTempSubdirectory("funcai-start-");
        try
        {
            var start = new ProcessStartInfo("dotnet", [typeof(LocalFunctionsHost).Assembly.Location, "--port", "0"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                    ["FuncAiSecure__Vault__Uri"] = "https://vault.example",
                    ["FuncAiSecure__Models__RequireSignatures"] = "false",
                    ["FuncAiSecure__Audit__JournalDirectory"] = Path.Combine(folder.FullName, "journal"),
                },
            };
            start.Environment[name] = value;
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();

            var last = (await error).TrimEnd().Split('\n')[^1];
            last.ShouldStartWith("The host cannot start: ");
            last.ShouldContain(named);
            process.ExitCode.ShouldBe(1);
            (await output + await error).ShouldNotContain("fais_not");
            (await output + await error).ShouldNotContain("   at ");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
