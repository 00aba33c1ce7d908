using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Tests.Quotas.Simulation;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Instances on virtual time for tests that tell a short story: ask, wait, look.</summary>
internal sealed class QuotaStage
{
    private readonly QuotaOptions _options;

    public QuotaStage(params (string Name, PolicyOptions Policy)[] policies)
    {
        _options = new QuotaOptions();
        AddPlan("standard", policies);
    }

    public SimWorld World { get; } = new(1);

    public SimTable Table { get; } = new();

    public QuotaStage AddPlan(string name, params (string Name, PolicyOptions Policy)[] policies)
    {
        var plan = _options.Plans[name] = new PlanOptions();
        foreach (var (policy, options) in policies)
        {
            plan.Policies[policy] = options;
        }

        return this;
    }

    public static PolicyOptions Limit(PolicyWindow window, long amount, QuotaUnit unit = QuotaUnit.Requests) =>
        new() { Window = window, Amount = amount, Unit = unit };

    public static Principal Caller(string name = "app:one", string? plan = null) => new()
    {
        Id = PrincipalId.TryParse(name, out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "k",
        Roles = Roles.Infer,
        Models = ["*"],
        Plan = plan,
    };

    public SimInstance Instance(string name = "i") => new(World, Table, _options, new PlanCatalog(_options), SimFaults.None, name);

    /// <summary>Runs virtual time until the task ends, at most a minute and a half.</summary>
    public T Await<T>(SimInstance instance, Func<Task<T>> work)
    {
        Task<T>? task = null;
        instance.Context.Run(() => task = work());
        for (var steps = 0; steps < 90_000 && !task!.IsCompleted; steps++)
        {
            World.RunUntil(World.Now + TimeSpan.TicksPerMillisecond);
        }

        task!.IsCompleted.ShouldBeTrue("the work does not end");
        return task.GetAwaiter().GetResult();
    }

    public QuotaAdmission Ask(SimInstance instance, Principal? caller = null, string? model = null) =>
        Await(instance, () => instance.Quotas.AdmitAsync(caller ?? Caller(), model, CancellationToken.None).AsTask());

    public Refusal? Reserve(SimInstance instance, QuotaLease lease, long units) =>
        Await(instance, () => lease.ReserveInputUnitsAsync(units, CancellationToken.None).AsTask());

    public QuotaUsage Usage(SimInstance instance, Principal? caller = null) =>
        Await(instance, () => instance.Quotas.GetUsageAsync((caller ?? Caller()).Id, (caller ?? Caller()).Plan, CancellationToken.None).AsTask())
            .ShouldNotBeNull();

    public void Wait(TimeSpan time) => World.RunUntil(World.Now + time.Ticks);

    /// <summary>Asks and completes until the first refusal; gives how many were admitted.</summary>
    public (int Admitted, Refusal Refusal) Drain(SimInstance instance, int atMost = 10_000)
    {
        for (var admitted = 0; admitted < atMost; admitted++)
        {
            var admission = Ask(instance);
            if (admission.Refusal is { } refusal)
            {
                return (admitted, refusal);
            }

            admission.Lease.Complete(ran: true);
        }

        throw new InvalidOperationException("Never refused.");
    }

    public static string RateLimit(QuotaLease lease)
    {
        Span<char> buffer = stackalloc char[1_024];
        lease.TryFormatRateLimit(buffer, out var written).ShouldBeTrue();
        return buffer[..written].ToString();
    }

    public WindowRow Row() => Table.Rows.Single();
}
