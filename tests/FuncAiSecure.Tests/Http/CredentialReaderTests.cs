using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class CredentialReaderTests
{
    private const string Ok = "";

    public static TheoryData<string, string[], string> Cases => new()
    {
        { "nothing", [], "CredentialMissing" },
        { "an empty header", ["x-api-key="], "CredentialMissing" },
        { "an empty authorization", ["Authorization="], "CredentialMissing" },
        { "a bearer key", ["Authorization=Bearer fais_x"], "ApiKey" },
        { "a bearer token", ["Authorization=Bearer a.b.c"], "Token" },
        { "a lower-case scheme", ["Authorization=bearer a.b.c"], "Token" },
        { "a bearer key after several blanks", ["Authorization=Bearer   fais_x"], "ApiKey" },
        { "another scheme", ["Authorization=Basic QQ=="], "CredentialInvalid" },
        { "no scheme", ["Authorization=fais_x"], "CredentialInvalid" },
        { "an x-api-key", ["x-api-key=fais_x"], "ApiKey" },
        { "an api-key", ["api-key=fais_x"], "ApiKey" },
        { "a token as api key", ["api-key=a.b.c"], "ApiKey" },
        { "a consumed header beside a key", ["x-api-key=", "Authorization=Bearer fais_x"], "ApiKey" },
        { "the same key twice", ["x-api-key=fais_x", "api-key=fais_x"], "SeveralCredentials" },
        { "key and token", ["x-api-key=fais_x", "Authorization=Bearer a.b.c"], "SeveralCredentials" },
        { "key and foreign scheme", ["x-api-key=fais_x", "Authorization=Basic QQ=="], "SeveralCredentials" },
        { "a header twice", ["x-api-key=fais_x", "x-api-key=fais_y"], "SeveralCredentials" },
        { "a header twice, joined by the host", ["x-api-key=fais_x, fais_y"], "SeveralCredentials" },
        { "an api-key twice, joined by the host", ["api-key=fais_x,fais_y"], "SeveralCredentials" },
        { "a bearer twice, joined by the host", ["Authorization=Bearer a.b.c, Bearer a.b.d"], "SeveralCredentials" },
        { "a scheme with parameters", ["Authorization=Digest username=\"a\", realm=\"b\""], "CredentialInvalid" },
        { "a certificate", ["X-ARR-ClientCert=MII"], "Certificate" },
        { "a certificate and a key", ["X-ARR-ClientCert=MII", "x-api-key=fais_x"], "SeveralCredentials" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exactly_one_credential_is_read(string what, string[] fields, string expected)
    {
        var refusal = CredentialReader.Read(Headers(fields), "X-ARR-ClientCert", out var credential);

        (refusal?.Code.ToString() ?? credential.Kind.ToString()).ShouldBe(expected, what);
    }

    [Fact]
    public void Certificate_from_an_untrusted_hop_is_not_seen()
    {
        CredentialReader.Read(Headers(["X-ARR-ClientCert=MII"]), null, out _)!.Code.ShouldBe(RefusalCode.CredentialMissing);
        CredentialReader.Read(Headers(["X-ARR-ClientCert=MII", "x-api-key=k"]), null, out var credential).ShouldBeNull(Ok);
        credential.Kind.ShouldBe(FuncAiSecure.Core.Identity.CredentialKind.ApiKey);
    }

    private static HeaderDictionary Headers(string[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var field in fields)
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            headers.Append(field[..at], field[(at + 1)..]);
        }

        return headers;
    }
}
