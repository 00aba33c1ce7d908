using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Onnx;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>What the runtime would follow by recursion, or make more of, is bounded before it sees the graph.</summary>
public sealed class OnnxDepthTests
{
    private static readonly ModelManifest Manifest = OnnxJudgeTests.Manifest;

    [Theory]
    [InlineData(14, 2, true)]
    [InlineData(40, 2, false)]
    [InlineData(70, 2, false)]
    [InlineData(100, 1, true)]
    [InlineData(101, 1, false)]
    public void Functions_are_counted_as_the_nodes_that_they_become(int functions, int calls, bool isFine)
    {
        // Read back to front, so that no function is known before those that call it.
        var bodies = Enumerable.Range(0, functions).Reverse().Select(index => Calling($"F{index}", [.. Enumerable.Repeat(index + 1 < functions ? $"F{index + 1}" : "", calls)]));

        OnnxJudge.Judge(OnnxSamples.WithFunctions("F0", [.. bodies]), Manifest).Faults.Count.ShouldBe(isFine ? 0 : 1);
    }

    [Fact]
    public void Functions_are_judged_once_however_many_ways_lead_to_them()
    {
        // Each calls both of the next rank: as many ways through them as no judge could walk.
        var bodies = Enumerable.Range(0, 80).Select(index => Calling($"F{index}", index < 78 ? [$"F{(index & ~1) + 2}", $"F{(index & ~1) + 3}"] : [""]));

        OnnxJudge.Judge(OnnxSamples.WithFunctions("F0", [.. bodies]), Manifest).Faults.Single().ShouldContain("nodes");
    }

    [Fact]
    public void Function_of_the_standard_domain_is_found_under_both_of_its_names()
    {
        var function = new ProtoWriter().Text(1, "Swell").Text(10, "ai.onnx");
        for (var count = 0; count < 20_000; count++)
        {
            function.Message(7, OnnxSamples.Node("Add", "", null));
        }

        var graph = OnnxSamples.Graph(OnnxSamples.Node("Swell", "", null), OnnxSamples.Inside());
        for (var count = 0; count < 20_000; count++)
        {
            graph.Message(1, OnnxSamples.Node("Swell", "", null));
        }

        OnnxJudge.Judge(OnnxSamples.WithFunctions(graph, function), Manifest).Faults.Single().ShouldContain("nodes");
    }

    [Fact]
    public void Functions_before_the_graph_count_as_those_after_it()
    {
        var bodies = Enumerable.Range(0, 40).Select(index => Calling($"F{index}", index < 39 ? [$"F{index + 1}", $"F{index + 1}"] : [""]));
        var functions = OnnxSamples.WithFunctions(new ProtoWriter(), [.. bodies])[2..];

        OnnxJudge.Judge([.. functions, .. OnnxSamples.WithFunctions("F0")], Manifest).Faults.Single().ShouldContain("nodes");
    }

    [Fact]
    public void Functions_that_call_each_other_in_a_circle_are_refused() =>
        OnnxJudge.Judge(OnnxSamples.WithFunctions("F", Calling("F", "G"), Calling("G", "F")), Manifest).Faults.Single().ShouldContain("deeper");

    [Fact]
    public void Depth_of_calls_does_not_hang_on_who_is_called_first()
    {
        // Each call of the graph goes thirty functions deeper than the one before it.
        var bodies = Enumerable.Range(0, 300).Select(index => Calling($"F{index}", index < 299 ? $"F{index + 1}" : "", ""));
        var graph = OnnxSamples.Graph(OnnxSamples.Node("F290", "mine", null), OnnxSamples.Inside());
        for (var first = 260; first >= 0; first -= 30)
        {
            graph.Message(1, OnnxSamples.Node($"F{first}", "mine", null));
        }

        OnnxJudge.Judge(OnnxSamples.WithFunctions(graph, [.. bodies]), Manifest).Faults.Single().ShouldContain("deeper");
    }

    [Fact]
    public void Graphs_within_functions_count_as_deep_as_calls()
    {
        // Eleven functions, each of which calls the next one ten graphs deep, and again at its top.
        var bodies = Enumerable.Range(0, 11).Select(index =>
        {
            var node = OnnxSamples.Node($"F{index + 1}", "mine", null);
            for (var depth = 0; depth < 10; depth++)
            {
                node = OnnxSamples.Node("If", "", new ProtoWriter().Message(6, new ProtoWriter().Message(1, node)));
            }

            var shallow = OnnxSamples.Node($"F{index + 1}", "mine", null);
            return new ProtoWriter().Text(1, $"F{index}").Text(10, "mine").Message(7, node).Message(7, shallow);
        });

        OnnxJudge.Judge(OnnxSamples.WithFunctions("F0", [.. bodies, Calling("F11", "")]), Manifest).Faults.Single().ShouldContain("deeper");
    }

    [Theory]
    [InlineData(900, "truenodeids", false, true)]
    [InlineData(900, "falsenodeids", true, true)]
    [InlineData(1100, "truenodeids", false, false)]
    [InlineData(1100, "falsenodeids", true, false)]
    public void Trees_that_the_runtime_could_not_put_together_are_refused(int branches, string side, bool packed, bool isFine)
    {
        // Each branch has a leaf on one side and the next branch on the other; the ids of leaves' children mean nothing.
        var all = Enumerable.Range(0, (2 * branches) + 1).ToArray();
        var down = all.Select(id => id < branches ? id + 1 : 0);
        var aside = all.Select(id => id < branches ? branches + 1 + id : 0);
        var node = OnnxSamples.Node("TreeEnsembleRegressor", "ai.onnx.ml", Ints("nodes_treeids", all.Select(_ => 0), packed))
            .Message(5, Ints("nodes_nodeids", all, packed))
            .Message(5, Ints("nodes_" + side, down, packed))
            .Message(5, Ints(side == "truenodeids" ? "nodes_falsenodeids" : "nodes_truenodeids", aside, packed))
            .Message(5, all.Aggregate(new ProtoWriter().Text(1, "nodes_modes"), (modes, id) => modes.Text(9, id < branches ? "BRANCH_LEQ" : "LEAF")));

        OnnxJudge.Judge(OnnxSamples.Model(OnnxSamples.Graph(node, OnnxSamples.Inside())), Manifest).Faults
            .ShouldBe(isFine ? [] : ["has trees deeper than 1000"]);
    }

    [Fact]
    public void Trees_of_the_newer_operator_are_as_deep_as_theirs()
    {
        var all = Enumerable.Range(0, 1100).ToArray();
        var node = OnnxSamples.Node("TreeEnsemble", "ai.onnx.ml", Ints("nodes_truenodeids", all.Select(id => id + 1), packed: false))
            .Message(5, Ints("nodes_trueleafs", all.Select(id => id == 1099 ? 1 : 0), packed: false))
            .Message(5, Ints("nodes_falsenodeids", all.Select(_ => 0), packed: false))
            .Message(5, Ints("nodes_falseleafs", all.Select(_ => 1), packed: false));

        OnnxJudge.Judge(OnnxSamples.Model(OnnxSamples.Graph(node, OnnxSamples.Inside())), Manifest).Faults.ShouldBe(["has trees deeper than 1000"]);
    }

    [Fact]
    public void Tree_whose_branches_are_an_argument_of_its_function_is_refused()
    {
        var node = OnnxSamples.Node("TreeEnsembleRegressor", "ai.onnx.ml", new ProtoWriter().Text(1, "nodes_truenodeids").Text(21, "branches"));
        var function = new ProtoWriter().Text(1, "F").Text(6, "branches").Text(10, "mine").Message(7, node);

        OnnxJudge.Judge(OnnxSamples.WithFunctions("F", function), Manifest).Faults.Single().ShouldContain("from outside");
    }

    [Fact]
    public void Tree_with_an_attribute_twice_is_refused()
    {
        var node = OnnxSamples.Node("TreeEnsembleClassifier", "ai.onnx.ml", Ints("nodes_nodeids", [0], packed: false))
            .Message(5, Ints("nodes_nodeids", [0], packed: false));

        OnnxJudge.Judge(OnnxSamples.Model(OnnxSamples.Graph(node, OnnxSamples.Inside())), Manifest).Faults.Single().ShouldContain("twice");
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Longest_n_grams_are_not_too_long_for_the_runtime(int length, bool isFine)
    {
        var node = OnnxSamples.Node("TfIdfVectorizer", "", Ints("ngram_counts", Enumerable.Repeat(0, length), packed: false));

        OnnxJudge.Judge(OnnxSamples.Model(OnnxSamples.Graph(node, OnnxSamples.Inside())), Manifest).Faults.ShouldBe(isFine ? [] : ["has n-grams longer than 1000"]);
    }

    // A function of nodes that each call another, or stand for the runtime's Add where that has no name.
    private static ProtoWriter Calling(string name, params string[] called)
    {
        var function = new ProtoWriter().Text(1, name).Text(10, "mine");
        foreach (var other in called)
        {
            function.Message(7, OnnxSamples.Node(other.Length > 0 ? other : "Add", other.Length > 0 ? "mine" : "", null));
        }

        return function;
    }

    // Numbers of an attribute, each with its key or all behind one.
    private static ProtoWriter Ints(string name, IEnumerable<int> values, bool packed)
    {
        var attribute = new ProtoWriter().Text(1, name);
        return packed
            ? attribute.Bytes(8, [.. values.SelectMany(value => value < 0x80 ? new[] { (byte)value } : [(byte)(value | 0x80), (byte)(value >> 7)])])
            : values.Aggregate(attribute, (all, value) => all.Number(8, (ulong)value));
    }
}
