using FuncAiSecure.Cli;
using Microsoft.Extensions.Configuration;

var context = new CliContext
{
    Configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build(),
    Time = TimeProvider.System,
};
return await FuncaiCommand.Create(context).Parse(args).InvokeAsync();
