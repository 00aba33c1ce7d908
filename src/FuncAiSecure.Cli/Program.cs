using System.CommandLine;
using System.Text;
using FuncAiSecure.Cli;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

var context = new CliContext
{
    Configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build(),
    Time = TimeProvider.System,
};

try
{
    return await FuncaiCommand.Create(context).Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception misconfigured) when (misconfigured is InvalidOperationException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(misconfigured.Message);
    return 2;
}
catch (DecoderFallbackException)
{
    // Its own message quotes bytes of what was read.
    await Console.Error.WriteLineAsync("The input is not UTF-8.");
    return 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A file or the output: unreadable, full.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    // Ctrl-C; the shells' exit code for it.
    return 130;
}
