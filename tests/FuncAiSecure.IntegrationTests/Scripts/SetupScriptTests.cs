using System.IO.Compression;
using System.Xml.Linq;

namespace FuncAiSecure.IntegrationTests.Scripts;

/// <summary>What <c>eng/setup.sh</c> finds out about a package source: a copy of it asks a folder of packages that hold nothing.</summary>
public sealed class SetupScriptTests : IDisposable
{
    private const string Pinned = "2.1.0";
    private const string Tables = "Azure.Data.Tables";
    private const string Onnx = "Microsoft.ML.OnnxRuntime";
    private const string Worker = "Microsoft.Azure.Functions.Worker";
    private const string Generators = $"{Worker}.Sdk.Generators";

    private static readonly string[] WorkerGroup =
        [Worker, $"{Worker}.Extensions.Http", $"{Worker}.Extensions.Http.AspNetCore", $"{Worker}.Extensions.Timer"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("funcai-setup-");

    public SetupScriptTests()
    {
        var eng = _root.CreateSubdirectory("eng");
        var original = Path.Combine(Bash.Root, "eng");
        foreach (var file in Directory.GetFiles(original, "*").Where(f => Path.GetFileName(f) is "setup.sh" or "package-lock.json"))
        {
            File.Copy(file, Path.Combine(eng.FullName, Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(Path.Combine(eng.FullName, "lib"), Path.Combine(original, "lib"));
        Directory.CreateSymbolicLink(Path.Combine(eng.FullName, "node_modules"), Path.Combine(original, "node_modules"));
        File.Copy(Path.Combine(Bash.Root, "global.json"), Path.Combine(_root.FullName, "global.json"));
        Pin(Pinned);
        Directory.CreateDirectory(Source);
        AskAt(Source);
    }

    private string Source => Path.Combine(_root.FullName, "source");

    private string AnswerFile => Path.Combine(_root.FullName, "eng", "packages.local.props");

    [Fact]
    public async Task Each_package_that_the_source_has_is_official_and_the_others_are_stand_ins()
    {
        Offer(Tables, Pinned);
        Offer(Onnx, "2.2.0");
        Offer(Worker, Pinned);
        Offer(Generators, Pinned);

        var result = await SetupAsync();

        result.ExitCode.ShouldBe(0, result.Error);
        Answer("StandIns").ShouldBe(string.Join(';', [Onnx, .. WorkerGroup]), "another version is none, and the worker lacks its extensions");
        Answer("FunctionsSdk").ShouldBe("false");
        result.Error.ShouldContain($"official packages: {Tables}\n");
        result.Error.ShouldContain($"eng/standins takes their place: {string.Join(' ', [Onnx, .. WorkerGroup])}\n");
    }

    [Fact]
    public async Task Changed_version_is_asked_for_again_and_an_unchanged_one_is_not()
    {
        foreach (var package in (string[])[Tables, Onnx, Generators, .. WorkerGroup])
        {
            Offer(package, Pinned);
        }

        (await SetupAsync()).Error.ShouldNotContain("eng/standins");
        Answer("StandIns").ShouldBeEmpty();
        Answer("FunctionsSdk").ShouldBe("false", "the generators are there, the SDK package is not");
        (await SetupAsync()).Error.ShouldNotContain("asking");

        Pin("2.3.0");
        Offer($"{Worker}.Sdk", "2.3.0");
        (await SetupAsync()).Error.ShouldContain("asking");
        Answer("StandIns").ShouldBe(string.Join(';', [Tables, Onnx, .. WorkerGroup]));
    }

    [Fact]
    public async Task Worker_without_sdk_and_generators_is_no_worker()
    {
        foreach (var package in WorkerGroup)
        {
            Offer(package, Pinned);
        }

        (await SetupAsync()).ExitCode.ShouldBe(0);

        Answer("StandIns").ShouldBe(string.Join(';', [Tables, Onnx, .. WorkerGroup]));
    }

    [Fact]
    public async Task Source_that_does_not_answer_is_no_answer()
    {
        AskAt(Path.Combine(_root.FullName, "nowhere"));

        var result = await SetupAsync();

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("error: the package source did not answer");
        File.Exists(AnswerFile).ShouldBeFalse();
    }

    /// <summary>It runs before tools whose output somebody stores.</summary>
    [Fact]
    public async Task Nothing_is_written_to_standard_output()
    {
        File.Delete(Path.Combine(_root.FullName, "eng", "node_modules"));

        var result = await Bash.LinesAsync($"npm() {{ echo added; }}; export -f npm; NUGET_PACKAGES='{_root.FullName}/cache' bash '{_root.FullName}/eng/setup.sh'");

        result.Error.ShouldContain("added");
        result.Output.Trim().ShouldBeEmpty();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private Task<ScriptResult> SetupAsync() => Bash.LinesAsync($"NUGET_PACKAGES='{_root.FullName}/cache' bash '{_root.FullName}/eng/setup.sh'");

    private string Answer(string property) => XDocument.Load(AnswerFile).Descendants(property).Single().Value;

    private void Pin(string version) =>
        new XElement(
            "Project",
            new XElement("PropertyGroup", new XElement("ManagePackageVersionsCentrally", "true")),
            new XElement(
                "ItemGroup",
                ((string[])[Tables, Onnx, $"{Worker}.Sdk", Generators, .. WorkerGroup])
                    .Select(id => new XElement("PackageVersion", new XAttribute("Include", id), new XAttribute("Version", version)))))
            .Save(Path.Combine(_root.FullName, "Directory.Packages.props"));

    private void AskAt(string source) =>
        new XElement(
            "configuration",
            new XElement("fallbackPackageFolders", new XElement("clear")),
            new XElement(
                "packageSources",
                new XElement("clear"),
                new XElement("add", new XAttribute("key", "source"), new XAttribute("value", source))))
            .Save(Path.Combine(_root.FullName, "nuget.config"));

    private void Offer(string id, string version)
    {
        using var package = ZipFile.Open(Path.Combine(Source, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var specification = package.CreateEntry($"{id}.nuspec").Open();
        new XElement(
            "package",
            new XElement(
                "metadata",
                new XElement("id", id),
                new XElement("version", version),
                new XElement("authors", "test"),
                new XElement("description", "Empty."))).Save(specification);
    }
}
