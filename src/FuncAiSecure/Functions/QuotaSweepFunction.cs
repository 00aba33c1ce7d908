using FuncAiSecure.Core.Quotas;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Deletes counters of windows that ended long ago; the table would keep them for ever.</summary>
public static class QuotaSweepFunction
{
    /// <summary>Every night; what one night does not finish, the next does.</summary>
    [Function(nameof(SweepQuotas))]
    public static async Task SweepQuotas([TimerTrigger("0 17 3 * * *")] TimerInfo timer, FunctionContext context) =>
        await context.InstanceServices.GetRequiredService<QuotaService>().SweepAsync(context.CancellationToken);
}
