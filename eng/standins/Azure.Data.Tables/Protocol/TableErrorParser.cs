using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Code and message of an error answer, in JSON or, for some service-level errors, XML.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    public static readonly TableErrorParser Instance = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        data = null;
        error = response.ContentStream is null ? null : Parse(response.Content.ToMemory());
        if (error?.Code is null && response.Headers.TryGetValue("x-ms-error-code", out var code))
        {
            error = new ResponseError(code, error?.Message);
        }

        return error is not null;
    }

    public static ResponseError Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.Span.TrimStart("\uFEFF"u8).TrimStart((byte)' ') switch
            {
                [(byte)'{', ..] => ParseJson(body),
                [(byte)'<', ..] => ParseXml(body),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            return null;
        }
    }

    private static ResponseError ParseJson(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("odata.error", out var error))
        {
            return null;
        }

        var code = error.TryGetProperty("code", out var codeValue) ? codeValue.GetString() : null;
        var message = error.TryGetProperty("message", out var messageValue) && messageValue.TryGetProperty("value", out var text)
            ? text.GetString()
            : null;
        return new ResponseError(code, message);
    }

    private static ResponseError ParseXml(ReadOnlyMemory<byte> body)
    {
        using var stream = new MemoryStream(body.ToArray());
        var root = XDocument.Load(stream).Root;
        string Child(string name) => root.Elements().FirstOrDefault(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
        return new ResponseError(Child("Code"), Child("Message"));
    }
}
