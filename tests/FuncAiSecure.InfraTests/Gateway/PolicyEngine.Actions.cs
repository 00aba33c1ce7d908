using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using FuncAiSecure.InfraTests.Expressions;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>What the single policies do. One that is not here fails the test that meets it.</summary>
internal sealed partial class PolicyEngine
{
    private void Act(XElement step, string section, RequestRun run)
    {
        switch (step.Name.LocalName)
        {
            case "set-variable":
                run.Values[Attribute(step, "name")] = Value(Attribute(step, "value"), run) ?? "";
                break;
            case "set-header":
                SetHeader(step, section, run);
                break;
            case "set-query-parameter":
                Attribute(step, "exists-action").ShouldBe("delete");
                run.Query.Remove(Attribute(step, "name"));
                break;
            case "set-status":
                run.Answer = run.Answer! with { Status = int.Parse(Text(Attribute(step, "code"), run), CultureInfo.InvariantCulture) };
                break;
            case "set-body":
                run.Answer = run.Answer! with { Body = Text(step.Value, run) };
                break;
            case "rate-limit-by-key":
                Limit(step, "key " + Text(Attribute(step, "counter-key"), run), "rate-limit-by-key", "RateLimitExceeded", run);
                break;
            case "rate-limit":
                Limit(step, "rate " + run.Sent.Subscription, "rate-limit", "RateLimitExceeded", run);
                break;
            case "quota":
                Limit(step, "quota " + run.Sent.Subscription, "quota", "QuotaExceeded", run);
                break;
            case "validate-jwt":
                ValidateToken(step, run);
                break;
            case "validate-content":
                ValidateContent(step, run);
                break;
            case "set-backend-service":
                run.Backend = Attribute(step, "backend-id");
                break;
            case "authentication-certificate":
                run.BackendCertificate = Attribute(step, "certificate-id");
                break;
            case "authentication-managed-identity":
                GatewayToken(step, run);
                break;
            case "forward-request":
                Forward(run);
                break;
            default:
                throw new NotSupportedException($"<{step.Name.LocalName}> is not known to the engine.");
        }
    }

    private void SetHeader(XElement step, string section, RequestRun run)
    {
        var headers = run.Answer is not null || section is not "inbound" and not "backend" ? run.Answer?.Headers : run.RequestHeaders;
        var name = Attribute(step, "name");
        if (Attribute(step, "exists-action") == "delete")
        {
            headers?.Remove(name);
        }
        else if (headers is not null)
        {
            headers[name] = [.. step.Elements("value").Select(value => Text(value.Value, run))];
        }
    }

    private void Limit(XElement step, string counter, string source, string reason, RequestRun run)
    {
        var used = state.Counters.GetValueOrDefault(counter);
        if (used >= int.Parse(Attribute(step, "calls"), CultureInfo.InvariantCulture))
        {
            run.EarlyHeaders["Retry-After"] = ["17"];
            throw new PolicyFailureException(source, reason, source == "quota" ? 403 : 429);
        }

        var condition = step.Attribute("increment-condition")?.Value;
        run.AtEnd.Add(() => state.Counters[counter] = state.Counters.GetValueOrDefault(counter) + (condition is null || (bool)Value(condition, run)! ? 1 : 0));
    }

    private void ValidateToken(XElement step, RequestRun run)
    {
        if (!state.ProviderWorks)
        {
            throw new PolicyFailureException("validate-jwt", "OpenIdConfigurationNotReached");
        }

        var header = run.RequestHeaders.GetValueOrDefault(Attribute(step, "header-name"))?.FirstOrDefault() ?? "";
        var scheme = Attribute(step, "require-scheme") + " ";
        var token = header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? state.Tokens.GetValueOrDefault(header[scheme.Length..]) : null;
        var reason = token switch
        {
            null => "JwtInvalid",
            _ when !token.IsSigned && (string?)step.Attribute("require-signed-tokens") == "true" => "TokenSignatureInvalid",
            _ when token.IsExpired || (!token.HasExpiry && (string?)step.Attribute("require-expiration-time") == "true") => "TokenExpired",
            _ when step.Element("audiences") is { } audiences && audiences.Elements().All(a => a.Value != token.Audience) => "TokenAudienceNotAllowed",
            _ when step.Element("issuers") is { } issuers && issuers.Elements().All(i => i.Value != token.Issuer) => "TokenIssuerNotAllowed",
            _ => null,
        };
        if (reason is not null)
        {
            throw new PolicyFailureException("validate-jwt", reason, 401);
        }

        run.Values[Attribute(step, "output-token-variable-name")] = new Jwt { Issuer = token!.Issuer, Subject = token.Subject };
    }

    private static void ValidateContent(XElement step, RequestRun run)
    {
        if (run.Sent.Body is not { } body)
        {
            return;
        }

        var type = run.RequestHeaders.GetValueOrDefault("Content-Type")?.FirstOrDefault()?.Split(';')[0].Trim() ?? "";
        var known = step.Elements("content").FirstOrDefault(c => Attribute(c, "type") == type);
        if (known is null && Attribute(step, "unspecified-content-type-action") == "prevent")
        {
            throw new PolicyFailureException("validate-content", "UnspecifiedContentType", 400);
        }

        if (body.Length > int.Parse(Attribute(step, "max-size"), CultureInfo.InvariantCulture) && Attribute(step, "size-exceeded-action") == "prevent")
        {
            throw new PolicyFailureException("validate-content", "SizeLimit", 400);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
        }
        catch (JsonException) when (known is not null && Attribute(known, "action") == "prevent")
        {
            throw new PolicyFailureException("validate-content", "IncorrectMessage", 400);
        }
    }

    private void GatewayToken(XElement step, RequestRun run)
    {
        if (!state.IdentityWorks && (string?)step.Attribute("ignore-error") != "true")
        {
            throw new PolicyFailureException("authentication-managed-identity", "ManagedIdentityTokenNotObtained");
        }

        run.Values[Attribute(step, "output-token-variable-name")] = "gateway token for " + Attribute(step, "resource");
    }

    private void Forward(RequestRun run)
    {
        state.BackendCalls.Add(new(run.Backend ?? "", run.BackendCertificate, new(run.RequestHeaders, StringComparer.OrdinalIgnoreCase), new(run.Query)));
        run.Answer = state.App();
    }
}
