using System.Collections.Immutable;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

/// <summary>Keys of Azure, of this product and behind names. All are made here out of the alphabet, so that nothing in this file looks like a secret.</summary>
public sealed class SecretTests
{
    private const string Alphanumeric = "0a1B2c3D4e5F6g7H8i9JkLmNoPqRsTuVwXyZAbCdEfGhIjKlMnOpQrStUvWxYz";
    private const string Base64 = Alphanumeric + "+/";

    /// <summary>The secret stands between ⟦ and ⟧.</summary>
    public static TheoryData<string, string> Found => new()
    {
        { "a storage account's connection string", $"DefaultEndpointsProtocol=https;AccountName=fake;AccountKey=⟦{Signs(86)}==⟧;EndpointSuffix=core.example" },
        { "the same in JSON", $"{{\"accountKey\": \"⟦{Signs(86).Replace("+", "\\u002B", StringComparison.Ordinal)}==⟧\"}}" },
        { "the same in an environment", $"AZURE_STORAGE_ACCOUNT_KEY = '⟦{Signs(86)}==⟧'" },
        { "a name at the text's end", $"AccountKey=⟦{Signs(86)}==⟧" },
        { "a service bus's connection string", $"Endpoint=sb://fake/;SharedAccessKeyName=Root;SharedAccessKey=⟦{Signs(43)}=⟧" },
        { "a Cosmos connection string", $"AccountEndpoint=https://fake.example:443/;AccountKey=⟦{Signs(86)}==⟧;" },
        { "a device's connection string", $"HostName=fake;DeviceId=d;SharedAccessKey=⟦{Signs(86)}==⟧ was sent" },
        { "an old key of a function in a header", $"x-functions-key: ⟦{Signs(54)}==⟧" },
        { "an old key of a function in a query", $"/api/hello?code=⟦{Signs(54).Replace("/", "%2F", StringComparison.Ordinal)}%3D%3D⟧&x=1" },
        { "a key of a function", $"⟦{Signs(44, Alphanumeric)}{Mark("Az", "Fu")}AbCdEQ==⟧." },
        { "a client secret", $"client_secret=⟦aB1{Mark("8", "Q~")}{Signs(34, Alphanumeric + "_.~-")}⟧." },
        { "a shorter client secret", $"secret ⟦-.1{Mark("7", "Q~")}{Signs(31, Alphanumeric)}⟧. Then" },
        { "a client secret behind a name", $"app_⟦aB1{Mark("8", "Q~")}{Signs(34, Alphanumeric)}⟧" },
        { "a token of DevOps", $"git clone with ⟦{Signs(76, Alphanumeric)}{Mark("AZ", "DO")}1aB2⟧" },
        { "a key with a common annotation", $"api-key: ⟦{Signs(52, Alphanumeric)}{Mark("JQ", "QJ")}99BA{Signs(24, Alphanumeric)}⟧" },
        { "a long key with a common annotation", $"api-key: ⟦{Signs(52, Alphanumeric)}{Mark("JQ", "QJ")}99BA{Signs(26, Alphanumeric)}==⟧" },
        { "a storage key by itself", $"key_⟦{Signs(76)}{Mark("+A", "St")}aB1cDQ==⟧" },
        { "a Cosmos key", $"⟦{Signs(76)}{Mark("AC", "Db")}aB1cDQ==⟧" },
        { "a batch key in a query", $"?k=⟦{Signs(76).Replace("+", "%2b", StringComparison.Ordinal)}%2B{Mark("AB", "a")}aB1cDQ%3D%3D⟧" },
        { "a machine learning key", $"key=⟦{Signs(76)}{Mark("+A", "MC")}aB1cDQ==⟧" },
        { "a management key", $"\\n⟦{Signs(76)}{Mark("AP", "IM")}aB1cDQ==⟧\\n" },
        { "a relay key", $"\"⟦{Signs(33)}{Mark("+A", "Rm")}AB1cDQ=⟧\"" },
        { "an IoT key", $"(⟦{Signs(33)}{Mark("AI", "oT")}AB1cDQ=⟧)" },
        { "a cache's key", $"password=⟦{Signs(33)}{Mark("Az", "Ca")}AB1cDQ=⟧,ssl=True" },
        { "a registry's key", $"docker login -p ⟦{Signs(42)}{Mark("+A", "CR")}AB1cDQ⟧" },
        { "a search service's key", $"api-key=⟦{Signs(42, Alphanumeric)}{Mark("Az", "Se")}AB1cDQ⟧" },
        { "a shared access signature's value", $"sv=2024-11-04&ss=b&se=2030-01-01&sig=⟦{Signs(43).Replace("+", "%2B", StringComparison.Ordinal)}%3D⟧" },
        { "a signature in front", $"token: sig=⟦{Signs(43)}=⟧&se=1893456000" },
        { "a signature in JSON", $"a\\u0026sig=⟦{Signs(43)}=⟧\\u0026b=1" },
        { "a signature without padding", $"SharedAccessSignature sr=fake&sig=⟦{Signs(43, Alphanumeric + "-_")}⟧&skn=all" },
        { "a key of this product", $"Bearer ⟦{Mark("fai", "s_")}{Signs(16, Alphanumeric)}_{Signs(59, Alphanumeric)}⟧, please" },
        { "a key of this product behind a name", $"my_⟦{Mark("fai", "s_")}{Signs(16, Alphanumeric)}_{Signs(59, Alphanumeric)}⟧" },
        { "a token behind a name", $"my_⟦{Mark("gh", "p_")}{Signs(36, Alphanumeric)}⟧" },
        { "a key without an underscore behind a name", $"AWS_KEY_⟦{Mark("AK", "IA")}{new string('A', 12)}2B3C⟧ x" },
        { "a web token behind a name", $"session_⟦{Mark("ey", "J")}{Signs(30, Alphanumeric)}.{Signs(30, Alphanumeric)}.{Signs(43, Alphanumeric)}⟧" },
        { "a long key", $"⟦{Mark("sk-", "proj-")}{Signs(3_000, Alphanumeric + "_-")}a⟧ end" },
    };

    public static TheoryData<string, string> Left => new()
    {
        { "a hash behind sig", $"?sig={Signs(64, "0123456789abcdef")}" },
        { "a commit behind sig", $"?sig={Signs(40, "0123456789abcdef")}&x" },
        { "forty-three signs of a hash behind sig", $"?sig={Signs(43, "0123456789abcdef")}&x" },
        { "words behind sig", "?sig=yes&sig=a-slug-of-the-length-that-a-signature-has-xyz" },
        { "a signature cut short", $"?sig={Signs(42)}=" },
        { "a signature too long", $"?sig={Signs(44)}" },
        { "a name that ends in sig", $"sv=1&bigsig={Signs(43)}=" },
        { "a signature of something else", $"sig={Signs(43)}= was computed" },
        { "a placeholder", "AccountName=x;AccountKey=<your key>;SharedAccessKey=***;x-functions-key: {key}" },
        { "a name's own name", $"SharedAccessKeyName={Signs(43)}=" },
        { "a key cut short", $"AccountKey={Signs(85)}==" },
        { "a key too long", $"AccountKey={Signs(90)}==" },
        { "a key without its padding", $"AccountKey={Signs(86)}" },
        { "a key of the length of another", $"SharedAccessKey={Signs(54)}==" },
        { "an image", $"data:image/png;base64,{Signs(4_000)}{Mark("Az", "Ca")}{Signs(4_000)}==" },
        { "base64 that no name stands before", $"{Signs(86)}== and {Signs(43)}= and {Signs(54)}==" },
        { "a mark at another place", $"{Signs(75)}{Mark("+A", "St")}aB1cDQx== {Signs(32)}{Mark("AI", "oT")}AB1cDQ= {Signs(77, Alphanumeric)}{Mark("AZ", "DO")}1aB" },
        { "a mark of other capitals", $"{Signs(76)}+AST{Signs(5)}Q==" },
        { "a code of authorization", $"?code={Signs(54)} and code={Signs(54)}==" },
        { "words with a mark in them", "AIoT, APIM and ACDb are marks; +ARm and AzFu too" },
        { "GUIDs", "00aa11bb-22cc-33dd-44ee-5566ff778899 and {00AA11BB-22CC-33DD-44EE-5566FF778899}" },
        { "a mark of client secrets alone", $"8Q~ 1Q~x aB1{Mark("8", "Q~")}{Signs(30, Alphanumeric)}" },
        { "a client secret too long", $"aB1{Mark("8", "Q~")}{Signs(36, Alphanumeric)}" },
        { "a name that goes on as a key begins", "model_hf_a_model_with_7b_weights_and_a_long_name_v2 and my_npm_package_of_the_second_version_of_2024_final" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Secret_is_found_with_its_exact_span(string what, string marked)
    {
        int start = marked.IndexOf('⟦'), end = marked.IndexOf('⟧') - 1;

        Find(marked.Remove(end + 1, 1).Remove(start, 1)).Where(span => span.Kind is PiiKind.ApiKey).ShouldBe([new PiiSpan(start, end - start, PiiKind.ApiKey)], what);
    }

    [Theory]
    [MemberData(nameof(Left))]
    public void What_only_looks_like_a_secret_is_left(string what, string text) => Find(text).ShouldNotContain(span => span.Kind == PiiKind.ApiKey, what);

    [Theory]
    [InlineData(PiiAction.Detect, PiiAction.Redact, PiiKind.ApiKey)]
    [InlineData(PiiAction.Ignore, PiiAction.Detect, PiiKind.ApiKey)]
    [InlineData(PiiAction.Redact, PiiAction.Redact, PiiKind.Url)]
    [InlineData(PiiAction.Block, PiiAction.Redact, PiiKind.Url)]
    public void Signature_in_a_url_counts_by_the_stricter_action(PiiAction url, PiiAction key, PiiKind expected)
    {
        const string address = "https://fake.blob.example/a?sv=1&sig=";
        string text = $"get {address}{Signs(43)}=&se=1";
        PiiPolicy policy = new() { Default = PiiAction.Detect, Kinds = ImmutableDictionary<string, PiiAction>.Empty.Add("URL", url).Add("API_KEY", key) };
        List<PiiSpan> spans = [];

        PiiText.Find(text, new PiiSink(), spans, actions: PiiActions.Of(policy));

        spans.ShouldBe([expected is PiiKind.Url ? new PiiSpan(4, text.Length - 4, expected) : new PiiSpan(4 + address.Length, 44, expected)]);
    }

    [Fact]
    public void Moderation_tells_of_a_signature_in_a_url()
    {
        Moderation moderation = new(GuardFixture.Input());

        moderation.Judge($"get https://fake.blob.example/a?sv=1&sig={Signs(43)}=").Flags[3].ShouldBeTrue();
        moderation.Judge("get https://fake.blob.example/a?sv=1&sig=none").Flags[3].ShouldBeFalse();
    }

    private static List<PiiSpan> Find(string text)
    {
        List<PiiSpan> spans = [];
        PiiText.Find(text, new PiiSink(), spans);
        return spans;
    }

    private static string Signs(int count, string alphabet = Base64) => string.Concat(Enumerable.Range(1, count).Select(i => alphabet[i * 7 % alphabet.Length]));

    // In two parts, so that no mark stands in this file.
    private static string Mark(string first, string second) => first + second;
}
