using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FuncAiSecure.Core;

namespace FuncAiSecure.Http;

/// <summary>
/// Writes a refusal as problem+json (RFC 9457) with the member <c>error</c> that OpenAI and Open Inference clients read.
/// Nothing in it comes from the caller: the instance is the request id, not the path.
/// </summary>
internal static class ProblemWriter
{
    /// <summary>The media type of every refusal.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The prefix of every problem type; the code follows.</summary>
    public const string TypePrefix = "urn:funcaisecure:problem:";

    /// <summary>Writes the document for <paramref name="refusal"/>.</summary>
    public static void Write(IBufferWriter<byte> output, Refusal refusal, ApiFamily family, string requestId, string traceId)
    {
        var form = RefusalMapping.Of(refusal.Code);
        var detail = refusal.Detail ?? form.Title;
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type", TypePrefix + form.Code);
        json.WriteString("title", form.Title);
        json.WriteNumber("status", form.Status);
        json.WriteString("detail", detail);
        json.WriteString("instance", "urn:funcaisecure:request:" + requestId);
        json.WriteString("traceId", traceId);
        if (refusal.Policy is not null)
        {
            json.WriteString("quota", refusal.Policy);
        }

        if (!refusal.Errors.IsEmpty)
        {
            json.WriteStartArray("errors");
            foreach (var error in refusal.Errors)
            {
                json.WriteStartObject();
                json.WriteString("pointer", error.Pointer);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteNativeError(json, refusal, form, detail, family);
        json.WriteEndObject();
    }

    /// <summary>Whole seconds for <c>Retry-After</c>: rounded up, at least one, so that asking again can succeed.</summary>
    public static string RetryAfterSeconds(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static void WriteNativeError(
        Utf8JsonWriter json, Refusal refusal, RefusalMapping.WireForm form, string detail, ApiFamily family)
    {
        if (family is not ApiFamily.OpenAi)
        {
            json.WriteString("error", detail);
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("message", detail);
        json.WriteString("type", form.OpenAiType);
        json.WriteString("param", refusal.Parameter);
        json.WriteString("code", form.Code);
        json.WriteEndObject();
    }
}
