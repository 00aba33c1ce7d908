using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Whom a token names, what it grants, and which claims make it none of ours.</summary>
public sealed class TokenClaimTests : TokenTests
{
    [Fact]
    public async Task Valid_token_gives_the_application_with_what_its_roles_grant()
    {
        var result = await ShowAsync(Token(claims => claims["roles"] = new[] { "FuncAi.Infer", "Unknown.Role" }));

        var principal = result.Principal.ShouldNotBeNull();
        principal.Id.Value.ShouldBe(Caller);
        principal.Roles.ShouldBe(Roles.Infer);
        principal.Models.ShouldBe(["sentiment", "embed-*"]);
        principal.Plan.ShouldBe("gold");
        principal.CredentialKind.ShouldBe(CredentialKind.Token);
    }

    [Theory]
    [InlineData("appid", "app-1")]
    [InlineData("azp", "app-1")]
    [InlineData("client_id", "app-1")]
    [InlineData("sub", "app-1")]
    public async Task Principal_is_the_application_else_the_subject(string claim, string value) =>
        (await AskAsync(Token(claims =>
        {
            claims.Remove("azp");
            claims.Remove("sub");
            claims[claim] = value;
        }))).ShouldBe(Caller);

    [Fact]
    public async Task Entra_v2_tokens_of_an_application_and_of_a_user_are_mapped_by_their_documented_claims()
    {
        var application = await ShowAsync(Token(claims =>
        {
            claims["ver"] = "2.0";
            claims["azp"] = "11111111-1111-1111-1111-111111111111";
            claims["azpacr"] = "1";
            claims["tid"] = "22222222-2222-2222-2222-222222222222";
            claims["roles"] = new[] { "FuncAi.Infer" };
        }, new() { ["typ"] = "JWT" }));
        var user = await ShowAsync(Token(claims =>
        {
            claims["ver"] = "2.0";
            claims["azp"] = "11111111-1111-1111-1111-111111111111";
            claims["oid"] = "33333333-3333-3333-3333-333333333333";
            claims["name"] = "Somebody";
            claims["scp"] = "openid FuncAi.Keys";
        }, new() { ["typ"] = "JWT" }));

        application.Principal!.Id.Value.ShouldBe("local:11111111-1111-1111-1111-111111111111");
        application.Principal.Roles.ShouldBe(Roles.Infer);
        user.Principal!.Roles.ShouldBe(Roles.ManageKeys);
        user.Principal.DisplayName.ShouldNotContain("Somebody");
    }

    [Fact]
    public async Task Token_without_known_roles_is_somebody_who_may_do_nothing()
    {
        var principal = (await ShowAsync(Token(_ => { }))).Principal!;

        principal.Roles.ShouldBe(Roles.None);
        principal.Models.ShouldBeEmpty();
    }

    public static TheoryData<string, Action<Dictionary<string, object>>, string> BadClaims => new()
    {
        { "another issuer", claims => claims["iss"] = "https://evil.example", Invalid },
        { "an issuer with a slash more", claims => claims["iss"] += "/", Invalid },
        { "no issuer", claims => claims.Remove("iss"), Invalid },
        { "another audience", claims => claims["aud"] = "api://other", Invalid },
        { "no audience", claims => claims.Remove("aud"), Invalid },
        { "audience as a part", claims => claims["aud"] = Audience + "/x", Invalid },
        { "expired", claims => claims["exp"] = Unix(-61), Invalid },
        { "expired to the second", claims => claims["exp"] = Unix(-60), Invalid },
        { "expired within the skew", claims => claims["exp"] = Unix(-59), Caller },
        { "no expiry", claims => claims.Remove("exp"), Invalid },
        { "not yet valid", claims => claims["nbf"] = Unix(61), Invalid },
        { "not yet valid within the skew", claims => claims["nbf"] = Unix(60), Caller },
        { "an ID token", claims => claims["nonce"] = "n", Invalid },
        { "an ID token by its hash", claims => claims["at_hash"] = "h", Invalid },
        { "an ID token by its code's hash", claims => claims["c_hash"] = "h", Invalid },
        { "nobody", claims => { claims.Remove("azp"); claims.Remove("sub"); }, Invalid },
        { "a name of forbidden characters", claims => claims["azp"] = "a b", Invalid },
        { "several audiences, one ours", claims => claims["aud"] = new[] { "api://other", Audience }, Caller },
    };

    [Theory]
    [InlineData("scp")]
    [InlineData("scope")]
    public async Task Scopes_grant_roles_under_both_of_their_names(string claim) =>
        (await ShowAsync(Token(claims =>
        {
            claims.Remove("roles");
            claims[claim] = "openid FuncAi.Keys";
        }))).Principal!.Roles.ShouldBe(Roles.ManageKeys);

    [Theory]
    [MemberData(nameof(BadClaims))]
    public async Task Token_with_these_claims_is_judged(string what, Action<Dictionary<string, object>> change, string expected) =>
        (await AskAsync(Token(change))).ShouldBe(expected, what);

    [Theory]
    [InlineData("JWT", Caller)]
    [InlineData("application/at+jwt", Caller)]
    [InlineData("id+jwt", Invalid)]
    [InlineData("dpop+jwt", Invalid)]
    [InlineData("logout+jwt", Invalid)]
    public async Task Type_of_token_is_checked(string type, string expected) =>
        (await AskAsync(Token(_ => { }, new() { ["typ"] = type }))).ShouldBe(expected);
}
