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
    private static readonly ModelManifest Manifest = ReadManifest();

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

    private static ModelManifest ReadManifest()
    {
        var json = ManifestSamples.Minimal();
        json["files"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse($$"""{ "path": "w.bin", "size": 8, "sha256": "{{ManifestSamples.NoHash}}" }"""));
        ManifestReader.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), "model.json", out var manifest, out _).ShouldBeTrue();
        return manifest!;
    }
}
