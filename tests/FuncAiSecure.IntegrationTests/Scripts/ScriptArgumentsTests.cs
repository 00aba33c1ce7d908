using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FuncAiSecure.IntegrationTests.Scripts;

public sealed partial class ScriptArgumentsTests : IDisposable
{
    [GeneratedRegex(@"Include=""\.\./\.\./([^""*]+\.json)""")]
    private static partial Regex IncludedFile { get; }

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("funcai-args-");

    [Theory]
    [InlineData("--prot 1", "--prot")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port x", "--port must be a number")]
    [InlineData("--port -1", "--port must be a number")]
    [InlineData("--port 0", "--port must be a number")]
    [InlineData("--port 65536", "--port must be a number")]
    [InlineData("--port 080", "--port must be a number")]
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
    [InlineData("bench.sh", "usage: eng/bench.sh CASE...|--out|lists them")]
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
    public async Task Second_start_at_the_same_time_is_refused()
    {
        var result = await Bash.LinesAsync($"flock '{_data.FullName}/lock' '{Bash.Root}/eng/run.sh' --detach --data '{_data.FullName}'");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("it starts or runs already");
    }

    [Fact]
    public async Task Stop_where_nothing_was_started_says_so_and_makes_nothing()
    {
        var result = await Bash.ScriptAsync("run.sh", "--stop", "--data", _data.FullName);

        result.ExitCode.ShouldBe(0);
        result.Error.ShouldContain($"nothing was started with its data in {_data.FullName}");
        _data.EnumerateFileSystemInfos().ShouldBeEmpty();
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

    /// <summary>A file beyond src that a program carries: without it the next start would run what was built of the old one.</summary>
    [Fact]
    public async Task Start_notices_a_change_of_every_file_that_the_projects_take_from_elsewhere()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Bash.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(project => IncludedFile.Matches(File.ReadAllText(project)).Select(match => match.Groups[1].Value))
            .Distinct().ToArray();
        files.ShouldContain("docs/model.schema.json");

        foreach (var file in files)
        {
            var result = await Bash.LinesAsync($"""
                . '{Bash.Root}/eng/lib/common.sh'; . '{Bash.Root}/eng/lib/build.sh'; ROOT='{_data.FullName}'
                mkdir -p "$ROOT/$(dirname {file})"; echo a > "$ROOT/{file}"; before=$(fingerprint)
                echo longer > "$ROOT/{file}"; [ "$(fingerprint)" != "$before" ]
                """);
            result.ExitCode.ShouldBe(0, file + result.Error);
        }
    }

    public void Dispose() => _data.Delete(recursive: true);
}
