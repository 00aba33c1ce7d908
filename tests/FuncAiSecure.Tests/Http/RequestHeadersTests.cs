using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class RequestHeadersTests
{
    [Theory]
    [InlineData("Json", "application/json", null)]
    [InlineData("Json", "application/json; charset=utf-8", null)]
    [InlineData("Json", "Application/JSON;charset=UTF-8", null)]
    [InlineData("Json", "application/json; charset=\"utf-8\"", null)]
    [InlineData("JsonOrBinary", "application/octet-stream", null)]
    [InlineData("JsonOrBinary", "application/json", null)]
    [InlineData("JsonOrBinary", null, null)]
    [InlineData("JsonOrBinary", "", null)]
    [InlineData("JsonOrBinary", "text/plain", RefusalCode.MediaType)]
    [InlineData("Json", "application/octet-stream", RefusalCode.MediaType)]
    [InlineData("Json", "application/json; charset=utf-16", RefusalCode.MediaType)]
    [InlineData("Json", "application/json; charset=\"utf-16\"", RefusalCode.MediaType)]
    [InlineData("Json", "application/json, text/plain", RefusalCode.MediaType)]
    [InlineData("Json", "application/problem+json", RefusalCode.MediaType)]
    [InlineData("Json", "text/plain", RefusalCode.MediaType)]
    [InlineData("Json", "application/x-www-form-urlencoded", RefusalCode.MediaType)]
    [InlineData("Json", "multipart/form-data; boundary=x", RefusalCode.MediaType)]
    [InlineData("Json", "", RefusalCode.MediaType)]
    [InlineData("Json", null, RefusalCode.MediaType)]
    [InlineData("Json", "json", RefusalCode.MediaType)]
    [InlineData("None", null, RefusalCode.MalformedRequest)]
    public void A_body_needs_a_type_that_the_route_takes(string kind, string? contentType, RefusalCode? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentLength = 2;
        request.ContentType = contentType;

        (RequestHeaders.CheckBody(request, Enum.Parse<BodyKind>(kind), 10)?.Code).ShouldBe(expected);
    }

    [Theory]
    [InlineData(10L, false)]
    [InlineData(11L, true)]
    [InlineData(long.MaxValue, true)]
    public void A_declared_size_over_the_limit_is_refused_before_reading(long length, bool refused)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.ContentLength = length;

        (RequestHeaders.CheckBody(request, BodyKind.Json, 10)?.Code == RefusalCode.BodyTooLarge).ShouldBe(refused);
    }

    [Theory]
    [InlineData("gzip", RefusalCode.MediaType)]
    [InlineData("br", RefusalCode.MediaType)]
    [InlineData("identity, gzip", RefusalCode.MediaType)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public void A_body_comes_without_encoding(string encoding, RefusalCode? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Headers.ContentEncoding = encoding;

        (RequestHeaders.CheckBody(request, BodyKind.Json, 10)?.Code).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("*/*", true)]
    [InlineData("application/json", true)]
    [InlineData("application/*", true)]
    [InlineData("text/html, application/json;q=0.5", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/json;q=0", false)]
    [InlineData("text/html", false)]
    [InlineData("image/png, text/*", false)]
    [InlineData("nonsense", false)]
    [InlineData("application/octet-stream", false)]
    public void An_answer_needs_a_type_that_the_caller_accepts(string? accept, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        if (accept is not null)
        {
            request.Headers.Accept = accept;
        }

        RequestHeaders.AcceptsAnswer(request, BodyKind.Json).ShouldBe(expected);
    }
}
