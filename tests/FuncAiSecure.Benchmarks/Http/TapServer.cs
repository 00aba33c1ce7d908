using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// The app's own server, and beside it a way into the app without a socket: what is left is the chain. Exchanges run on the
/// caller's thread, one after the other.
/// </summary>
internal sealed class TapServer(IServer server) : IServer
{
    private Func<IFeatureCollection, Task>? _process;

    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = async features =>
        {
            var context = application.CreateContext(features);
            await application.ProcessRequestAsync(context);
            application.DisposeContext(context, null);
        };
        return server.StartAsync(application, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    /// <summary>Puts one request through the app; the answer's status.</summary>
    public async Task<int> ExchangeAsync(TapRequest request)
    {
        request.Rewind();
        await _process!(request.Features);
        return request.Status;
    }
}

/// <summary>A request that can be sent again and again; its features are made once, as a server's are for a connection.</summary>
internal sealed class TapRequest : IHttpResponseBodyFeature, IRequestBodyPipeFeature, IDisposable
{
    private readonly MemoryStream _sent = new();
    private readonly HttpResponseFeature _response = new();
    private readonly HttpRequestFeature _request = new();
    private readonly IHeaderDictionary _headers;

    public TapRequest(string method, string path, string body, params (string Name, string Value)[] headers)
    {
        Body = System.Text.Encoding.UTF8.GetBytes(body);
        (_request.Method, _request.Path, _request.RawTarget, _request.Scheme, _request.Protocol) = (method, path, path, "http", "HTTP/1.1");
        _headers = _request.Headers;
        _headers.Host = "localhost";
        _headers.ContentLength = Body.Length;
        _headers.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            _headers[name] = value;
        }

        Writer = PipeWriter.Create(_sent);
        Reader = PipeReader.Create(Stream.Null);
        Features.Set<IHttpRequestFeature>(_request);
        Features.Set<IHttpResponseFeature>(_response);
        Features.Set<IHttpResponseBodyFeature>(this);
        Features.Set<IRequestBodyPipeFeature>(this);
        Features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = System.Net.IPAddress.Loopback, LocalIpAddress = System.Net.IPAddress.Loopback });
        Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
    }

    public FeatureCollection Features { get; } = new();

    /// <summary>What is sent from the next exchange on.</summary>
    public byte[] Body { get; set; }


    public int Status => _response.StatusCode;

    public PipeReader Reader { get; private set; }

    public Stream Stream => _sent;

    public PipeWriter Writer { get; }

    /// <summary>Makes it as new.</summary>
    public void Rewind()
    {
        _sent.SetLength(0);
        _response.StatusCode = StatusCodes.Status200OK;
        _response.Headers.Clear();
        _headers.ContentLength = Body.Length;
        Reader = PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(Body));
    }

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;

    public void Dispose() => _sent.Dispose();
}
