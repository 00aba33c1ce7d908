using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Scripts;

/// <summary>The main job, the way a newcomer sees it: start, ask, stop, start again.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class RunScriptTests : IAsyncLifetime
{
    // Nobody listens there: what is on this machine must be reached without it.
    private const string WithProxy = "export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9;";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("funcai-run-");
    private readonly string _port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Run("--stop");
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Detached_app_answers_the_printed_requests_keeps_its_keys_and_leaves_no_process()
    {
        var first = await Run("--detach");
        first.ExitCode.ShouldBe(0, first.Error);
        var keys = DemoEnv();
        var ids = ProcessIds();
        ids.Length.ShouldBe(3);

        keys["BASE_URL"].ShouldBe($"http://localhost:{_port}");
        File.GetUnixFileMode(Path.Combine(_data.FullName, "demo.env")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var commands = PrintedCommand.Matches(first.Output);
        commands.Count.ShouldBe(2);
        foreach (Match command in commands)
        {
            var answer = await Bash.LinesAsync(command.Value.Trim().Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal));
            answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
        }

        (await StatusAsync(null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(keys["DEMO_API_KEY"])).ShouldBe(HttpStatusCode.OK);

        var listed = await Bash.LinesAsync($"{WithProxy} . '{_data.FullName}/funcai.env' && funcai keys list");
        listed.ExitCode.ShouldBe(0, listed.Error);
        listed.Output.ShouldContain("Local operator");

        first.Error.ShouldContain($"eng/run.sh --stop --data {_data.FullName} ends it");
        (await Run("--detach")).Error.ShouldContain($"it runs already; eng/run.sh --stop --data {_data.FullName} ends it");
        (await Run("--stop")).ExitCode.ShouldBe(0);
        ids.ShouldAllBe(id => !Directory.Exists($"/proc/{id}"));

        var second = await Bash.LinesAsync($"{WithProxy} '{Bash.Root}/eng/run.sh' --detach --data '{_data.FullName}' --port {_port}");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Error.ShouldNotContain("building");
        DemoEnv().ShouldBe(keys);
        (await StatusAsync(keys["DEMO_API_KEY"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ctrl_C_stops_everything_that_was_started()
    {
        var (process, result) = Bash.Start("run.sh", "--data", _data.FullName, "--port", _port, "--instances", "1");

        // The app comes last, after the keys are made; its file is created before it is filled.
        var last = new FileInfo(Path.Combine(_data.FullName, "run", "app0.pid"));
        await WaitForAsync(() => IsWritten(last) || result.IsCompleted);
        result.IsCompleted.ShouldBeFalse();
        var ids = ProcessIds();

        await Bash.LinesAsync($"kill -INT {process.Id}");
        var ended = await result;

        ended.ExitCode.ShouldBe(130);
        ids.Length.ShouldBe(3);
        ids.ShouldAllBe(id => !Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task Instances_are_told_where_they_are_and_take_the_same_key()
    {
        var port = int.Parse(_port, CultureInfo.InvariantCulture);
        while (!IsFree(port + 1))
        {
            port = LoopbackPort.Free();
        }

        var run = await Bash.ScriptAsync("run.sh", "--detach", "--data", _data.FullName, "--port", $"{port}", "--instances", "2");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain($"FuncAiSecure is ready on http://localhost:{port} and 1 more, up to port {port + 1}");
        (await StatusAsync(DemoEnv()["DEMO_API_KEY"], port)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(DemoEnv()["DEMO_API_KEY"], port + 1)).ShouldBe(HttpStatusCode.OK);
    }

    [GeneratedRegex("""^  curl (?:[^\n]*\\\n)*[^\n]*""", RegexOptions.Multiline)]
    private static partial Regex PrintedCommand { get; }

    private Task<ScriptResult> Run(string mode) => Bash.ScriptAsync("run.sh", mode, "--data", _data.FullName, "--port", _port);

    private static bool IsWritten(FileInfo file)
    {
        file.Refresh();
        return file is { Exists: true, Length: > 0 };
    }

    private string[] ProcessIds() =>
        [.. Directory.GetFiles(Path.Combine(_data.FullName, "run"), "*.pid").Select(file => File.ReadAllText(file).Split(' ')[0])];

    private Dictionary<string, string> DemoEnv() =>
        File.ReadAllLines(Path.Combine(_data.FullName, "demo.env")).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task<HttpStatusCode> StatusAsync(string? key) => StatusAsync(key, int.Parse(_port, CultureInfo.InvariantCulture));

    private static async Task<HttpStatusCode> StatusAsync(string? key, int port)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/v1/models");
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Bash.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
