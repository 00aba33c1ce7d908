using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Quotas;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai keys</c>: the life of API keys.</summary>
internal static class KeysCommand
{
    public static Command Create(CliContext context) => new("keys", "Create, list, rotate, revoke and check API keys")
    {
        CreateKey(context),
        List(context),
        Show(context),
        Rotate(context),
        Revoke(context),
        Check(context),
        RotatePepper(context),
    };

    private static Command CreateKey(CliContext context)
    {
        var principal = new Option<string>("--principal") { Description = $"Whom the key is for, such as app:billing; {PrincipalId.Form}", Required = true };
        var name = new Option<string>("--name") { Description = "A name for people, at most 100 characters", DefaultValueFactory = _ => "" };
        var roles = Many("--role", "A role of the key; repeat for more. 'funcai access roles' lists them");
        roles.Required = true;
        var models = Many("--model", "A model, a prefix with a trailing *, or either with @VERSION; repeat for more. Without any, no model");
        var networks = Many("--network", "A network that the key may be used from, as 10.1.0.0/16; repeat for more. None means any");
        var plan = new Option<string?>("--plan") { Description = "A quota plan of the application's settings; the default one if absent" };
        var notBefore = Time("--not-before", "When the key starts, as 2026-01-31T12:00Z; at once if absent");
        var expires = Time("--expires", "When the key ends, as 2026-12-31T12:00Z; never if absent");
        var keyOnly = new Option<bool>("--key-only") { Description = "Write the key alone, for a script that stores it" };
        var command = new Command("create", "Create a key and write it once; it cannot be shown again")
        {
            principal, name, roles, models, networks, plan, notBefore, expires, keyOnly,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(plan) is { } wanted && RefusePlan(context, wanted) is { } reason)
            {
                return context.Open(parsed).Fail(reason);
            }

            var request = new ApiKeyRequest
            {
                Principal = parsed.GetRequiredValue(principal),
                Name = parsed.GetValue(name) ?? "",
                Roles = [.. parsed.GetValue(roles) ?? []],
                Models = [.. parsed.GetValue(models) ?? []],
                Networks = [.. parsed.GetValue(networks) ?? []],
                Plan = parsed.GetValue(plan),
                NotBefore = parsed.GetValue(notBefore),
                Expires = parsed.GetValue(expires),
            };
            var outcome = await context.CreateKeyService().CreateAsync(request, KeyActor.VaultOperator, cancellationToken);
            return Report(context, parsed, outcome, parsed.GetValue(keyOnly));
        });
        return command;
    }

    private static Command List(CliContext context)
    {
        var command = new Command("list", "List all keys, revoked ones too");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            var outcome = await context.CreateKeyService().ListAsync(cancellationToken);
            if (!outcome.Succeeded)
            {
                return output.Refuse(outcome.Refusal);
            }

            output.Write([.. outcome.Value.Select(key => new JsonObject
            {
                ["id"] = key.Id.ToString(),
                ["principal"] = key.Principal,
                ["name"] = key.Name,
                ["roles"] = Strings(key.Roles),
                ["plan"] = key.Plan,
                ["state"] = State(key, context.Time.GetUtcNow()),
                ["created"] = key.Created?.ToString("u"),
                ["expires"] = key.Expires?.ToString("u"),
                ["revoked"] = key.Revoked?.ToString("u"),
            })]);
            return 0;
        });
        return command;
    }

    private static Command Show(CliContext context)
    {
        var id = IdArgument();
        var command = new Command("show", "Show what a key may do; never the key itself") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            if (!ApiKeyId.TryParse(parsed.GetRequiredValue(id), out var keyId))
            {
                return output.Fail(NotAnId);
            }

            var outcome = await context.CreateKeyService().ShowAsync(keyId, cancellationToken);
            if (!outcome.Succeeded)
            {
                return output.Refuse(outcome.Refusal);
            }

            var key = outcome.Value;
            var result = new JsonObject
            {
                ["id"] = key.Id.ToString(),
                ["principal"] = key.Principal,
                ["name"] = key.Name,
                ["roles"] = Strings(key.Roles),
            };

            // The vault gives no value of a revoked key: a name without one would read as no model, or any network.
            if (key is { Models: { } models, Networks: { } networks })
            {
                result["models"] = Strings(models);
                result["networks"] = Strings(networks);
                result["createdBy"] = key.CreatedBy;
                result["previousUntil"] = key.PreviousUntil?.ToString("u");
            }

            result["plan"] = key.Plan;
            result["pepper"] = key.Pepper;
            result["created"] = key.Created?.ToString("u");
            result["notBefore"] = key.NotBefore?.ToString("u");
            result["expires"] = key.Expires?.ToString("u");
            result["revoked"] = key.Revoked?.ToString("u");
            result["state"] = State(key, context.Time.GetUtcNow());
            output.Write(result);
            return 0;
        });
        return command;
    }

    private static Command Rotate(CliContext context)
    {
        var id = IdArgument();
        var overlap = new Option<TimeSpan>("--overlap")
        {
            Description = "How long the old key works on, as [days.]hh:mm:ss; 0 ends it at once",
            DefaultValueFactory = _ => ApiKeyService.DefaultOverlap,
            CustomParser = result => CliValues.Duration(result) ?? default,
        };
        var keyOnly = new Option<bool>("--key-only") { Description = "Write the key alone, for a script that stores it" };
        var command = new Command("rotate", "Replace a key and write the new one once") { id, overlap, keyOnly };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!ApiKeyId.TryParse(parsed.GetRequiredValue(id), out var keyId))
            {
                return context.Open(parsed).Fail(NotAnId);
            }

            var outcome = await context.CreateKeyService()
                .RotateAsync(keyId, parsed.GetValue(overlap), KeyActor.VaultOperator, cancellationToken);
            return Report(context, parsed, outcome, parsed.GetValue(keyOnly));
        });
        return command;
    }

    private static Command Revoke(CliContext context)
    {
        var id = IdArgument();
        var command = new Command("revoke", "Revoke a key for good; instances that know it refuse it within a minute") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            if (!ApiKeyId.TryParse(parsed.GetRequiredValue(id), out var keyId))
            {
                return output.Fail(NotAnId);
            }

            var outcome = await context.CreateKeyService().RevokeAsync(keyId, cancellationToken);
            if (!outcome.Succeeded)
            {
                return output.Refuse(outcome.Refusal);
            }

            output.Write(new JsonObject { ["id"] = keyId.ToString(), ["state"] = "revoked" });
            return 0;
        });
        return command;
    }

    private static Command Check(CliContext context)
    {
        var command = new Command("check", "Say what is the matter with a key, read as one line from standard input");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            var key = await context.Input.ReadLineAsync(cancellationToken) ?? "";
            var (found, id, refusal) = await context.CreateKeyChecker().CheckAsync(key.Trim(), cancellationToken);
            if (refusal is not null)
            {
                return output.Refuse(refusal);
            }

            output.Write(new JsonObject
            {
                ["id"] = id?.ToString(),
                ["result"] = found switch
                {
                    ApiKeyCheck.Valid => "valid",
                    ApiKeyCheck.Malformed => "malformed",
                    ApiKeyCheck.NotIssuedHere => "not-issued-here",
                    _ => "not-valid-now",
                },
            });
            return found == ApiKeyCheck.Valid ? 0 : 1;
        });
        return command;
    }

    private static Command RotatePepper(CliContext context)
    {
        var retire = new Option<TimeSpan?>("--retire-after")
        {
            Description = "When keys under older peppers stop working, as [days.]hh:mm:ss from when the new one signs; 0 stops them then, never if absent",
            CustomParser = CliValues.Duration,
        };
        var command = new Command("rotate-pepper", "Make a new pepper for keys created from ten minutes on") { retire };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            var outcome = await context.CreateKeyService().RotatePepperAsync(parsed.GetValue(retire), cancellationToken);
            if (!outcome.Succeeded)
            {
                return output.Refuse(outcome.Refusal);
            }

            var (signsFrom, oldKeysUntil) = outcome.Value;
            var result = new JsonObject { ["signsFrom"] = signsFrom.ToString("u") };
            if (oldKeysUntil is { } end)
            {
                result["oldKeysUntil"] = end.ToString("u");
                output.Note($"Every key made before {signsFrom:u} stops at {end:u}. Rotate keys from {signsFrom:u} on: sooner, a new one is under an old pepper too.");
            }

            output.Write(result);
            return 0;
        });
        return command;
    }

    private const string NotAnId = "A key id is 16 letters and digits: the part of the key between its underscores.";

    // The key would be made, and every request with it answered 503.
    private static string? RefusePlan(CliContext context, string plan)
    {
        var plans = QuotaServiceCollectionExtensions.PlanNamesForTools(context.Configuration).ToList();
        return plans.Contains(plan)
            ? null
            : $"--plan: no plan of this name is configured. The settings in the environment have {string.Join(", ", plans)}; plans of the application's own are its settings FuncAiSecure__Quotas__Plans__….";
    }

    private static int Report(CliContext context, ParseResult parsed, ManagementOutcome<CreatedApiKey> outcome, bool keyOnly)
    {
        var output = context.Open(parsed);
        if (!outcome.Succeeded)
        {
            return output.Refuse(outcome.Refusal);
        }

        var key = outcome.Value;
        var result = new JsonObject { ["id"] = key.Id.ToString(), ["key"] = key.Key };
        if (key.PreviousUntil is { } until)
        {
            result["previousUntil"] = until.ToString("u");
        }

        try
        {
            if (keyOnly)
            {
                parsed.InvocationConfiguration.Output.WriteLine(key.Key);
            }
            else
            {
                output.Write(result);
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It exists, and nobody can know it any more.
            return output.Fail($"The new key of {key.Id} could not be written ({e.Message}); rotate it again, or revoke it.");
        }
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = CliValues.Moment,
    };

    private static string State(ApiKeySummary key, DateTimeOffset now) =>
        !key.Enabled ? "revoked" : key.Expires <= now ? "expired" : key.NotBefore > now ? "not-yet-valid" : "active";

    private static JsonArray Strings(ImmutableArray<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);

    private static Argument<string> IdArgument() => new("id") { Description = "The key's id: the part between its underscores" };

    private static Option<string[]> Many(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
}
