using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Live;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>What the instance that answers is doing, for operators.</summary>
public static class ServerStatisticsFunctions
{
    internal const string Route = "manage/statistics";

    private const int MaxCallers = 50;

    /// <summary>Requests, refusals, latencies, queues and models of this instance. Bounded in size; names only models that the operator may see.</summary>
    [Function(nameof(ManageStatistics))]
    public static Task ManageStatistics([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var services = context.InstanceServices;
        var trail = services.GetRequiredService<AuditTrail>();
        bool CanSee(string model) => AccessPolicy.CanSee(state.Principal!, model);
        using var writer = new ServerStatisticsWriter(state.Output);
        writer.Instance(trail, state.Time.GetUtcNow(), services.GetRequiredService<Readiness>().Failing);
        writer.Requests(services.GetRequiredService<LiveStatistics>(), CanSee);
        writer.Models(services.GetRequiredService<ModelCatalog>().List().Where(model => CanSee(model.Name)));
        // The app's own probes are nobody's.
        writer.Callers(services.GetRequiredService<QuotaService>().RecentCallers(MaxCallers).Where(caller => caller.Plan != SelfCheckProbe.EmptyPlan));
        writer.End();
        return Task.CompletedTask;
    }
}
