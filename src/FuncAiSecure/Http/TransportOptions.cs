using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Http;

/// <summary>Bounds on what is read from a caller, before anything is known about it.</summary>
public sealed class TransportOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Transport";

    /// <summary>The largest request body.</summary>
    /// <value>1 to 67,108,864 bytes; default 1 MiB. A manifest may lower it for its model.</value>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How many request bodies of one principal may be on their way at once, to one instance.</summary>
    /// <value>1 to 10,000; default 128.</value>
    [Range(1, 10_000)]
    public int MaxOpenBodies { get; set; } = 128;

    /// <summary>The most inputs in one request: texts, documents to rank, rows of a tensor.</summary>
    /// <value>1 to 2,048; default 256.</value>
    [Range(1, 2048)]
    public int MaxInputs { get; set; } = 256;

    /// <summary>The longest text of one input, before the model's own limit.</summary>
    /// <value>1 to 1,000,000 characters (UTF-16 code units); default 8,192.</value>
    [Range(1, 1_000_000)]
    public int MaxTextChars { get; set; } = 8192;

    /// <summary>How long a request may take where the caller sends no <c>x-deadline-ms</c>; a caller can only shorten it.</summary>
    /// <value>100 ms to 220 s (the platform cuts at 230 s); default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:03:40")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether <c>/openapi.json</c> answers anyone.</summary>
    /// <value>Default true.</value>
    public bool ServeOpenApi { get; set; } = true;

    /// <summary>Whether <c>/console</c>, the operator page, is there; its files hold no data.</summary>
    /// <value>Default true.</value>
    public bool ServeConsole { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class TransportOptionsValidator : IValidateOptions<TransportOptions>;
