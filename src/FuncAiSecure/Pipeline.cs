using FuncAiSecure.Middleware;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure;

/// <summary>
/// The stages in their order. Middleware must be registered after the ASP.NET Core integration, else it sees no HttpContext.
/// </summary>
internal sealed class Pipeline(IFunctionsWorkerApplicationBuilder worker)
{
    private readonly List<Type> _stages = [];

    /// <summary>The stages that were registered, outermost first.</summary>
    public IReadOnlyList<Type> Stages => _stages;

    /// <summary>Puts the whole chain in front of every function.</summary>
    public static void Use(IFunctionsWorkerApplicationBuilder worker)
    {
        var pipeline = new Pipeline(worker)
            .Add<ErrorMiddleware>()         // every failure leaves in one shape
            .Add<TelemetryMiddleware>()     // one span, one set of measurements
            .Add<AuditMiddleware>()         // outside all controls, so that it sees every end; it unwinds last
            .Add<TransportMiddleware>()     // https, method, content type, declared size
            .Add<IdentityMiddleware>()      // one credential -> one principal
            .Add<BodyMiddleware>()          // bounded body, UTF-8, the envelope
            .Add<AccessMiddleware>()        // role, model, version, network
            .Add<QuotaMiddleware>()         // rate limits and quotas, reserved
            .Add<SchemaMiddleware>()        // the manifest's input contract; input units, reserved
            .Add<InputGuardMiddleware>()    // injection, personal data
            .Add<InferenceMiddleware>()     // cached session, deadline, cancellation
            .Add<OutputGuardMiddleware>();  // rounding, blocked labels, output contract
        worker.Services.AddSingleton(pipeline);
    }

    private Pipeline Add<TStage>()
        where TStage : class, IFunctionsWorkerMiddleware
    {
        // As UseMiddleware does, but each stage is looked up once an app and not once a request.
        worker.Services.AddSingleton<TStage>();
        worker.Use(next =>
        {
            TStage? stage = null;
            return context => (stage ??= context.InstanceServices.GetRequiredService<TStage>()).Invoke(context, next);
        });
        _stages.Add(typeof(TStage));
        return this;
    }
}
