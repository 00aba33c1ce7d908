using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Tokens that were seen before: valid, forged, and in floods.</summary>
public sealed class SeenTokenTests : TokenTests
{
    [Fact]
    public async Task Seen_token_is_answered_synchronously_without_allocation_until_it_ends_to_the_tick()
    {
        var text = Token(claims => claims["exp"] = Unix(600));
        var credential = PresentedCredential.Bearer(text);
        (await AskAsync(text)).ShouldBe(Caller);
        for (var i = 0; i < 200; i++)
        {
            (await ShowAsync(text)).IsAuthenticated.ShouldBeTrue();
        }

        Allocation.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                _ = Authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None).IsCompletedSuccessfully;
            }
        }).ShouldBe(0);
        Clock.Advance(TimeSpan.FromSeconds(660) - TimeSpan.FromTicks(1));
        (await AskAsync(text)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromTicks(1));
        (await AskAsync(text)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Forged_token_costs_one_verification_a_minute_however_often_it_comes()
    {
        var forged = Token(_ => { }, key: Stranger);
        for (var i = 0; i < 5; i++)
        {
            (await AskAsync(forged)).ShouldBe(Invalid);
        }

        Judged(CacheOutcome.Miss).ShouldBe(1);
        Judged(CacheOutcome.Refused).ShouldBe(4);
        Clock.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(forged)).ShouldBe(Invalid);
        Judged(CacheOutcome.Miss).ShouldBe(2);
    }

    [Fact]
    public async Task Token_of_the_greatest_length_passes_and_one_sign_more_is_refused_whoever_signed_it()
    {
        const int MaxLength = 1_500;
        await using var services = Compose(new() { [$"{TokensOptions.SectionName}:MaxLength"] = $"{MaxLength}" });
        var authenticator = services.GetRequiredService<Authenticator>();
        var room = (MaxLength - Token(_ => { }).Length) * 3 / 4;
        string[] tokens = [.. Enumerable.Range(room - 40, 60).Select(padding => Token(claims => claims["pad"] = new string('x', padding)))];

        foreach (var token in tokens)
        {
            var result = await authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), IPAddress.Loopback, CancellationToken.None);

            result.IsAuthenticated.ShouldBe(token.Length <= MaxLength, $"{token.Length}");
        }

        // One byte more is one sign or two.
        tokens.ShouldContain(token => token.Length > MaxLength - 2 && token.Length <= MaxLength);
        tokens.ShouldContain(token => token.Length > MaxLength && token.Length <= MaxLength + 2);
    }

    [Fact]
    public async Task Flood_of_forged_tokens_is_throttled_and_a_seen_token_from_there_still_passes()
    {
        var good = Token(_ => { });
        (await AskAsync(good)).ShouldBe(Caller);
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add(await AskAsync(Token(claims => claims["jti"] = $"{i}", key: Stranger)));
        }

        answers.Count(answer => answer == Invalid).ShouldBe(30);
        answers.Skip(30).ShouldAllBe(answer => answer == Throttled);
        (await AskAsync(good)).ShouldBe(Caller);
        (await AskAsync(Token(claims => claims["jti"] = "new"))).ShouldBe(Throttled, "no signature is checked for this source now");
        (await AskAsync(Token(claims => claims["jti"] = "new"), IPAddress.Parse("198.51.100.1"))).ShouldBe(Caller);
    }

    private long Judged(CacheOutcome outcome) => Services.GetRequiredService<IdentityCounters>().Judged(CredentialKind.Token, outcome);
}
