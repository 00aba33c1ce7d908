using System.Buffers;
using System.Text.Json;
using FuncAiSecure.LocalVault.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FuncAiSecure.LocalVault.Api;

/// <summary>The routes of the secrets protocol: translation between the wire and <see cref="VaultStore"/>.</summary>
internal sealed class SecretsApi(VaultStore store, int pageSize)
{
    private const int MaxValueChars = 25_600;
    private const string RecoveryLevel = "Recoverable+Purgeable";
    private const int RecoverableDays = 90;

    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Adds every route to the application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/secrets/{name}", (RequestDelegate)SetAsync);
        routes.MapGet("/secrets/{name}/versions", (RequestDelegate)ListVersionsAsync);
        routes.MapGet("/secrets/{name}/{version?}", (RequestDelegate)GetAsync);
        routes.MapPatch("/secrets/{name}/{version}", (RequestDelegate)UpdateAsync);
        routes.MapDelete("/secrets/{name}", (RequestDelegate)DeleteAsync);
        routes.MapGet("/secrets", (RequestDelegate)ListAsync);
        routes.MapGet("/deletedsecrets", (RequestDelegate)ListDeletedAsync);
        routes.MapGet("/deletedsecrets/{name}", (RequestDelegate)GetDeletedAsync);
        routes.MapDelete("/deletedsecrets/{name}", (RequestDelegate)PurgeAsync);
        routes.MapPost("/deletedsecrets/{name}/recover", (RequestDelegate)RecoverAsync);
        routes.MapFallback((RequestDelegate)(context => VaultError.BadParameter.WriteAsync(context)));
    }

    private async Task SetAsync(HttpContext context)
    {
        var change = await ReadAsync(context);
        if (change?.Value is null || change.Value.Length > MaxValueChars || !IsName(Name(context)))
        {
            await VaultError.BadParameter.WriteAsync(context);
        }
        else if (store.Set(Name(context), change) is { } version)
        {
            await WriteAsync(context, Describe(context, Name(context), version, withValue: true));
        }
        else
        {
            await VaultError.Deleted.WriteAsync(context);
        }
    }

    private Task GetAsync(HttpContext context)
    {
        if (!store.TryGet(Name(context), Version(context), out var version))
        {
            return VaultError.NotFound.WriteAsync(context);
        }

        return version.Enabled
            ? WriteAsync(context, Describe(context, Name(context), version, withValue: true))
            : VaultError.Disabled.WriteAsync(context);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var change = await ReadAsync(context);
        await (change is null ? VaultError.BadParameter.WriteAsync(context)
            : store.Update(Name(context), Version(context)!, change) is { } version
                ? WriteAsync(context, Describe(context, Name(context), version, withValue: false))
                : VaultError.NotFound.WriteAsync(context));
    }

    private Task DeleteAsync(HttpContext context) => WriteDeletedAsync(context, store.Delete(Name(context)));

    private Task GetDeletedAsync(HttpContext context) => WriteDeletedAsync(context, store.GetDeleted(Name(context)));

    private Task PurgeAsync(HttpContext context)
    {
        if (!store.Purge(Name(context)))
        {
            return VaultError.NotFound.WriteAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RecoverAsync(HttpContext context) => store.Recover(Name(context)) is { } version
        ? WriteAsync(context, Describe(context, Name(context), version, withValue: false))
        : VaultError.NotFound.WriteAsync(context);

    // A list of secrets names none of their versions.
    private Task ListAsync(HttpContext context) => Paging.WriteAsync(
        context, pageSize, store.List(), item => item.Name, item => Describe(context, item.Name, item.Version, false) with { Id = Id(context, item.Name) });

    // Of a secret that is not there the service lists nothing; only reading it is a 404.
    private Task ListVersionsAsync(HttpContext context) => Paging.WriteAsync(
        context, pageSize, store.ListVersions(Name(context)), item => item.Version, item => Describe(context, Name(context), item, false));

    private Task ListDeletedAsync(HttpContext context) =>
        Paging.WriteAsync(context, pageSize, store.ListDeleted(), item => item.Name, item => Describe(context, item));

    private static Task WriteDeletedAsync(HttpContext context, DeletedState? deleted) =>
        deleted is null ? VaultError.NotFound.WriteAsync(context) : WriteAsync(context, Describe(context, deleted));

    private static Task WriteAsync(HttpContext context, Wire.Secret secret) =>
        context.Response.WriteAsJsonAsync(secret, WireJson.Default.Secret, cancellationToken: context.RequestAborted);

    private static Wire.Secret Describe(HttpContext context, DeletedState deleted) =>
        Describe(context, deleted.Name, deleted.Latest, withValue: false) with
        {
            RecoveryId = $"https://{context.Request.Host}/deletedsecrets/{deleted.Name}",
            DeletedDate = deleted.DeletedAt,
            ScheduledPurgeDate = deleted.DeletedAt + (RecoverableDays * 86_400L),
        };

    private static Wire.Secret Describe(HttpContext context, string name, SecretVersion version, bool withValue) => new()
    {
        Value = withValue ? version.Value : null,
        Id = $"{Id(context, name)}/{version.Version}",
        ContentType = version.ContentType,
        Tags = version.Tags,
        Attributes = new Wire.Attributes
        {
            Enabled = version.Enabled,
            NotBefore = version.NotBefore,
            Expires = version.Expires,
            Created = version.Created,
            Updated = version.Updated,
            RecoveryLevel = RecoveryLevel,
            RecoverableDays = RecoverableDays,
        },
    };

    private static string Id(HttpContext context, string name) => $"https://{context.Request.Host}/secrets/{name}";

    private static async Task<SecretChange?> ReadAsync(HttpContext context)
    {
        try
        {
            var body = await context.Request.ReadFromJsonAsync(WireJson.Default.SecretRequest, context.RequestAborted);
            return body is null ? null : new SecretChange(
                body.Value, body.ContentType, body.Tags, body.Attributes?.Enabled, body.Attributes?.NotBefore, body.Attributes?.Expires);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static string? Version(HttpContext context) => context.Request.RouteValues["version"] as string;

    private static bool IsName(string name) => name.Length is > 0 and <= 127 && !name.AsSpan().ContainsAnyExcept(NameChars);
}
