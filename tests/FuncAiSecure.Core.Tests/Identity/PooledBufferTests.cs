using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Tests.Identity.ApiKeys;
using FuncAiSecure.Core.Tests.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity;

/// <summary>
/// What the next user of a pooled buffer would find in it after a credential was judged. Alone: another test's thread could hold a
/// buffer with traces of making the token while they are cleared, and give it back before they are searched for.
/// </summary>
[Collection(PooledBuffersAlone.Name)]
public sealed class PooledBufferTests : TokenTests
{
    private const int Smallest = 16;
    private const int Largest = 64 * 1024;
    private const int OfEachSize = 80;

    [Theory]
    [InlineData("valid")]
    [InlineData("forged")]
    [InlineData("not JSON")]
    [InlineData("not base64url")]
    public async Task Nothing_of_a_token_is_left(string kind)
    {
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);
        var mark = Guid.NewGuid().ToString("N");

        // Long enough that no buffer for it is on the stack.
        var token = Signed(string.Concat(Enumerable.Repeat(mark, 100)), kind == "forged" ? Stranger : Rsa);
        var parts = token.Split('.');
        token = kind switch
        {
            "not JSON" => $"{parts[0]}.{parts[1][4..]}.{parts[2]}",
            "not base64url" => $"{parts[0]}.{parts[1]}.{parts[2]}A",
            _ => token,
        };

        var pool = Fill();
        var answer = Authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), IPAddress.Loopback, CancellationToken.None);

        // The buffers were given back by this very thread.
        answer.IsCompletedSuccessfully.ShouldBeTrue();
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Search(pool, Encoding.ASCII.GetBytes(mark), Encoding.ASCII.GetBytes(parts[1][200..240]), signature[..16], Encoding.ASCII.GetBytes(parts[2][..40]))
            .ShouldBe(0);
        (await answer).IsAuthenticated.ShouldBe(kind == "valid");
    }

    [Fact]
    public async Task Nothing_of_an_api_key_is_left()
    {
        await using var vault = await LocalVaultFixture.StartAsync(Clock);
        await using var harness = new IdentityHarness(vault, Clock);
        var key = (await harness.CreateAsync()).Key;
        (await harness.AskAsync(key)).ShouldBe("app:billing");

        var pool = Fill();
        harness.ShowAsync(key).IsCompletedSuccessfully.ShouldBeTrue();

        Search(pool, Encoding.ASCII.GetBytes(key.Substring(22, 43))).ShouldBe(0);
    }

    // By hand, without a pooled byte: what a library leaves of the token that it makes, another thread may hold while it is searched for,
    // such as the issuer's at the end of a connection, and give back when the token was judged.
    private string Signed(string mark, RsaSecurityKey key)
    {
        var claims = $$"""{"iss":"{{Issuer.Issuer}}","aud":"{{Audience}}","azp":"app-1","sub":"subject-1","nbf":{{Unix(0)}},"exp":{{Unix(3_600)}},"mark":"{{mark}}"}""";
        var signed = $"{Base64Url.EncodeToString("""{"alg":"RS256","kid":"k1","typ":"at+jwt"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    // Fills the pool with buffers that hold nothing: whoever rents one from now on gets one of these.
    private static HashSet<byte[]> Fill()
    {
        var taken = TakeAll();
        taken.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer, clearArray: true));
        return [.. taken];
    }

    // How many of the pool's buffers hold one of the marks. Others do not count: where the pool is empty a new one is made, of whatever
    // a garbage collection has left in its place.
    private static int Search(HashSet<byte[]> pool, params byte[][] marks)
    {
        var taken = TakeAll();
        var found = taken.Count(buffer => pool.Contains(buffer) && marks.Any(mark => buffer.AsSpan().IndexOf(mark) >= 0));
        taken.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer, clearArray: true));
        return found;
    }

    // Enough of each size to empty the pool's own store for this thread and core.
    private static List<byte[]> TakeAll()
    {
        var taken = new List<byte[]>();
        for (var size = Smallest; size <= Largest; size *= 2)
        {
            taken.AddRange(Enumerable.Range(0, OfEachSize).Select(_ => ArrayPool<byte>.Shared.Rent(size)));
        }

        return taken;
    }
}

/// <summary>Tests that look into the pool that all share.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PooledBuffersAlone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "pooled buffers alone";
}
