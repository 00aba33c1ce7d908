using FuncAiSecure;
using FuncAiSecure.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
FuncAiSecureApplication.Configure(builder, builder);
WorkerLog.AddLines(builder.Logging);
await builder.Build().RunAsync().ConfigureAwait(false);
