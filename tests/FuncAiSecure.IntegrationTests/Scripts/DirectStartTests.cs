using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.IntegrationTests.Scripts;

public class DirectStartTests
{
    [Fact]
    public async Task App_built_with_stand_ins_says_in_one_sentence_how_it_is_started()
    {
        if (typeof(FunctionContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().All(m => m.Key != "StandIn"))
        {
            return; // The official worker waits for its host instead.
        }

        var app = Path.Combine(AppContext.BaseDirectory, "FuncAiSecure.dll");

        var result = await Bash.LinesAsync($"dotnet '{app}'");

        result.ExitCode.ShouldBe(1);
        result.Output.Trim().ShouldBeEmpty();
        var line = result.Error.Trim();
        line.ShouldContain("eng/run.sh");
        line.ShouldNotContain('\n');
    }
}
