using System.Collections.Immutable;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>API keys for operators: the same rules as <c>funcai keys</c>, under the operator's own roles.</summary>
public static class KeyFunctions
{
    internal const string CollectionRoute = "manage/keys";
    internal const string CheckRoute = "manage/keys/check";
    internal const string ItemRoute = "manage/keys/{id:length(16)}";
    internal const string RotateRoute = ItemRoute + "/rotate";

    /// <summary>GET lists all keys; POST creates one and shows it this once.</summary>
    [Function(nameof(Keys))]
    public static Task Keys([HttpTrigger(AuthorizationLevel.Anonymous, Route = CollectionRoute)] HttpRequest request, FunctionContext context) =>
        HttpMethods.IsPost(request.Method) ? CreateAsync(context) : ListAsync(context);

    /// <summary>Says what is the matter with a key.</summary>
    [Function(nameof(KeysCheck))]
    public static async Task KeysCheck([HttpTrigger(AuthorizationLevel.Anonymous, Route = CheckRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.KeyCheckRequest, out var body) is { } refusal)
        {
            state.Refuse(refusal);
            return;
        }

        var checker = context.InstanceServices.GetRequiredService<ApiKeyChecker>();
        var (found, id, unavailable) = await checker.CheckAsync(body!.Key, state.Cancellation);
        if (unavailable is not null)
        {
            state.Refuse(unavailable);
            return;
        }

        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("id", id?.ToString());
        json.WriteString("result", found switch
        {
            ApiKeyCheck.Valid => "valid",
            ApiKeyCheck.Malformed => "malformed",
            ApiKeyCheck.NotIssuedHere => "not-issued-here",
            _ => "not-valid-now",
        });
        json.WriteEndObject();
    }

    /// <summary>GET shows a key's record; DELETE revokes it.</summary>
    [Function(nameof(KeysItem))]
    public static async Task KeysItem([HttpTrigger(AuthorizationLevel.Anonymous, Route = ItemRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!TryReadId(state, out var id))
        {
            return;
        }

        var service = context.InstanceServices.GetRequiredService<ApiKeyService>();
        state.Subject = HttpMethods.IsDelete(request.Method) ? "revoke" : "show";
        var outcome = HttpMethods.IsDelete(request.Method)
            ? await service.RevokeAsync(id, state.Begin())
            : await service.ShowAsync(id, state.Cancellation);
        if (!outcome.Succeeded)
        {
            state.Refuse(outcome.Refusal);
            return;
        }

        Note(state, outcome.Value.Id, outcome.Value.Principal);
        using var json = new Utf8JsonWriter(state.Output);
        Write(json, outcome.Value);
    }

    /// <summary>Replaces a key, and shows the new one this once.</summary>
    [Function(nameof(KeysRotate))]
    public static async Task KeysRotate([HttpTrigger(AuthorizationLevel.Anonymous, Route = RotateRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!TryReadId(state, out var id))
        {
            return;
        }

        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.KeyRotateRequest, out var body) is { } refusal)
        {
            state.Refuse(refusal);
            return;
        }

        state.Subject = "rotate";
        var overlap = body!.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : ApiKeyService.DefaultOverlap;
        var outcome = await context.InstanceServices.GetRequiredService<ApiKeyService>()
            .RotateAsync(id, overlap, ActorOf(state), state.Begin());
        WriteCreated(state, outcome, null);
    }

    private static async Task CreateAsync(FunctionContext context)
    {
        var state = context.Request();
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.KeyCreateRequest, out var body) is { } refusal)
        {
            state.Refuse(refusal);
            return;
        }

        state.Subject = "create";
        // Without this the key would be made, and every request with it refused as if a dependency were away.
        if (body!.Plan is { } plan && !context.InstanceServices.GetRequiredService<QuotaService>().HasPlan(plan))
        {
            state.Refuse(UsageFunctions.NoSuchPlan);
            return;
        }

        if (!TryReadTime(state, "/not_before", body.NotBefore, out var notBefore) || !TryReadTime(state, "/expires", body.Expires, out var expires))
        {
            return;
        }

        var wanted = new ApiKeyRequest
        {
            Principal = body.Principal,
            Name = body.Name,
            Roles = [.. body.Roles],
            Models = [.. body.Models],
            Networks = [.. body.Networks],
            Plan = body.Plan,
            NotBefore = notBefore,
            Expires = expires,
        };
        WriteCreated(state, await context.InstanceServices.GetRequiredService<ApiKeyService>()
            .CreateAsync(wanted, ActorOf(state), state.Begin()), body.Principal);
    }

    private static async Task ListAsync(FunctionContext context)
    {
        var state = context.Request();
        state.Subject = "list";
        var outcome = await context.InstanceServices.GetRequiredService<ApiKeyService>().ListAsync(state.Cancellation);
        if (!outcome.Succeeded)
        {
            state.Refuse(outcome.Refusal);
            return;
        }

        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("keys");
        foreach (var key in outcome.Value)
        {
            Write(json, key);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Only of a key that there is: what else stands in a request are the caller's own words.
    private static void Note(RequestState state, ApiKeyId id, string? principal)
    {
        state.Subject += $" {id}";
        state.About = PrincipalId.TryParse(principal, out var about) ? about : null;
    }

    private static KeyActor ActorOf(RequestState state) => new(state.Principal!.Id.Value, state.Principal.Roles);

    private static bool TryReadId(RequestState state, out ApiKeyId id)
    {
        var valid = ApiKeyId.TryParse(state.Http.GetRouteValue("id") as string, out id);
        if (!valid)
        {
            state.Refuse(new Refusal(RefusalCode.NotFound) { Detail = "There is no such key." });
        }

        return valid;
    }

    private static bool TryReadTime(RequestState state, string pointer, string? text, out DateTimeOffset? time)
    {
        time = PointInTime.TryParse(text, out var read) ? read : null;
        var valid = text is null || time is not null;
        if (!valid)
        {
            var fault = new InputError(pointer, $"must be {PointInTime.Form}");
            state.Refuse(new Refusal(RefusalCode.InputInvalid) { Detail = $"{pointer} {fault.Message}.", Errors = [fault] });
        }

        return valid;
    }

    private static void WriteCreated(RequestState state, ManagementOutcome<CreatedApiKey> outcome, string? principal)
    {
        if (!outcome.Succeeded)
        {
            state.Refuse(outcome.Refusal);
            return;
        }

        Note(state, outcome.Value.Id, principal);
        state.Answer(StatusCodes.Status201Created);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("id", outcome.Value.Id.ToString());
        json.WriteString("key", outcome.Value.Key);
        WriteTime(json, "previous_until", outcome.Value.PreviousUntil);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ApiKeySummary key)
    {
        json.WriteStartObject();
        json.WriteString("id", key.Id.ToString());
        json.WriteString("principal", key.Principal);
        json.WriteString("name", key.Name);
        WriteList(json, "roles", key.Roles);
        WriteList(json, "models", key.Models);
        WriteList(json, "networks", key.Networks);
        json.WriteString("plan", key.Plan);
        json.WriteBoolean("enabled", key.Enabled);
        if (key.CreatedBy is { } maker)
        {
            json.WriteString("created_by", maker);
        }

        WriteTime(json, "created", key.Created);
        WriteTime(json, "not_before", key.NotBefore);
        WriteTime(json, "expires", key.Expires);
        WriteTime(json, "previous_until", key.PreviousUntil);
        json.WriteEndObject();
    }

    // What is not known is left out: an empty list would say no model, or any network.
    private static void WriteList(Utf8JsonWriter json, string name, ImmutableArray<string>? items)
    {
        if (items is not { } known)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in known)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
    }
}
