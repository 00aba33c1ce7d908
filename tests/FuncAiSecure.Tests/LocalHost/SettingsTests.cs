using System.Net;
using FuncAiSecure.LocalHost;
using FuncAiSecure.LocalHost.Settings;

namespace FuncAiSecure.Tests.LocalHost;

public class SettingsTests
{
    [Fact]
    public void Values_and_connection_strings_become_variables()
    {
        var settings = LocalSettingsFile.Parse(
            """
            // a comment
            { "IsEncrypted": false, "Values": { "A": "1", "B": null, "C__D": "2" },
              "ConnectionStrings": { "Db": "x", "Other": { "ConnectionString": "y" } }, }
            """,
            out var fault);

        fault.ShouldBeNull();
        settings.ShouldBe(new Dictionary<string, string> { ["A"] = "1", ["C__D"] = "2", ["ConnectionStrings:Db"] = "x", ["ConnectionStrings:Other"] = "y" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{ "Values": { "Secret": "s3cret" } }""", "IsEncrypted")]
    [InlineData("""{ "IsEncrypted": true, "Values": { "Secret": "s3cret" } }""", "IsEncrypted")]
    [InlineData("""{ "IsEncrypted": false, "Values": { "Secret": "s3cret", "Nested": { "A": "s3cret" } } }""", "Nested")]
    [InlineData("""{ "IsEncrypted": false, "Values": { "Secret": "s3cret", "List": ["s3cret"] } }""", "List")]
    [InlineData("""{ "IsEncrypted": false, "Values": [] }""", "Values")]
    [InlineData("""{ "IsEncrypted": false, "Values": { "Secret": "s3cret" """, "JSON")]
    [InlineData("""[]""", "object")]
    public void One_fault_makes_the_whole_file_unreadable_and_names_no_value(string text, string expected)
    {
        var settings = LocalSettingsFile.Parse(text, out var fault);

        settings.ShouldBeEmpty();
        fault.ShouldNotBeNull().ShouldContain(expected);
        fault.ShouldNotContain("s3cret");
    }

    [Fact]
    public void Variable_that_exists_wins_and_an_empty_one_does_not()
    {
        var environment = new Dictionary<string, string> { ["Taken"] = "old", ["Empty"] = "" };

        var skipped = LocalSettingsFile.Apply(
            new Dictionary<string, string> { ["Taken"] = "new", ["Empty"] = "new", ["Fresh"] = "new" },
            environment.GetValueOrDefault,
            (name, value) => environment[name] = value);

        skipped.ShouldBe(["Taken"]);
        environment.ShouldBe(new Dictionary<string, string> { ["Taken"] = "old", ["Empty"] = "new", ["Fresh"] = "new" }, ignoreOrder: true);
    }

    [Fact]
    public void File_is_sought_upwards_until_a_folder_with_a_host_json()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            var project = root.CreateSubdirectory("src/app");
            var beside = root.CreateSubdirectory("out");
            File.WriteAllText(Path.Combine(beside.FullName, LocalSettingsFile.Name), "{}");
            LocalSettingsFile.Find(project.FullName, beside.FullName).ShouldBe(Path.Combine(beside.FullName, LocalSettingsFile.Name));

            File.WriteAllText(Path.Combine(root.FullName, LocalSettingsFile.Name), "{}");
            LocalSettingsFile.Find(project.FullName, beside.FullName).ShouldBe(Path.Combine(root.FullName, LocalSettingsFile.Name));

            File.WriteAllText(Path.Combine(project.FullName, "host.json"), "{}");
            LocalSettingsFile.Find(project.FullName, project.FullName).ShouldBeNull();
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void Host_json_gives_prefix_and_bounds() =>
        HostJson.Parse("""{ "version": "2.0", /* ours */ "extensions": { "http": { "routePrefix": "", "maxOutstandingRequests": 7, "maxConcurrentRequests": 3 } } }""")
            .ShouldBe(new HostJson(string.Empty, 7, 3));

    [Fact]
    public void Host_json_without_http_section_has_the_platforms_defaults() =>
        HostJson.Parse("""{ "version": "2.0" }""").ShouldBe(new HostJson("api", -1, -1));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "version": "1.0" }""")]
    [InlineData("""{ "version": 2.0 }""")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": 1 } } }""")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "maxOutstandingRequests": 0 } } }""")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "maxConcurrentRequests": "many" } } }""")]
    [InlineData("""{ "version": "2.0" """)]
    public void Host_json_with_a_fault_stops_the_start(string text) =>
        Should.Throw<LocalHostException>(() => HostJson.Parse(text));

    [Theory]
    [InlineData(new string[0], 7071, "127.0.0.1")]
    [InlineData(new[] { "--port", "0" }, 0, "127.0.0.1")]
    [InlineData(new[] { "--address", "::1", "--port", "65535" }, 65535, "::1")]
    public void Arguments_have_the_defaults_of_core_tools(string[] args, int port, string address)
    {
        CommandLine.TryParse(args, out var commandLine, out _).ShouldBeTrue();

        commandLine.ShouldBe(new CommandLine(port, IPAddress.Parse(address), false));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "x")]
    [InlineData("--address", "somewhere")]
    [InlineData("--prot", "1")]
    [InlineData("7071")]
    public void Wrong_argument_is_refused(params string[] args)
    {
        CommandLine.TryParse(args, out _, out var fault).ShouldBeFalse();

        fault.ShouldContain(args[0]);
    }
}
