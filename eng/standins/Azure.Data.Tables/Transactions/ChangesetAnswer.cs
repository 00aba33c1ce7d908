using System.Globalization;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>Reads a transaction's multipart answer: one part for each action, or exactly one part that failed.</summary>
internal static class ChangesetAnswer
{
    public static List<Response> Read(ReadOnlyMemory<byte> body)
    {
        var parts = new List<Response>();
        while (body.Span.IndexOf("HTTP/1.1 "u8) is >= 0 and var start)
        {
            body = body[start..];
            var status = TakeLine(ref body).Split(' ', 3);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (TakeLine(ref body) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                {
                    headers[line[..colon]] = line[(colon + 1)..].Trim();
                }
            }

            var end = body.Span.IndexOf("--changesetresponse"u8);
            var content = end < 0 ? body : body[..end];
            parts.Add(new PartResponse(int.Parse(status[1], CultureInfo.InvariantCulture), status.ElementAtOrDefault(2) ?? "", headers, content));
            body = body[content.Length..];
        }

        return parts;
    }

    public static TableTransactionFailedException Failure(Response part)
    {
        var error = TableErrorParser.Parse(part.Content.ToMemory());
        var message = error?.Message ?? part.ReasonPhrase;
        var failure = new RequestFailedException(part.Status, message, error?.Code, null);
        var digits = message.AsSpan(0, Math.Max(0, message.IndexOf(':', StringComparison.Ordinal)));
        if (digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9'))
        {
            failure.Data[TableTransactionFailedException.FailedIndexKey] = digits.ToString();
        }

        return new TableTransactionFailedException(failure);
    }

    private static string TakeLine(ref ReadOnlyMemory<byte> body)
    {
        var end = body.Span.IndexOf((byte)'\n');
        var line = end < 0 ? body : body[..end];
        body = body[Math.Min(body.Length, line.Length + 1)..];
        return Encoding.UTF8.GetString(line.Span).TrimEnd('\r');
    }
}
