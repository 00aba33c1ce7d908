using System.CommandLine;
using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models promote</c>: makes a version the one that serves, or gives it a share.</summary>
internal static class PromoteModel
{
    public static Command Create(CliContext context)
    {
        var model = new Argument<string>("model") { Description = "The model" };
        var version = new Argument<int>("version") { Description = "The version, 1 or more", CustomParser = result => CliValues.Whole(result, 1) };
        var percent = new Option<int>("--percent")
        {
            Description = "The share of principals that the version gets, 0 to 100; below 100 the rest stays where it is",
            DefaultValueFactory = _ => 100,
            CustomParser = result => CliValues.Whole(result, 0, 100),
        };
        var by = ModelSettings.By();
        var command = new Command("promote", "Let a version serve requests that name none; every instance follows within 10 s, or says why not")
        {
            model, version, percent, by,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                if (ModelSettings.Actor(parsed.GetRequiredValue(by)) is not { } actor)
                {
                    return output.Fail(ModelSettings.NotAnActor);
                }

                var outcome = await new ModelPromoter(context.Promotions(), context.Time)
                    .PromoteAsync(parsed.GetRequiredValue(model), parsed.GetValue(version), parsed.GetValue(percent), actor, cancellation);
                return Write(context, output, outcome);
            });
        });
        return command;
    }

    /// <summary>Writes the entry now in force, or why there is none.</summary>
    public static int Write(CliContext context, CliOutput output, PromotionOutcome outcome)
    {
        if (outcome.Promotion is not { } promotion)
        {
            return output.Refuse(outcome.Refusal!);
        }

        output.Write(ModelSettings.Row(promotion));

        // Instances alone know what they have; where the folders are here too, a slip of the pen is seen at once.
        var home = context.Directory(null);
        var version = $"{promotion.Model}/{promotion.CanaryVersion ?? promotion.Version}";
        if (Directory.Exists(home) && !Directory.Exists(Path.Combine(home, version)))
        {
            output.Note($"{home} has no {version}: an instance without it serves on what it serves now.");
        }

        return 0;
    }
}
