using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

public sealed class PiiTokensTests
{
    private static readonly GuardKeys Here = GuardFixture.Keys(1).Current!;
    private static readonly GuardKeys Elsewhere = GuardFixture.Keys(2).Current!;

    [Fact]
    public void Tokens_restore_exactly() => Prop.ForAll<NonNull<string>>(value =>
    {
        string valid = new([.. value.Get.Where(c => !char.IsSurrogate(c))]);

        PiiTokens.Restore(Here, "a " + PiiTokens.Protect(Here, PiiKind.Email, valid) + " b").ShouldBe("a " + valid + " b");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_tokens_of_one_value_differ() =>
        PiiTokens.Protect(Here, PiiKind.Email, "a@b.co").ShouldNotBe(PiiTokens.Protect(Here, PiiKind.Email, "a@b.co"));

    [Fact]
    public void Token_of_another_deployment_stays()
    {
        string token = PiiTokens.Protect(Elsewhere, PiiKind.Email, "a@b.co");

        PiiTokens.Restore(Here, token).ShouldBe(token);
    }

    [Fact]
    public void Token_of_another_kind_stays()
    {
        string token = PiiTokens.Protect(Here, PiiKind.Email, "a@b.co").Replace("[EMAIL", "[PHONE");

        PiiTokens.Restore(Here, token).ShouldBe(token);
    }

    [Fact]
    public void Token_with_any_sign_altered_stays()
    {
        string token = PiiTokens.Protect(Here, PiiKind.Iban, "GB82WEST12345698765432");
        for (int i = 0; i < token.Length; i++)
        {
            string altered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];

            PiiTokens.Restore(Here, altered).ShouldBe(altered);
        }
    }

    [Theory]
    [InlineData("a@b.co")]
    [InlineData("ab@b.co")]
    public void Token_spelt_otherwise_for_the_same_bytes_stays(string value)
    {
        // The last sign of base64url has bits that stand for nothing where the bytes are not a multiple of three.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        string token = PiiTokens.Protect(Here, PiiKind.Email, value);
        string altered = token[..^2] + Alphabet[Alphabet.IndexOf(token[^2], StringComparison.Ordinal) | 1] + "]";
        altered.ShouldNotBe(token);

        PiiTokens.Restore(Here, altered).ShouldBe(altered);
        PiiTokens.Restore(Here, token).ShouldBe(value);
    }

    [Fact]
    public void Tokens_are_not_taken_for_personal_data_and_what_only_looks_like_one_is()
    {
        GuardPolicy policy = GuardFixture.Pii(PiiAction.Redact);
        for (int i = 0; i < 2_000; i++)
        {
            string said = $"my driving licence {PiiTokens.Protect(Here, PiiKind.DrivingLicence, $"F255-{i:D4}")}";
            GuardFixture.Input().Inspect(policy, said).Action.ShouldBe(GuardAction.Allow, said);
        }

        GuardFixture.Input().Inspect(policy, "[EMAIL:t1.AAAA-4111111111111111]").Rewritten.ShouldBe("[EMAIL:t1.AAAA-[PAYMENT_CARD_1]]");
    }

    [Fact]
    public void Token_hides_nothing_that_goes_on_around_it()
    {
        string said = $"postgres://app:hunter2@db.example/{PiiTokens.Protect(Here, PiiKind.Email, "a@b.co")}";

        GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Redact), said).Rewritten.ShouldBe("[URL_CREDENTIALS_1]");
    }

    [Fact]
    public void Token_of_the_longest_find_is_restored()
    {
        string key = $"-----BEGIN PRIVATE KEY-----\n{new string('a', 16_000)}\n-----END PRIVATE KEY-----";
        string told = GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Tokenize), key).Rewritten!;

        told.ShouldStartWith("[PRIVATE_KEY:t1.");
        PiiTokens.Restore(Here, told).ShouldBe(key);
    }

    [Fact]
    public void Token_inside_other_brackets_is_restored()
    {
        string token = PiiTokens.Protect(Here, PiiKind.Email, "a@b.co");

        PiiTokens.Restore(Here, $"[[x {token}]][EMAIL{token}:t1.{token}").ShouldBe("[[x a@b.co]][EMAILa@b.co:t1.a@b.co");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("EMAIL:t1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]")]
    [InlineData("[:t1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]")]
    [InlineData("[EMAIL:t1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("[EMAIL:t1.]")]
    [InlineData("[EMAIL:t1.AAAA]")]
    [InlineData("[EMAIL:t1.!!]")]
    [InlineData("[[[[:t1.]]]]")]
    public void Broken_tokens_stay(string text) => PiiTokens.Restore(Here, text).ShouldBe(text);
}
