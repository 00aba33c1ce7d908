using System.CommandLine;
using FuncAiSecure.Cli;
using Microsoft.Extensions.Configuration;

var context = new CliContext
{
    Configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build(),
    Time = TimeProvider.System,
};

try
{
    return await FuncaiCommand.Create(context).Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidOperationException misconfigured)
{
    await Console.Error.WriteLineAsync(misconfigured.Message);
    return 2;
}
catch (OperationCanceledException)
{
    // Ctrl-C; the shells' exit code for it.
    return 130;
}
