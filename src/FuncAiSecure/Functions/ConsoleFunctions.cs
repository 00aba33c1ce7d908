using System.Buffers;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Functions;

/// <summary>
/// The operator page. Its files hold no data and answer anyone, as a browser has no key before they run; every number they show
/// comes from routes under <c>/manage</c>, with the key that the operator pastes.
/// </summary>
public static class ConsoleFunctions
{
    internal const string PageRoute = "console";
    internal const string FileRoute = "console/{file}";

    // Own files, own origin, no inline code, no markup made of strings, no frame.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>The page.</summary>
    [Function(nameof(ConsolePage))]
    public static Task ConsolePage([HttpTrigger(AuthorizationLevel.Anonymous, Route = PageRoute)] HttpRequest request, FunctionContext context) =>
        WriteAsync(context, request, ConsoleFiles.Page);

    /// <summary>A style sheet, a script or a picture of the page.</summary>
    [Function(nameof(ConsolePart))]
    public static Task ConsolePart([HttpTrigger(AuthorizationLevel.Anonymous, Route = FileRoute)] HttpRequest request, FunctionContext context) =>
        WriteAsync(context, request, request.RouteValues["file"] as string);

    private static Task WriteAsync(FunctionContext context, HttpRequest request, string? name)
    {
        var state = context.Request();
        var isServed = context.InstanceServices.GetRequiredService<IOptions<TransportOptions>>().Value.ServeConsole;
        if (!isServed || ConsoleFiles.Find(name) is not { } file)
        {
            state.Refuse(new Refusal(RefusalCode.NotFound) { Detail = "There is nothing at this path." });
            return Task.CompletedTask;
        }

        WriteHeaders(request.HttpContext.Response.Headers, file);
        var known = request.GetTypedHeaders().IfNoneMatch;
        if (known.Any(tag => tag.Tag.Equals(file.ETag, StringComparison.Ordinal) || tag.Tag == "*"))
        {
            state.Answer(StatusCodes.Status304NotModified, file.ContentType);
        }
        else
        {
            state.Answer(StatusCodes.Status200OK, file.ContentType);
            state.Output.Write(file.Bytes);
        }

        return Task.CompletedTask;
    }

    private static void WriteHeaders(IHeaderDictionary headers, ConsoleFile file)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.ETag = file.ETag;
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
