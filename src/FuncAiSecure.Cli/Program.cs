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

var error = StandardStreams.OpenError();
try
{
    // Before anything is done: a key that nobody could be told must not be made.
    var streams = new InvocationConfiguration { Output = StandardStreams.OpenOutput(), Error = error, EnableDefaultExceptionHandler = false };
    return await FuncaiCommand.Create(context).Parse(args).InvokeAsync(streams);
}
catch (Exception misconfigured) when (misconfigured is InvalidOperationException or OptionsValidationException)
{
    await error.WriteLineAsync(misconfigured.Message);
    return 2;
}
catch (DecoderFallbackException)
{
    // Its own message quotes bytes of what was read.
    await error.WriteLineAsync("The input is not UTF-8.");
    return 1;
}
catch (ReaderGoneException)
{
    // Who has read enough, as head, needs no words; the shells' exit code for it.
    return 141;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A file or the output: unreadable, full.
    await error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    // Ctrl-C; the shells' exit code for it.
    return 130;
}
