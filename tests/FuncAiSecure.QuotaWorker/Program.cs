using System.Globalization;
using Azure.Data.Tables;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One instance of an app for tests with several processes. Arguments: connection string, tries, tries at once.
// Each admitted request is a line "a" on standard output, written only after the admission: what a killed process had
// admitted is what was read of it. At the end "done ADMITTED REFUSED UNAVAILABLE"; then its leases are returned.
var (connection, tries, atOnce) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    // The window that ends most seldom: where one ends, a new amount begins.
    ["FuncAiSecure:Quotas:Plans:standard:Policies:month:Window"] = "Month",
    ["FuncAiSecure:Quotas:Plans:standard:Policies:month:Amount"] = "5000",
});
builder.Services.AddSingleton(_ =>
{
    var options = new TableClientOptions();
    options.Retry.MaxRetries = 0;
    return new TableServiceClient(connection, options);
});
builder.Services.AddFuncAiSecureQuotas(builder.Configuration);
using var host = builder.Build();
await host.StartAsync();

var quotas = host.Services.GetRequiredService<QuotaService>();
var principal = new Principal { Id = PrincipalId.TryParse("app:shared", out var id) ? id : default, CredentialKind = CredentialKind.ApiKey, CredentialId = "k", Roles = Roles.Infer, Models = ["*"] };
using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
int left = tries, admitted = 0, refused = 0, unavailable = 0;
await output.WriteLineAsync("ready");
await Console.In.ReadLineAsync();
await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
{
    while (Interlocked.Decrement(ref left) >= 0)
    {
        var admission = await quotas.AdmitAsync(principal, null, CancellationToken.None);
        if (admission.IsAdmitted)
        {
            Interlocked.Increment(ref admitted);
            output.WriteLine("a");
        }
        else if (admission.Refusal!.Code == FuncAiSecure.Core.RefusalCode.DependencyUnavailable)
        {
            // A try that was not decided is tried again, as a client would; bounded by the test that ends this process.
            Interlocked.Increment(ref unavailable);
            Interlocked.Increment(ref left);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        else
        {
            Interlocked.Increment(ref refused);
        }

        admission.Lease.Complete(ran: true);
    }
})));
await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"done {admitted} {refused} {unavailable}"));
await host.StopAsync();
