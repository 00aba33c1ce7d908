using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Manifests;

namespace FuncAiSecure.Core.Tests.Models;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Minimal_manifest_gets_its_defaults()
    {
        var manifest = Read(ManifestSamples.Minimal().Utf8());

        manifest.Name.ShouldBe("sum");
        manifest.Task.ShouldBe(ModelTask.Tensor);
        manifest.Inputs[0].Shape.ShouldBe([-1, 4]);
        manifest.Labels.ShouldBeEmpty();
        manifest.Limits.MaxBatch.ShouldBeNull();
        manifest.Guards.Injection.ShouldBeNull();
        manifest.Output.BlockedLabels.ShouldBeEmpty();
        manifest.Session.GraphOptimization.ShouldBe(GraphOptimization.All);
        manifest.Preload.ShouldBeFalse();
        manifest.Roles.ShouldBeEmpty();
    }

    [Fact]
    public void Full_manifest_is_read_member_by_member()
    {
        var manifest = Read(ManifestSamples.Full().Utf8());

        manifest.Provenance.Evaluation[0].Value.ShouldBe(0.9);
        manifest.Inputs[0].Limits!.AllowedNumbers.ShouldBe([1, 2]);
        manifest.Inputs[0].Limits!.MaxShape.ShouldBe([8, 16]);
        manifest.Inputs[1].Limits!.AllowedValues.ShouldBe(["a", "b"]);
        manifest.Tokenizer!.Truncation.ShouldBe(Truncation.Right);
        manifest.Activation.ShouldBe(Activation.Sigmoid);
        manifest.Pooling.ShouldBe(Pooling.Mean);
        manifest.Dimensions.ShouldBe([2, 3]);
        manifest.Limits.DeadlineMs.ShouldBe(500);
        manifest.Guards.Injection!.FalsePositiveRate.ShouldBe(0.005);
        manifest.Guards.InputPii!.Kinds["EMAIL"].ShouldBe(PiiAction.Tokenize);
        manifest.Guards.OutputPii!.Default.ShouldBe(PiiAction.Mask);
        manifest.Output.ExactFor.ShouldBe(["read.payloads"]);
        manifest.Output.Extraction!.Budget.ShouldBe(500);
        manifest.Output.Extraction!.InForce.Select(step => step.At).ShouldBe([0.5, 1]);
        manifest.Output.Reduced(0).TopK.ShouldBe(1);
        manifest.Output.Reduced(0).Decimals.ShouldBe(3);
        manifest.Session.ExecutionMode.ShouldBe(ExecutionMode.Parallel);
        manifest.CaptureForbidden.ShouldBeTrue();
        manifest.Roles.ShouldBe(["read.usage"]);
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        // what, member to set (dotted), its JSON, pointer of the fault
        { "an unknown member", "extra", "1", "/extra" },
        { "an unknown member inside", "provenance.author", "\"x\"", "/provenance/author" },
        { "a member name that needs escapes", "a/b~c", "1", "/a~1b~0c" },
        { "null for a member", "labels", "null", "/labels" },
        { "a name that leaves the folder", "name", "\"..\"", "/name" },
        { "a name in capitals", "name", "\"Sum\"", "/name" },
        { "a name that ends in a line feed", "name", "\"sum\\n\"", "/name" },
        { "version 0", "version", "0", "/version" },
        { "a fractional version", "version", "1.5", "/version" },
        { "a version in words", "version", "\"1\"", "/version" },
        { "a version past 32 bits", "version", "2147483648", "/version" },
        { "an unknown task", "task", "\"poetry\"", "/task" },
        { "a task in other case", "task", "\"Tensor\"", "/task" },
        { "a task by number", "task", "0", "/task" },
        { "an empty description", "description", "\"\"", "/description" },
        { "no files", "files", "[]", "/files" },
        { "a path that climbs", "files.0.path", "\"../model.onnx\"", "/files/0/path" },
        { "a path that climbs inside", "files.0.path", "\"a/../model.onnx\"", "/files/0/path" },
        { "an absolute path", "files.0.path", "\"/model.onnx\"", "/files/0/path" },
        { "a path with a drive", "files.0.path", "\"c:/model.onnx\"", "/files/0/path" },
        { "a path with a backslash", "files.0.path", "\"a\\\\model.onnx\"", "/files/0/path" },
        { "a hidden file", "files.0.path", "\".model.onnx\"", "/files/0/path" },
        { "the manifest as a file", "files.1.path", "\"model.json\"", "/files/1/path" },
        { "the signature as a file", "files.1.path", "\"model.json.sig\"", "/files/1/path" },
        { "a file twice, by case", "files.1.path", "\"Model.onnx\"", "/files/1/path" },
        { "no graph among the files", "files.0.path", "\"other.onnx\"", "/files" },
        { "a hash in capitals", "files.0.sha256", $"\"{new string('A', 64)}\"", "/files/0/sha256" },
        { "a short hash", "files.0.sha256", "\"00\"", "/files/0/sha256" },
        { "a negative size", "files.0.size", "-1", "/files/0/size" },
        { "no inputs", "inputs", "[]", "/inputs" },
        { "an unknown datatype", "inputs.0.datatype", "\"FLOAT\"", "/inputs/0/datatype" },
        { "dimension -2", "inputs.0.shape", "[-2]", "/inputs/0/shape/0" },
        { "dimension 0", "inputs.0.shape", "[0]", "/inputs/0/shape" },
        { "limits on an output", "outputs.0.limits", "{}", "/outputs/0/limits" },
        { "text limits on numbers", "inputs.0.limits", """{"maxLength":1}""", "/inputs/0/limits/maxLength" },
        { "text values on numbers", "inputs.0.limits", """{"allowedValues":["a"]}""", "/inputs/0/limits/allowedValues" },
        { "a minimum over the maximum", "inputs.0.limits", """{"minimum":2,"maximum":1}""", "/inputs/0/limits/minimum" },
        { "a maximum shape of another rank", "inputs.0.limits", """{"maxShape":[2]}""", "/inputs/0/limits/maxShape" },
        { "an infinite limit", "inputs.0.limits", """{"maximum":1e999}""", "/inputs/0/limits/maximum" },
        { "a text task without tokenizer", "task", "\"text-embedding\"", "/tokenizer" },
        { "a classification without labels", "task", "\"text-classification\"", "/labels" },
        { "a tokenizer for numbers", "tokenizer", """{"kind":"bpe","file":"golden.json","maxTokens":1}""", "/tokenizer" },
        { "a tokenizer file that is not named", "tokenizer", """{"kind":"bpe","file":"t.json","maxTokens":1}""", "/tokenizer/file" },
        { "an unknown tokenizer", "tokenizer", """{"kind":"char","file":"golden.json","maxTokens":1}""", "/tokenizer/kind" },
        { "labels that repeat", "labels", """["a","b","a"]""", "/labels/2" },
        { "labels that do not fit the output", "labels", """["a","b"]""", "/labels" },
        { "pooling without embedding", "pooling", "\"mean\"", "/task" },
        { "dimensions that descend", "dimensions", "[3,2]", "/dimensions" },
        { "a dimension that the output does not have", "dimensions", "[2,4]", "/dimensions" },
        { "a batch of 0", "limits", """{"maxBatch":0}""", "/limits/maxBatch" },
        { "a guard action that does not exist", "guards", """{"injection":{"action":"ask"}}""", "/guards/injection/action" },
        { "a false-positive rate of 1", "guards", """{"injection":{"action":"block","falsePositiveRate":1}}""", "/guards/injection/falsePositiveRate" },
        { "a kind of personal data in small letters", "guards", """{"inputPii":{"default":"mask","kinds":{"email":"mask"}}}""", "/guards/inputPii/kinds/email" },
        { "a kind of personal data that ends its line", "guards", """{"inputPii":{"default":"mask","kinds":{"EMAIL\n":"mask"}}}""", "/guards/inputPii/kinds/EMAIL\n" },
        { "personal data without a default", "guards", """{"inputPii":{}}""", "/guards/inputPii/default" },
        { "a kind of personal data that there is not", "guards", """{"outputPii":{"default":"ignore","kinds":{"EMIAL":"block"}}}""", "/guards/outputPii/kinds/EMIAL" },
        { "an injection guard for numbers alone", "guards", """{"injection":{"action":"flag"}}""", "/guards/injection" },
        { "personal data in numbers alone", "guards", """{"inputPii":{"default":"detect"}}""", "/guards/inputPii" },
        { "a blocked label in raw tensors", "output", """{"blockedLabels":["a"]}""", "/output/blockedLabels" },
        { "a blocked label that is none", "output", """{"blockedLabels":["z"]}""", "/output/blockedLabels/0" },
        { "a budget of nothing", "output", """{"extraction":{"budget":0}}""", "/output/extraction/budget" },
        { "steps without a budget", "output", """{"extraction":{"steps":[{"at":1,"refuse":true}]}}""", "/output/extraction/budget" },
        { "a window of half an hour", "output", """{"extraction":{"budget":9,"windowHours":0.5}}""", "/output/extraction/windowHours" },
        { "no steps but a list", "output", """{"extraction":{"budget":9,"steps":[]}}""", "/output/extraction/steps" },
        { "a step over the whole budget", "output", """{"extraction":{"budget":9,"steps":[{"at":1.1,"decimals":1}]}}""", "/output/extraction/steps/0/at" },
        { "a step that takes nothing", "output", """{"extraction":{"budget":9,"steps":[{"at":1}]}}""", "/output/extraction/steps/0" },
        { "a step that refuses and answers", "output", """{"extraction":{"budget":9,"steps":[{"at":1,"decimals":1,"refuse":true}]}}""", "/output/extraction/steps/0" },
        { "a step that does not refuse", "output", """{"extraction":{"budget":9,"steps":[{"at":1,"decimals":1,"refuse":false}]}}""", "/output/extraction/steps/0/refuse" },
        { "a step after the refusal", "output", """{"extraction":{"budget":9,"steps":[{"at":0.5,"refuse":true},{"at":1,"decimals":1}]}}""", "/output/extraction/steps/0/refuse" },
        { "steps that do not ascend", "output", """{"extraction":{"budget":9,"steps":[{"at":0.5,"decimals":2},{"at":0.5,"decimals":1}]}}""", "/output/extraction/steps/1/at" },
        { "a step that gives decimals back", "output", """{"extraction":{"budget":9,"steps":[{"at":0.5,"decimals":1},{"at":1,"decimals":2}]}}""", "/output/extraction/steps/1/decimals" },
        { "a step with more decimals than the policy", "output", """{"decimals":2,"extraction":{"budget":9,"steps":[{"at":0.5,"decimals":3}]}}""", "/output/extraction/steps/0/decimals" },
        { "a best label where there are no labels", "output", """{"extraction":{"budget":9,"steps":[{"at":0.5,"topK":1}]}}""", "/output/extraction/steps/0/topK" },
        { "an unknown member of a step", "output", """{"extraction":{"budget":9,"steps":[{"at":0.5,"noise":1}]}}""", "/output/extraction/steps/0/noise" },
        { "a role that does not exist", "roles", """["root"]""", "/roles/0" },
        { "threads across operators in sequence", "session", """{"interOpThreads":2}""", "/session/interOpThreads" },
        { "no words but a list", "license", "[]", "/license" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_named_by_its_pointer(string what, string member, string json, string at)
    {
        var document = ManifestSamples.Minimal();
        Set(document, member, JsonNode.Parse(json));

        ManifestReader.TryRead(document.Utf8(), "model.json", out var manifest, out var faults).ShouldBeFalse(what);

        manifest.ShouldBeNull();
        faults.Select(fault => fault.Pointer).ShouldContain(at, what);
        faults.ShouldAllBe(fault => fault.File == "model.json");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("version")]
    [InlineData("task")]
    [InlineData("description")]
    [InlineData("license")]
    [InlineData("provenance")]
    [InlineData("files")]
    [InlineData("inputs")]
    [InlineData("outputs")]
    public void Missing_member_is_named(string member)
    {
        var document = ManifestSamples.Minimal();
        document.Remove(member);

        FaultsOf(document.Utf8()).ShouldBe([new ModelFault("model.json", $"/{member}", "is missing")]);
    }

    // The query would not reach a graph that takes each text as it is.
    [Theory]
    [InlineData("rerank", "is missing: it puts query and text together")]
    [InlineData("token-classification", "is missing: spans need its offsets")]
    public void Task_that_needs_a_tokenizer_is_not_done_by_a_graph_that_takes_text(string task, string fault)
    {
        var document = ManifestSamples.Minimal();
        document["task"] = task;
        document["labels"] = JsonNode.Parse("""["a","b","c"]""");
        document["inputs"]![0]!["datatype"] = "BYTES";
        document["inputs"]![0]!["shape"] = JsonNode.Parse("[-1]");

        FaultsOf(document.Utf8()).ShouldBe([new ModelFault("model.json", "/tokenizer", fault)]);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var document = ManifestSamples.Minimal();
        document["name"] = "NO";
        document["version"] = -1;
        document["files"]![1]!["sha256"] = "no";
        document["more"] = true;
        document.Remove("license");

        FaultsOf(document.Utf8()).Select(fault => fault.Pointer).ShouldBe(
            ["/license", "/name", "/version", "/files/1/sha256", "/more"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"name":"sum",""", "/name")]
    [InlineData("""{"provenance":{"source":"a","source":"b","data":"c","method":"d"},""", "/provenance/source")]
    public void Repeated_member_is_a_fault(string start, string at)
    {
        var json = start + ManifestSamples.Minimal().ToJsonString()[1..];

        FaultsOf(Encoding.UTF8.GetBytes(json)).Select(fault => fault.Pointer).ShouldContain(at);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{} {}")]
    [InlineData("{ /* why */ }")]
    [InlineData("{ \"name\": \"sum\", }")]
    [InlineData("{ \"name\": \"\\ud800\" }")]
    public void Other_content_is_refused_without_an_exception(string json) =>
        FaultsOf(Encoding.UTF8.GetBytes(json)).ShouldNotBeEmpty();

    [Fact]
    public void Faults_read_as_file_and_pointer() =>
        new ModelFault("model.json", "/files/0/size", "must be at least 0").ToString()
            .ShouldBe("model.json#/files/0/size: must be at least 0");

    [Fact]
    public void Any_mutation_of_the_bytes_is_read_or_refused_and_never_throws()
    {
        var original = ManifestSamples.Full().Utf8();
        var mutation = Gen.Zip(Gen.Choose(0, original.Length - 1), Gen.Choose(0, 255)).ToArbitrary();

        Prop.ForAll(mutation, change =>
        {
            var bytes = original.ToArray();
            bytes[change.Item1] = (byte)change.Item2;
            var good = ManifestReader.TryRead(bytes, "model.json", out var manifest, out var faults);
            return good == (manifest is not null) && good == faults.IsEmpty;
        }).QuickCheckThrowOnFailure();
    }

    private static ModelManifest Read(byte[] utf8)
    {
        ManifestReader.TryRead(utf8, "model.json", out var manifest, out var faults).ShouldBeTrue(string.Join("; ", faults));
        return manifest!;
    }

    private static ImmutableArray<ModelFault> FaultsOf(byte[] utf8)
    {
        ManifestReader.TryRead(utf8, "model.json", out _, out var faults).ShouldBeFalse();
        return faults;
    }

    private static void Set(JsonNode node, string member, JsonNode? value)
    {
        var steps = member.Split('.');
        foreach (var step in steps[..^1])
        {
            node = node is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        node[steps[^1]] = value;
    }
}
