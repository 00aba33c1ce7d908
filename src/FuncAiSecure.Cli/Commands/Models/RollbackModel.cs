using System.CommandLine;
using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models rollback</c>: returns to what served before.</summary>
internal static class RollbackModel
{
    public static Command Create(CliContext context)
    {
        var model = new Argument<string>("model") { Description = "The model" };
        var by = ModelSettings.By();
        var command = new Command("rollback", "Return to what served before the newest promotion; once more returns further back") { model, by };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () => ModelSettings.Actor(parsed.GetRequiredValue(by)) is { } actor
                ? PromoteModel.Write(context, output, await new ModelPromoter(context.Promotions(), context.Time).RollbackAsync(parsed.GetRequiredValue(model), actor, cancellation))
                : output.Fail(ModelSettings.NotAnActor));
        });
        return command;
    }
}
