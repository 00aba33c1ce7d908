using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>The guards as a host registers them, never started: no key, and no classifier unless rules alone are wanted.</summary>
internal static class GuardServices
{
    public static ServiceProvider Create(string promptModel = "", int maxCharacters = 4_096)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(new SecretClient(new Uri("https://localhost:1"), new NoCredential()));
        services.AddFuncAiSecureGuards(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new($"{GuardOptions.SectionName}:PromptModel", promptModel),
            new($"{GuardOptions.SectionName}:MaxCharacters", $"{maxCharacters}"),
        ]).Build());
        return services.BuildServiceProvider();
    }

    /// <summary>A request to a route with a body, its envelope not yet read.</summary>
    public static RequestState Request(string function, string body, IServiceProvider? services = null)
    {
        var invocation = new BareInvocation { InstanceServices = services! };
        var state = new RequestState(new DefaultHttpContext(), invocation, Endpoints.Of(function), TimeProvider.System) { Principal = Caller() };
        invocation.Hold(state);
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        bytes.CopyTo(state.Body.GetMemory(bytes.Length));
        state.Body.Advance(bytes.Length);
        return state;
    }

    public static Principal Caller(Roles roles = Roles.Infer) => new()
    {
        Id = PrincipalId.TryParse("app:caller", out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "key",
        Roles = roles,
        Models = ["*"],
    };

    internal sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
