using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

public sealed class ApiKeyFormatTests
{
    private static readonly Pepper Pepper = new("v1", RandomNumberGenerator.GetBytes(32), null);

    [Fact]
    public void New_key_has_the_documented_spelling()
    {
        var id = ApiKeyFormat.NewId();

        var key = ApiKeyFormat.Create(id, Pepper, out _);

        key.ShouldMatch("^fais_[0-9A-Za-z]{16}_[0-9A-Za-z]{59}$");
        key.Substring(5, 16).ShouldBe(id.ToString());
    }

    [Fact]
    public void Key_is_parsed_back_and_recognised_by_its_issuer_only()
    {
        var ring = new PepperRing([Pepper]);
        var other = new PepperRing([new Pepper("v2", RandomNumberGenerator.GetBytes(32), null)]);
        for (var i = 0; i < 200; i++)
        {
            var id = ApiKeyFormat.NewId();
            var key = ApiKeyFormat.Create(id, Pepper, out var verifier);

            TryParse(key, out var parsed, out var message, out var tag).ShouldBeTrue();

            parsed.ShouldBe(id);
            ring.TryVerify(message, tag, DateTimeOffset.UnixEpoch, out var mac).ShouldBeTrue();
            mac.FixedTimeEquals(verifier).ShouldBeTrue();
            other.TryVerify(message, tag, DateTimeOffset.UnixEpoch, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_changed_character_is_refused()
    {
        var key = ApiKeyFormat.Create(ApiKeyFormat.NewId(), Pepper, out _);
        for (var i = 0; i < key.Length; i++)
        {
            foreach (var other in "0Zz_-\u0130é\0")
            {
                if (key[i] != other)
                {
                    var changed = string.Concat(key.AsSpan(0, i), [other], key.AsSpan(i + 1));
                    TryParse(changed, out _, out _, out _).ShouldBeFalse(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("fais_")]
    [InlineData(" ")]
    public void Anything_added_or_missing_is_refused(string extra)
    {
        var key = ApiKeyFormat.Create(ApiKeyFormat.NewId(), Pepper, out _);

        TryParse(extra, out _, out _, out _).ShouldBeFalse();
        TryParse(key + " ", out _, out _, out _).ShouldBeFalse();
        TryParse(" " + key, out _, out _, out _).ShouldBeFalse();
        TryParse(key[..^1], out _, out _, out _).ShouldBeFalse();
        TryParse(key.ToUpperInvariant(), out _, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Any_text_is_parsed_without_an_exception() =>
        Prop.ForAll<string>(text => text is null || !TryParse(text, out _, out _, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void Pepper_signs_as_the_frameworks_hmac_does()
    {
        for (var i = 0; i < 100; i++)
        {
            var key = RandomNumberGenerator.GetBytes(32);
            var message = RandomNumberGenerator.GetBytes(ApiKeyFormat.MessageLength);

            var mac = new Pepper("v", key, null).Sign(message);

            Convert.ToHexString(mac).ShouldBe(Convert.ToHexString(HMACSHA256.HashData(key, message)));
        }
    }

    [Fact]
    public void Checksum_is_the_common_crc32() => Crc32.Compute("123456789"u8).ShouldBe(0xCBF43926u);

    [Fact]
    public void Retired_pepper_no_longer_verifies()
    {
        var retired = DateTimeOffset.UnixEpoch.AddDays(1);
        var pepper = new Pepper("v", RandomNumberGenerator.GetBytes(32), retired);
        var key = ApiKeyFormat.Create(ApiKeyFormat.NewId(), pepper, out _);
        TryParse(key, out _, out var message, out var tag).ShouldBeTrue();

        new PepperRing([pepper]).TryVerify(message, tag, retired.AddTicks(-1), out _).ShouldBeTrue();
        new PepperRing([pepper]).TryVerify(message, tag, retired, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0000000000000000", true)]
    [InlineData("zzzzzzzzzzzzzzzz", true)]
    [InlineData("000000000000000", false)]
    [InlineData("00000000000000000", false)]
    [InlineData("000000000000000_", false)]
    public void Id_has_one_spelling(string text, bool valid)
    {
        ApiKeyId.TryParse(text, out var id).ShouldBe(valid);
        if (valid)
        {
            id.ToString().ShouldBe(text);
        }
    }

    [Fact]
    public void Secrets_are_not_in_any_text_form()
    {
        var id = ApiKeyFormat.NewId();
        var key = ApiKeyFormat.Create(id, Pepper, out var verifier);

        new CreatedApiKey(id, key).ToString().ShouldNotContain(key[22..]);
        verifier.ToString().ShouldBe(nameof(Mac256));
        FuncAiSecure.Core.Identity.PresentedCredential.ApiKey(key).ToString().ShouldBe("ApiKey");
        Pepper.ToString().ShouldBe("pepper v1");
    }

    private static bool TryParse(string text, out ApiKeyId id, out byte[] message, out byte[] tag)
    {
        message = new byte[ApiKeyFormat.MessageLength];
        tag = new byte[ApiKeyFormat.TagLength];
        return ApiKeyFormat.TryParse(text, out id, message, tag);
    }
}
