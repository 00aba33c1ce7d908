using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai quota</c>: what is used of plans, and changes of them while the application runs.</summary>
internal static class QuotaCommand
{
    public static Command Create(CliContext context) => new("quota", "Show usage, change a caller's plan, start windows anew")
    {
        Show(context),
        Set(context),
        Reset(context),
    };

    private static Command Show(CliContext context)
    {
        var (principal, plan) = (PrincipalArgument(), CredentialPlan());
        var command = new Command("show", "Show a caller's limits, what is used and left, and the instances that lease") { principal, plan };
        command.SetAction((parsed, cancellationToken) => WithAsync(context, parsed, principal, async (quotas, id, output) =>
        {
            if (await quotas.GetUsageAsync(id, parsed.GetValue(plan), cancellationToken) is not { } usage)
            {
                return output.Fail("The counters cannot be read, or the plan is not configured.");
            }

            output.Write([.. usage.Policies.Select(policy => new JsonObject
            {
                ["plan"] = usage.Plan + (usage.IsOverridden ? " (changed)" : ""),
                ["policy"] = policy.Name,
                ["window"] = policy.Window.ToString(),
                ["unit"] = policy.Unit.ToString(),
                ["limit"] = policy.Limit,
                ["used"] = policy.ResetAt is null ? null : policy.Used,
                ["left"] = policy.ResetAt is null ? null : policy.Left,
                ["reset"] = policy.ResetAt?.ToString("u"),
                ["enforced"] = !policy.IsShadow,
                ["held"] = policy.Leases.Sum(lease => lease.Held),
                ["leases"] = policy.Leases.Length,
            })]);
            return 0;
        }));
        return command;
    }

    private static Command Set(CliContext context)
    {
        var principal = PrincipalArgument();
        var plan = new Option<string?>("--plan") { Description = "The plan; without it, the plan of the caller's credential holds again" };
        var command = new Command("set", "Change a caller's plan; every instance goes by it within 30 seconds") { principal, plan };
        command.SetAction((parsed, cancellationToken) => WithAsync(context, parsed, principal, async (quotas, id, output) =>
        {
            if (await quotas.SetPlanAsync(id, parsed.GetValue(plan), cancellationToken) is { } refusal)
            {
                return output.Refuse(refusal);
            }

            output.Write(new JsonObject { ["principal"] = id.Value, ["plan"] = parsed.GetValue(plan) });
            return 0;
        }));
        return command;
    }

    private static Command Reset(CliContext context)
    {
        var (principal, plan) = (PrincipalArgument(), CredentialPlan());
        var policy = new Option<string?>("--policy") { Description = "The policy; without it, all windows of the caller" };
        var command = new Command("reset", "Start the current windows of a caller anew") { principal, policy, plan };
        command.SetAction((parsed, cancellationToken) => WithAsync(context, parsed, principal, async (quotas, id, output) =>
        {
            if ((await quotas.ResetAsync(id, parsed.GetValue(plan), parsed.GetValue(policy), cancellationToken)).Refusal is { } refusal)
            {
                return output.Refuse(refusal);
            }

            output.Write(new JsonObject { ["principal"] = id.Value, ["reset"] = parsed.GetValue(policy) ?? "all" });
            return 0;
        }));
        return command;
    }

    private static async Task<int> WithAsync(
        CliContext context, ParseResult parsed, Argument<string> principal, Func<QuotaService, PrincipalId, CliOutput, Task<int>> act)
    {
        var output = context.Open(parsed);
        return PrincipalId.TryParse(parsed.GetRequiredValue(principal), out var id)
            ? await act(context.CreateQuotaService(), id, output)
            : output.Fail(CliValues.NotAPrincipal);
    }

    private static Argument<string> PrincipalArgument() => new("principal") { Description = "The caller, such as app:billing" };

    private static Option<string?> CredentialPlan() =>
        new("--credential-plan") { Description = "The plan that the caller's credential names; the default plan if absent" };
}
