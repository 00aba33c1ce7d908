using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class RefusalMappingTests
{
    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_has_a_wire_form(RefusalCode code)
    {
        var form = RefusalMapping.Of(code);

        form.Status.ShouldBeInRange(400, 504);
        form.Code.ShouldMatch("^[a-z]+(-[a-z]+)*$");
        form.Title.ShouldEndWith(".");
        form.OpenAiType.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void No_two_refusals_share_a_code() =>
        Enum.GetValues<RefusalCode>().Select(code => RefusalMapping.Of(code).Code).ShouldBeUnique();

    [Fact]
    public void An_unknown_refusal_has_none() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RefusalMapping.Of((RefusalCode)999));

    [Theory]
    [InlineData(RefusalCode.MalformedRequest, 400, "malformed-request")]
    [InlineData(RefusalCode.UnsupportedParameter, 400, "unsupported-parameter")]
    [InlineData(RefusalCode.SeveralCredentials, 400, "several-credentials")]
    [InlineData(RefusalCode.CredentialMissing, 401, "credential-missing")]
    [InlineData(RefusalCode.CredentialInvalid, 401, "credential-invalid")]
    [InlineData(RefusalCode.RoleMissing, 403, "role-missing")]
    [InlineData(RefusalCode.NetworkNotAllowed, 403, "network-not-allowed")]
    [InlineData(RefusalCode.NotFound, 404, "not-found")]
    [InlineData(RefusalCode.Method, 405, "method")]
    [InlineData(RefusalCode.Accept, 406, "accept")]
    [InlineData(RefusalCode.BodyTooLarge, 413, "body-too-large")]
    [InlineData(RefusalCode.MediaType, 415, "media-type")]
    [InlineData(RefusalCode.InputInvalid, 422, "input-invalid")]
    [InlineData(RefusalCode.InputBlocked, 422, "input-blocked")]
    [InlineData(RefusalCode.OutputBlocked, 422, "output-blocked")]
    [InlineData(RefusalCode.RateLimited, 429, "rate-limited")]
    [InlineData(RefusalCode.QuotaExceeded, 429, "quota-exceeded")]
    [InlineData(RefusalCode.ConcurrencyExceeded, 429, "concurrency-exceeded")]
    [InlineData(RefusalCode.DependencyUnavailable, 503, "dependency-unavailable")]
    [InlineData(RefusalCode.Overloaded, 503, "overloaded")]
    [InlineData(RefusalCode.ModelNotReady, 503, "model-not-ready")]
    [InlineData(RefusalCode.DeadlineExceeded, 504, "deadline-exceeded")]
    public void Statuses_and_codes_are_those_of_the_interface(RefusalCode code, int status, string wire)
    {
        var form = RefusalMapping.Of(code);

        form.Status.ShouldBe(status);
        form.Code.ShouldBe(wire);
    }
}
