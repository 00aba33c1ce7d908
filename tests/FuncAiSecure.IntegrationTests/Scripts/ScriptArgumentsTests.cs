using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.IntegrationTests.Scripts;

public sealed class ScriptArgumentsTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("funcai-args-");

    [Theory]
    [InlineData("--prot 1", "--prot")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port x", "--port must be a number")]
    [InlineData("--port -1", "--port must be a number")]
    [InlineData("--port 0", "--port must be a number")]
    [InlineData("--port 65536", "--port must be a number")]
    [InlineData("--port 99999999999999999999", "--port must be a number")]
    [InlineData("--port 65535 --instances 2", "--port must be a number from 1 to 65534")]
    [InlineData("--instances 0", "--instances must be a number from 1 to 16")]
    [InlineData("--instances 17", "--instances must be a number")]
    [InlineData("--instances", "--instances needs a value")]
    public async Task Run_refuses_what_it_does_not_know(string arguments, string message)
    {
        var result = await Bash.ScriptAsync("run.sh", ["--data", _data.FullName, .. arguments.Split(' ')]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain(message);
        result.Output.Trim().ShouldBeEmpty();
        _data.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("run.sh", "--detach|--stop|--port N|--instances N|demo caller")]
    [InlineData("test.sh", "--jobs N|--filter EXPRESSION|N passed, N failed")]
    public async Task Help_names_every_option(string script, string expected)
    {
        var result = await Bash.ScriptAsync(script, "--help");

        result.ExitCode.ShouldBe(0);
        foreach (var text in expected.Split('|'))
        {
            result.Output.ShouldContain(text);
        }
    }

    [Theory]
    [InlineData("--job 2")]
    [InlineData("--jobs 0")]
    [InlineData("--filter")]
    public async Task Test_refuses_what_it_does_not_know(string arguments)
    {
        var result = await Bash.ScriptAsync("test.sh", arguments.Split(' '));

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith("error: ");
    }

    [Fact]
    public async Task Run_names_the_port_that_is_taken_and_starts_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var result = await Bash.ScriptAsync("run.sh", "--detach", "--data", _data.FullName, "--port", port);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"port {port} is taken");
        Directory.GetFiles(Path.Combine(_data.FullName, "run")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_with_nothing_running_is_content()
    {
        var result = await Bash.ScriptAsync("run.sh", "--stop", "--data", _data.FullName);

        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Setup_has_nothing_to_do_the_second_time()
    {
        var answer = Path.Combine(Bash.Root, "eng", "packages.local.props");
        (await Bash.ScriptAsync("setup.sh")).ExitCode.ShouldBe(0);
        var written = File.GetLastWriteTimeUtc(answer);

        var result = await Bash.ScriptAsync("setup.sh");

        result.ExitCode.ShouldBe(0);
        result.Error.ShouldNotContain("asking");
        result.Error.ShouldNotContain("installing");
        File.GetLastWriteTimeUtc(answer).ShouldBe(written);
    }

    public void Dispose() => _data.Delete(recursive: true);
}
