using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>The issuer's keys: rolled over, unknown, out of reach.</summary>
public sealed class IssuerKeysTests : TokenTests
{
    [Fact]
    public async Task Rolled_over_key_is_found_and_a_storm_of_unknown_ones_asks_at_most_once_a_minute()
    {
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);
        var next = LocalIssuer.NewRsa("k2");
        Issuer.Published.Add(next);
        var reads = Issuer.Reads;
        Clock.Advance(TimeSpan.FromMinutes(1));

        (await AskAsync(Token(_ => { }, key: next))).ShouldBe(Caller);
        for (var i = 0; i < 20; i++)
        {
            (await AskAsync(Token(_ => { }, key: new RsaSecurityKey(Stranger.Rsa) { KeyId = "k2x" + i }))).ShouldBe(Invalid);
        }

        (Issuer.Reads - reads).ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_was_never_reached_is_503_and_known_keys_outlive_its_outage()
    {
        Issuer.IsDown = true;
        (await AskAsync(Token(_ => { }))).ShouldBe(Unavailable);

        Issuer.IsDown = false;
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);

        Issuer.IsDown = true;
        Clock.Advance(TimeSpan.FromDays(1));
        (await AskAsync(Token(claims => claims["exp"] = Unix(90_000)))).ShouldBe(Caller);
    }

    [Fact]
    public async Task Key_set_without_a_key_is_no_answer()
    {
        Issuer.Published.Clear();
        (await AskAsync(Token(_ => { }))).ShouldBe(Unavailable);

        Issuer.Published.Add(Rsa);
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);

        Issuer.Published.Clear();
        Clock.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(Token(_ => { }, key: new RsaSecurityKey(Stranger.Rsa) { KeyId = "k9" }))).ShouldBe(Invalid);
        (await AskAsync(Token(claims => claims["azp"] = "app-1"))).ShouldBe(Caller);
        (await AskAsync(Token(claims => claims["jti"] = "not seen before"))).ShouldBe(Caller);
    }

    [Fact]
    public async Task Metadata_of_another_issuer_is_refused()
    {
        Issuer.IssuerInMetadata = "https://evil.example";

        (await AskAsync(Token(_ => { }))).ShouldBe(Unavailable);
    }
}
