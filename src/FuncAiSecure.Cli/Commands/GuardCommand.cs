using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Cli.Commands.Models;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai guard</c>: what the guards say of texts, a line a text, from files or standard input.</summary>
internal static class GuardCommand
{
    private const int ProgressEvery = 1_000;

    public static Command Create(CliContext context) => new("guard", "Judge texts as the guards do, or take personal data out of them")
    {
        Check(context),
        Redact(context),
    };

    private static Command Check(CliContext context)
    {
        var (files, models, rate, names) = (Files(), Models(), Rate(), Names());
        var command = new Command("check", "Show the verdict on each line: score, rules, places of personal data; never the text") { files, models, rate, names };
        SetAction(command, (parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            var guard = OfflineGuards.Create(context.Directory(parsed.GetValue(models)));
            if (guard is null)
            {
                return output.Fail("The models directory has no prompt-guard that can be read.");
            }

            var policy = new GuardPolicy
            {
                Injection = new InjectionPolicy { Action = InjectionAction.Flag, FalsePositiveRate = parsed.GetValue(rate) },
                InputPii = PolicyOf(PiiAction.Detect, parsed.GetValue(names)),
            };
            List<JsonObject> verdicts = [];
            var read = ForEachLine(context, parsed, files, guard.MaxCharacters, (place, text) => verdicts.Add(Describe(place, guard.Inspect(policy, text))), cancellation);
            output.Write(verdicts);
            return read;
        });
        return command;
    }

    private static Command Redact(CliContext context)
    {
        var (files, names) = (Files(), Names());
        var action = new Option<PiiAction>("--action") { Description = "Mask, or Redact to numbered placeholders", DefaultValueFactory = _ => PiiAction.Redact };
        action.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, nameof(PiiAction.Mask), nameof(PiiAction.Redact));
        var command = new Command("redact", "Write each line with its personal data taken out") { files, action, names };
        SetAction(command, (parsed, cancellation) =>
        {
            var guard = OfflineGuards.WithoutClassifier();
            var policy = new GuardPolicy { InputPii = PolicyOf(parsed.GetValue(action), parsed.GetValue(names)) };
            var keys = new PrivateKeyLines();
            return ForEachLine(context, parsed, files, guard.MaxCharacters, (_, text) =>
            {
                var verdict = guard.Inspect(policy, text);
                var isOfKey = keys.Continue(text, verdict);

                // A line that could not be judged is not passed on, nor what a key's first line leaves of it to the next ones.
                parsed.InvocationConfiguration.Output.WriteLine(isOfKey || verdict.Action is GuardAction.Block ? "" : verdict.Rewritten ?? text);
            }, cancellation);
        });
        return command;
    }

    // On a thread of its own: one that waits for input hears of no Ctrl-C.
    private static void SetAction(Command command, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellation) => Task.Run(() => work(parsed, cancellation), CancellationToken.None));

    private static PiiPolicy PolicyOf(PiiAction action, bool names) => new()
    {
        Default = action,
        Kinds = names ? PiiKinds.All.Where(PiiKinds.IsOnlyByName).ToImmutableDictionary(PiiKinds.NameOf, _ => action) : [],
    };

    private static JsonObject Describe(string place, GuardVerdict verdict) => new()
    {
        ["line"] = place,
        ["action"] = verdict.Action.ToString(),
        ["score"] = verdict.Score is { } score ? Math.Round(score, 3) : null,
        ["rules"] = new JsonArray([.. verdict.Rules.Select(rule => (JsonNode)rule)]),
        ["pii"] = new JsonArray([.. verdict.Pii.Select(span => (JsonNode)$"{PiiKinds.NameOf(span.Kind)}@{span.Start}-{span.End}")]),
    };

    // What is too long for the guard is handed to it cut, which is too long too: it says so in its verdict.
    private static int ForEachLine(
        CliContext context, ParseResult parsed, Argument<string[]> files, int most, Action<string, string> judge, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var names = parsed.GetValue(files) is { Length: > 0 } some ? some : ["-"];
        var code = 0;
        long lines = 0;
        foreach (var name in names)
        {
            if (name != "-" && !File.Exists(name))
            {
                error.WriteLine($"{name}: no such file");
                return 1;
            }

            using var file = name == "-" ? null : CliContext.ReadUtf8(File.OpenRead(name));
            var reader = new BoundedLines(file ?? context.Input, most);
            var number = 1;
            try
            {
                for (; reader.Read() is { } line; number++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    judge($"{name}:{number}", line);
                    if (line.Length > most)
                    {
                        error.WriteLine($"{name}:{number}: not judged, longer than {most} characters");
                        code = 1;
                    }

                    if (++lines % ProgressEvery == 0)
                    {
                        error.WriteLine($"{lines} lines");
                    }
                }
            }
            catch (DecoderFallbackException)
            {
                error.WriteLine($"{name}: is not UTF-8, in line {number} or after it");
                return 1;
            }
        }

        return code;
    }

    private static Argument<string[]> Files() => new("files") { Description = "Text files, a text a line of at most a million characters; standard input where none is named or for -", Arity = ArgumentArity.ZeroOrMore };

    private static Option<string?> Models() => new("--models") { Description = "The models directory; the configured one, or ./models, if absent" };

    private static Option<bool> Names() => new("--names") { Description = "Look for names of persons and addresses too" };

    private static Option<double> Rate()
    {
        var rate = new Option<double>("--false-positives") { Description = "The share of harmless texts that may be flagged, above 0 and at most 0.5", DefaultValueFactory = _ => 0.01 };
        rate.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 0.5))
            {
                result.AddError("--false-positives is above 0 and at most 0.5.");
            }
        });
        return rate;
    }
}
