using System.Net.Sockets;
using System.Text;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>Requests that no proper client sends, byte by byte.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class RawConnectionTests(ServedApp app)
{
    [Theory]
    [InlineData("a length shorter than the body", "Content-Length: 2\r\n", """{"model":"sms-spam","input":"a"}""", "400")]
    [InlineData("a length that is no number", "Content-Length: many\r\n", "{}", "400")]
    [InlineData("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}", "400")]
    [InlineData("a length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", "400")]
    [InlineData("chunks that are none", "Transfer-Encoding: chunked\r\n", "zz\r\n\r\n", "400")]
    [InlineData("a chunk of more than all memory", "Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n{}\r\n0\r\n\r\n", "400")]
    [InlineData("a length of more than all memory", "Content-Length: 9223372036854775807\r\n", "{}", "413")]
    public async Task A_lying_request_is_refused_and_the_process_goes_on(string what, string headers, string body, string status)
    {
        var head = await SendAsync($"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.CallerKey}\r\nContent-Type: application/json\r\n"
            + $"Connection: close\r\n{headers}\r\n{body}");

        head.ShouldStartWith($"HTTP/1.1 {status}", customMessage: what);
        (await app.SendAsync("GET", "v2/health/live")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_leaves_the_process_alone()
    {
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(app.Host.BaseAddress.Host, app.Host.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.CallerKey}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{{\"model\""));
        }

        (await app.SendAsync("POST", "v1/classify", """{"model":"sms-spam","input":"hello"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_does_not_come_in_time_is_504_and_leaves_its_connection_usable()
    {
        const string Body = """{"model":"sms-spam","input":"hello"}""";
        using var client = new TcpClient();
        await client.ConnectAsync(app.Host.BaseAddress.Host, app.Host.BaseAddress.Port);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.CallerKey}\r\n"
            + $"Content-Type: application/json\r\nx-deadline-ms: 150\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}"));
        (await reader.ReadLineAsync()).ShouldStartWith("HTTP/1.1 504");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Body[10..] + "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

        (await reader.ReadToEndAsync()).ShouldContain("HTTP/1.1 200");
    }

    [Fact]
    public async Task A_caller_that_keeps_bodies_open_is_stopped_before_it_has_taken_every_place()
    {
        const string Body = """{"model":"sms-spam","input":"hello"}""";
        var instance = await app.StartInstanceAsync(new Dictionary<string, string?> { ["FuncAiSecure:Transport:MaxOpenBodies"] = "2" });
        using var neighbour = new HttpClient { BaseAddress = instance };
        await ServedApp.WaitUntilReadyAsync(neighbour);
        var key = await app.CreateKeyAsync(principal: "keeps-open");
        List<(TcpClient Client, Task<string?> Answer)> open = [];
        for (var i = 0; i < 3; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(instance.Host, instance.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nx-api-key: {key}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}"));
            open.Add((client, new StreamReader(client.GetStream(), Encoding.ASCII).ReadLineAsync()));
        }

        var stopped = await Task.WhenAny(open.Select(one => one.Answer));
        (await stopped).ShouldBe("HTTP/1.1 429 Too Many Requests");
        (await ServedApp.SendAsync(neighbour, app.CallerKey, "POST", "v1/classify", Body)).Status.ShouldBe(200);
        foreach (var (client, answer) in open.Where(one => one.Answer != stopped))
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Body[10..]));
            (await answer).ShouldBe("HTTP/1.1 200 OK");
        }

        (await ServedApp.SendAsync(neighbour, key, "POST", "v1/classify", Body)).Status.ShouldBe(200);
        open.ForEach(one => one.Client.Dispose());
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(app.Host.BaseAddress.Host, app.Host.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync() ?? "";
    }
}
