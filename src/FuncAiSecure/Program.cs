using FuncAiSecure;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
FuncAiSecureApplication.Configure(builder, builder);
await builder.Build().RunAsync().ConfigureAwait(false);
