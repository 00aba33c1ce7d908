using System.Collections.Frozen;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Manifests;
using FuncAiSecure.Core.Models.Onnx;

namespace FuncAiSecure.Core.Tests.Models;

public sealed class OnnxJudgeTests
{
    internal static readonly ModelManifest Manifest = ReadManifest();

    [Fact]
    public void Any_mutation_of_a_graph_is_judged_without_an_exception()
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["w.bin"] = new byte[8] }.ToFrozenDictionary();
        var original = OnnxSamples.Add(
            initializer: OnnxSamples.Outside("w.bin", "4", "4"),
            attribute: new ProtoWriter().Text(1, "body").Message(6, OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), OnnxSamples.Inside())));
        var change = Gen.Zip(Gen.Choose(0, original.Length - 1), Gen.Choose(0, 255));
        var changes = Gen.Zip(Gen.ArrayOf(change, 3), Gen.Choose(0, original.Length)).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(changes, mutation =>
        {
            var bytes = original.ToArray();
            foreach (var (at, value) in mutation.Item1)
            {
                bytes[at] = (byte)value;
            }

            var cut = mutation.Item2 % 3 == 0 ? bytes[..mutation.Item2] : bytes;
            var summary = OnnxJudge.Judge(cut, Manifest);
            if (summary.Faults.Count == 0)
            {
                // What is put together again has nothing outside any more.
                OnnxWalker.Walk(OnnxInliner.Inline(cut, files)).External.ShouldBeEmpty();
            }
        }));
    }

    [Fact]
    public void Nothing_is_hidden_behind_a_key_that_the_runtime_reads_otherwise()
    {
        // The key of the initializer, with a bit past the 32 that the runtime takes of a key.
        var graph = OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), OnnxSamples.Inside()).ToArray();
        var at = graph.AsSpan().IndexOf([(byte)0x2A, (byte)OnnxSamples.Inside().ToArray().Length, (byte)0x08, (byte)0x01]);
        byte[] hidden = [.. graph[..at], 0xAA, 0x80, 0x80, 0x80, 0x10, .. graph[(at + 1)..]];
        var model = new ProtoWriter().Number(1, 8).Message(8, new ProtoWriter().Text(1, "").Number(2, 17)).Bytes(7, hidden).ToArray();

        OnnxJudge.Judge(model, Manifest).Faults.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Nothing_is_hidden_behind_a_field_of_another_kind(int field)
    {
        // The runtime passes over a number where it expects a text, and keeps the text before it.
        var node = OnnxSamples.Node("EPContext", "com.microsoft", null).Number(field, 0);

        OnnxJudge.Judge(OnnxSamples.Model(OnnxSamples.Graph(node, OnnxSamples.Inside())), Manifest).Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public void Place_of_data_that_is_no_number_is_refused()
    {
        var initializer = new ProtoWriter().Text(8, "w").Bytes(9, BitConverter.GetBytes(1f)).Number(2, 3).Text(14, "");

        OnnxJudge.Judge(OnnxSamples.Add(initializer: initializer), Manifest).Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public void Initializer_that_says_that_its_data_is_inside_is_fine() =>
        OnnxJudge.Judge(OnnxSamples.Add(initializer: OnnxSamples.Inside().Number(14, 0)), Manifest).Faults.ShouldBeEmpty();

    [Fact]
    public void External_data_that_is_not_marked_as_such_is_refused()
    {
        var initializer = OnnxSamples.Inside().Message(13, new ProtoWriter().Text(1, "location").Text(2, "/etc/passwd"));

        OnnxJudge.Judge(OnnxSamples.Add(initializer: initializer), Manifest).Faults.Single().ShouldContain("not marked");
    }

    [Fact]
    public void External_data_without_an_offset_starts_with_its_file()
    {
        var initializer = new ProtoWriter().Text(8, "w").Message(13, new ProtoWriter().Text(1, "location").Text(2, "w.bin")).Number(14, 1);

        OnnxJudge.Judge(OnnxSamples.Add(initializer: initializer), Manifest).External.Single().Offset.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(GraphsThatHideExternalData))]
    public void External_data_is_found_wherever_the_format_has_tensors(string place, byte[] model) =>
        OnnxJudge.Judge(model, Manifest).Faults.ShouldBe(["has external data outside the initializers of its main graph"], place);

    public static TheoryData<string, byte[]> GraphsThatHideExternalData()
    {
        var outside = OnnxSamples.Outside("w.bin");
        var inner = new ProtoWriter().Message(6, OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), outside));
        var function = new ProtoWriter().Text(1, "F").Text(10, "mine").Message(11, new ProtoWriter().Message(5, outside));
        return new()
        {
            { "an initializer of an inner graph", OnnxSamples.Add(attribute: inner) },
            { "the values of a sparse initializer", OnnxSamples.Model(Plain().Message(15, new ProtoWriter().Message(1, outside))) },
            { "the indices of a sparse initializer", OnnxSamples.Model(Plain().Message(15, new ProtoWriter().Message(2, outside))) },
            { "a sparse attribute", OnnxSamples.Add(attribute: new ProtoWriter().Message(22, new ProtoWriter().Message(1, outside))) },
            { "one of several sparse attributes", OnnxSamples.Add(attribute: new ProtoWriter().Message(23, new ProtoWriter().Message(2, outside))) },
            { "what a function's attribute is where none is given", OnnxSamples.WithFunctions(Plain(), function) },
        };
    }

    [Fact]
    public void Second_graph_is_refused()
    {
        // The runtime makes one graph of the two.
        byte[] model = [.. OnnxSamples.Add(), .. new ProtoWriter().Message(7, Plain()).ToArray()];

        OnnxJudge.Judge(model, Manifest).Faults.ShouldBe(["does not hold exactly one graph"]);
    }

    [Fact]
    public void Training_information_is_refused() =>
        OnnxJudge.Judge([.. OnnxSamples.Add(), .. new ProtoWriter().Message(20, new ProtoWriter()).ToArray()], Manifest)
            .Faults.Single().ShouldContain("training");

    [Fact]
    public void Graph_of_more_nodes_than_anybody_serves_is_refused()
    {
        byte[] nodes = [.. Enumerable.Repeat<byte[]>([0x0A, 0x00], 500_000).SelectMany(node => node)];
        byte[] graph = [.. Plain().ToArray(), .. nodes];

        OnnxJudge.Judge(new ProtoWriter().Bytes(7, graph).ToArray(), Manifest).Faults.Single().ShouldContain("more than 500000 nodes");
    }

    [Fact]
    public void Numbers_of_a_fixed_length_and_the_standard_domain_by_its_name_are_fine()
    {
        var attribute = new ProtoWriter().Text(1, "alpha").Fixed(2, [0x0A, 0xFF, 0xFF, 0xFF]).Fixed(100, [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).Number(20, 1);

        OnnxJudge.Judge(OnnxSamples.Add(domain: "ai.onnx", attribute: attribute), Manifest).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Last_of_two_names_counts_as_it_does_for_the_runtime()
    {
        var initializer = new ProtoWriter().Number(1, 1).Number(2, 1).Text(8, "w").Text(8, "x").Bytes(9, BitConverter.GetBytes(1f));

        OnnxJudge.Judge(OnnxSamples.Add(initializer: initializer), Manifest).Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public void Functions_of_the_model_itself_are_no_custom_operators()
    {
        var function = new ProtoWriter().Text(1, "Twice").Text(10, "mine").Message(7, OnnxSamples.Node("Add", "", null));
        var model = new ProtoWriter()
            .Message(7, OnnxSamples.Graph(OnnxSamples.Node("Twice", "mine", null), OnnxSamples.Inside()))
            .Message(25, function)
            .ToArray();

        OnnxJudge.Judge(model, Manifest).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Function_does_not_hide_an_operator_that_reads_files()
    {
        var function = new ProtoWriter().Text(1, "EPContext").Text(10, "com.microsoft").Message(7, OnnxSamples.Node("Add", "", null));
        var model = new ProtoWriter()
            .Message(7, OnnxSamples.Graph(OnnxSamples.Node("EPContext", "com.microsoft", null), OnnxSamples.Inside()))
            .Message(25, function)
            .ToArray();

        OnnxJudge.Judge(model, Manifest).Faults.ShouldBe(["uses the operator 'EPContext', which reads files or runs other code"]);
    }

    [Theory]
    [InlineData("com.microsoft.nchwc")]
    [InlineData("com.ms.internal.nhwc")]
    public void Function_does_not_hide_an_operator_that_the_runtime_keeps_to_itself(string domain)
    {
        // The runtime passes by the function and runs its own operator, which trusts its inputs' layout.
        var function = new ProtoWriter().Text(1, "Conv").Text(10, domain).Message(7, OnnxSamples.Node("Add", "", null));
        var model = new ProtoWriter().Message(7, OnnxSamples.Graph(OnnxSamples.Node("Conv", domain, null), OnnxSamples.Inside())).Message(25, function).ToArray();

        OnnxJudge.Judge(model, Manifest).Faults.Single().ShouldContain($"'{domain}'");
    }

    [Fact]
    public void Custom_operator_inside_a_function_is_refused()
    {
        var function = new ProtoWriter().Text(1, "Twice").Text(10, "mine").Message(7, OnnxSamples.Node("Steal", "other", null));
        var model = new ProtoWriter()
            .Message(7, OnnxSamples.Graph(OnnxSamples.Node("Twice", "mine", null), OnnxSamples.Inside()))
            .Message(25, function)
            .ToArray();

        OnnxJudge.Judge(model, Manifest).Faults.Single().ShouldContain("'Steal'");
    }

    [Fact]
    public void Names_from_a_file_are_shown_without_control_characters() =>
        OnnxJudge.Judge(OnnxSamples.Add(domain: "a\u001b[31mb", type: "X"), Manifest).Faults.Single().ShouldContain("'a?[31mb'");

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("ffffffffffffffffffffff")]
    [InlineData("0a")]
    [InlineData("3a00")]
    public void Rubbish_is_refused(string hex) => OnnxJudge.Judge(Convert.FromHexString(hex), Manifest).Faults.ShouldNotBeEmpty();

    private static ProtoWriter Plain() => OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), OnnxSamples.Inside());

    private static ModelManifest ReadManifest()
    {
        var json = ManifestSamples.Minimal();
        json["files"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse($$"""{ "path": "w.bin", "size": 8, "sha256": "{{ManifestSamples.NoHash}}" }"""));
        ManifestReader.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), "model.json", out var manifest, out _).ShouldBeTrue();
        return manifest!;
    }
}
