using System.Globalization;
using System.Xml.Linq;
using FuncAiSecure.InfraTests.Expressions;
using FuncAiSecure.InfraTests.Policies;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>Runs the policy documents over requests by the documented rules of sections, scopes, errors and early answers.</summary>
internal sealed partial class PolicyEngine(PolicyFiles files, ExpressionCompiler expressions, GatewayState state)
{
    private bool _isInbound;

    /// <summary>One request through global, product, API and operation scope.</summary>
    public GatewayResponse Send(GatewayRequest request)
    {
        var run = new RequestRun(request);
        var isConsole = request.Path is "/console" || request.Path.StartsWith("/console/", StringComparison.Ordinal);
        List<string> scopes = isConsole ? ["global", "console"] : ["global", "product", "api"];
        if (request.Path.StartsWith("/manage/", StringComparison.Ordinal))
        {
            scopes.Add("operation-management");
        }

        state.InboundSteps = 0;
        try
        {
            // The API of the page's files asks for no subscription.
            if (!isConsole)
            {
                CheckSubscription(run);
            }

            _isInbound = true;
            var isAnswered = Section(scopes, "inbound", run);
            _isInbound = false;
            if (!isAnswered && !Section(scopes, "backend", run))
            {
                Section(scopes, "outbound", run);
            }
        }
        catch (PolicyFailureException failure)
        {
            OnError(scopes, run, failure);
        }
        catch (Exception exception) when (exception is not Shouldly.ShouldAssertException and not NotSupportedException)
        {
            OnError(scopes, run, new PolicyFailureException("expression", "ExpressionValueEvaluationFailure"));
        }
        finally
        {
            _isInbound = false;
        }

        run.AtEnd.ForEach(action => action());
        return run.Answer ?? GatewayResponse.Of(500, "text/plain", "no answer");
    }

    private void OnError(List<string> scopes, RequestRun run, PolicyFailureException failure)
    {
        _isInbound = false;
        run.LastError = failure;
        run.Answer = null;
        if (!Section(scopes, "on-error", run))
        {
            run.Answer = GatewayResponse.Of(failure.Status, "text/plain", failure.Reason ?? "");
        }
    }

    private void CheckSubscription(RequestRun run)
    {
        if (run.Sent.Subscription is null)
        {
            throw new PolicyFailureException("authorization", "SubscriptionKeyNotFound", 401);
        }

        if (!state.Subscriptions.Contains(run.Sent.Subscription))
        {
            throw new PolicyFailureException("authorization", "SubscriptionKeyInvalid", 401);
        }

        run.RequestHeaders["Ocp-Apim-Subscription-Key"] = [run.Sent.Subscription];
    }

    /// <summary>Runs a section from the innermost scope outwards through base; true when the request was answered.</summary>
    private bool Section(List<string> scopes, string section, RequestRun run)
    {
        if (scopes.Count == 0)
        {
            return false;
        }

        var inner = files[scopes[^1]].Element(section);
        return inner is not null && Steps(inner.Elements(), scopes[..^1], section, run);
    }

    private bool Steps(IEnumerable<XElement> steps, List<string> outer, string section, RequestRun run) =>
        steps.Any(step => step.Name.LocalName == "base" ? Section(outer, section, run) : Step(step, outer, section, run));

    private bool Step(XElement step, List<string> outer, string section, RequestRun run)
    {
        if (_isInbound && state.InboundSteps++ == state.FailAtStep)
        {
            throw new InvalidOperationException("injected");
        }

        switch (step.Name.LocalName)
        {
            case "include-fragment":
                return Steps(files["fragments/" + Attribute(step, "fragment-id")].Elements(), outer, section, run);
            case "choose":
                var branch = step.Elements("when").FirstOrDefault(when => (bool)Value(Attribute(when, "condition"), run)!) ?? step.Element("otherwise");
                return branch is not null && Steps(branch.Elements(), outer, section, run);
            case "retry":
                return Retry(step, outer, section, run);
            case "return-response":
                run.Answer = GatewayResponse.Of(200, body: "");
                run.Answer.Headers.Clear();
                Steps(step.Elements(), outer, section, run);
                return true;
            default:
                Act(step, section, run);
                return false;
        }
    }

    private bool Retry(XElement step, List<string> outer, string section, RequestRun run)
    {
        var left = int.Parse(Attribute(step, "count"), CultureInfo.InvariantCulture);
        do
        {
            if (Steps(step.Elements(), outer, section, run))
            {
                return true;
            }
        }
        while (left-- > 0 && (bool)Value(Attribute(step, "condition"), run)!);
        return false;
    }

    private object? Value(string text, RequestRun run) => ExpressionCompiler.IsExpression(text) ? expressions.Run(text, run) : text;

    private string Text(string text, RequestRun run) => Convert.ToString(Value(text, run), CultureInfo.InvariantCulture) ?? "";

    private static string Attribute(XElement step, string name) =>
        step.Attribute(name)?.Value ?? throw new NotSupportedException($"<{step.Name.LocalName}> without {name}.");
}
