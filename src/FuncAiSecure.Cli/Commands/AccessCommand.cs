using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Access;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai access</c>: what roles there are, and why somebody may or may not do something.</summary>
internal static class AccessCommand
{
    public static Command Create(CliContext context) => new("access", "Explain who may do what")
    {
        Roles(context),
        Explain(context),
    };

    private static Command Roles(CliContext context)
    {
        var command = new Command("roles", "List the roles that a principal can have");
        command.SetAction(parsed =>
        {
            context.Open(parsed).Write([.. RoleNames.All.Select(name => new JsonObject { ["role"] = name })]);
            return 0;
        });
        return command;
    }

    private static Command Explain(CliContext context)
    {
        var principal = new Argument<string>("principal") { Description = "A principal with API keys, or a key's id" };
        var action = new Argument<AccessAction>("action")
        {
            // Left to itself, the help has all of them for a name.
            HelpName = "action",
            Description = $"What it wants to do: {string.Join(", ", Enum.GetNames<AccessAction>())}",
            CustomParser = CliValues.Choice<AccessAction>,
        };
        var model = new Argument<string?>("model") { Description = "The model, if the action is about one", Arity = ArgumentArity.ZeroOrOne };
        var version = new Option<int?>("--version-number") { Description = "The model's version, 1 or more; the promoted one if absent", CustomParser = result => CliValues.Whole(result, 1) };
        var address = new Option<IPAddress>("--from")
        {
            Description = "The caller's address; this machine if absent",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => Address(result.Tokens[0].Value) ?? Refuse(result),
        };
        var command = new Command("explain", "Say what decides whether a principal may do something: one row a check and key")
        {
            principal, action, model, version, address,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            var outcome = await context.CreateKeyService().FindAsync(parsed.GetRequiredValue(principal), cancellationToken);
            if (!outcome.Succeeded)
            {
                return output.Refuse(outcome.Refusal);
            }

            var allowed = false;
            var rows = new List<JsonObject>();
            foreach (var found in outcome.Value)
            {
                var explanation = AccessPolicy.Explain(
                    found, parsed.GetValue(action), parsed.GetValue(model), parsed.GetValue(version), parsed.GetValue(address)!);
                allowed |= explanation.Refusal is null;
                rows.AddRange(explanation.Checks.Select(check => Row(found, check.Name, check.Passed ? "yes" : "no", check.Reason)));
                rows.Add(Row(found, "decision", explanation.Refusal is null ? "allowed" : "refused", explanation.Refusal?.Code.ToString() ?? ""));
            }

            output.Write(rows);
            return allowed ? 0 : 1;
        });
        return command;
    }

    private static JsonObject Row(Principal principal, string check, string result, string reason) => new()
    {
        ["principal"] = principal.Id.Value,
        ["key"] = principal.CredentialId,
        ["check"] = check,
        ["result"] = result,
        ["reason"] = reason,
    };

    // 10.1 and 010.0.0.1 are addresses too, though others than they look.
    private static IPAddress? Address(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == text) ? address : null;

    private static IPAddress? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--from is not an IP address.");
        return null;
    }
}
