using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai budget</c>: what callers have learned of models, and a new beginning.</summary>
internal static class BudgetCommand
{
    private const string Away = "The table of budgets cannot be asked.";

    public static Command Create(CliContext context) => new("budget", "Show what a caller has spent of a model's information budget, or begin it anew")
    {
        Make(context, "show", "Show the share that is spent, as instances have saved it", async (budgets, principal, model, output, cancellationToken) =>
        {
            if (await budgets.FindSpentAsync(principal, model, cancellationToken) is not { } spent)
            {
                return output.Fail(Away);
            }

            output.Write(new JsonObject { ["principal"] = principal.Value, ["model"] = model, ["spent"] = Math.Round(spent, 4) });
            return 0;
        }),
        Make(context, "reset", "Give a caller a whole budget; instances follow with their next saving", async (budgets, principal, model, output, cancellationToken) =>
        {
            if (!await budgets.ResetAsync(principal, model, cancellationToken))
            {
                return output.Fail(Away);
            }

            output.Write(new JsonObject { ["principal"] = principal.Value, ["model"] = model, ["spent"] = 0 });
            return 0;
        }),
    };

    private static Command Make(
        CliContext context, string name, string description, Func<BudgetControl, PrincipalId, string, CliOutput, CancellationToken, Task<int>> act)
    {
        var principal = new Argument<string>("principal") { Description = "Whose budget" };
        var model = new Argument<string>("model") { Description = "The model's name" };
        var command = new Command(name, description) { principal, model };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            return PrincipalId.TryParse(parsed.GetRequiredValue(principal), out var id)
                ? await act(
                    new BudgetControl(StorageServiceCollectionExtensions.CreateClient(context.Configuration), context.Configuration, context.Time),
                    id, parsed.GetRequiredValue(model), output, cancellationToken)
                : output.Fail(CliValues.NotAPrincipal);
        });
        return command;
    }
}
