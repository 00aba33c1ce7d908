using System.Security.Cryptography;
using FuncAiSecure.Core.Models.Integrity;
using static FuncAiSecure.Core.Tests.Models.TempModels;

namespace FuncAiSecure.Core.Tests.Models;

public sealed class ModelFolderReaderTests : IDisposable
{
    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Good_folder_is_read_into_memory()
    {
        var folder = _models.Add();

        var result = await ReadAsync(folder);

        result.Faults.ShouldBeEmpty();
        result.Folder!.Model.ToArray().ShouldBe(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        result.Folder.Digest.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.json")))));
        result.Folder.SignedBy.ShouldBeNull();
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.json")]
    public async Task Flipped_byte_is_refused_by_the_files_name(string file)
    {
        var folder = _models.Add();
        TempModels.FlipByte(Path.Combine(folder, file));

        (await FaultsAsync(folder)).ShouldBe([$"{file}: does not have the SHA-256 that the manifest says"]);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.json")]
    [InlineData("model.json")]
    public async Task Missing_file_is_refused_by_its_name(string file)
    {
        var folder = _models.Add();
        File.Delete(Path.Combine(folder, file));

        (await FaultsAsync(folder)).ShouldBe([$"{file}: is missing"]);
    }

    [Theory]
    [InlineData("extra.bin")]
    [InlineData("inner/extra.bin")]
    [InlineData(".hidden")]
    public async Task Extra_file_is_refused_by_its_name(string file)
    {
        var folder = _models.Add();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        File.WriteAllText(Path.Combine(folder, file), "x");

        (await FaultsAsync(folder)).ShouldBe([$"{file}: is not named by the manifest"]);
    }

    [Fact]
    public async Task Longer_file_is_refused_by_its_length()
    {
        var folder = _models.Add();
        var length = new FileInfo(Path.Combine(folder, "model.onnx")).Length;
        File.AppendAllText(Path.Combine(folder, "model.onnx"), "x");

        (await FaultsAsync(folder)).ShouldBe([$"model.onnx: has {length + 1} bytes where the manifest says {length}"]);
    }

    [Fact]
    public async Task Folder_of_another_name_or_version_is_refused()
    {
        var folder = _models.Add();
        var moved = Path.Combine(_models.Root, "other", "2");
        Directory.CreateDirectory(Path.Combine(_models.Root, "other"));
        Directory.Move(folder, moved);

        (await FaultsAsync(moved)).ShouldBe([
            "model.json#/name: is not the name of the folder above the version's",
            "model.json#/version: is not the name of the version's folder",
        ]);
    }

    [Fact]
    public async Task Folder_that_does_not_exist_is_refused() =>
        (await FaultsAsync(Path.Combine(_models.Root, "none", "1"))).ShouldBe([".: does not exist"]);

    [Fact]
    public async Task Bad_manifest_is_refused_with_pointers()
    {
        var folder = _models.Add(change: manifest => manifest["inputs"]![0]!["datatype"] = "FLOAT");

        (await FaultsAsync(folder)).Single().ShouldStartWith("model.json#/inputs/0/datatype: must be one of");
    }

    [Fact]
    public async Task Folder_of_more_entries_than_a_version_has_is_refused()
    {
        var folder = _models.Add();
        for (var count = 0; count < 1022; count++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{count}.bin"), []);
        }

        (await FaultsAsync(folder)).Count.ShouldBe(1022);
        File.WriteAllBytes(Path.Combine(folder, "more.bin"), []);
        (await FaultsAsync(folder)).ShouldContain(".: has more than 1024 entries");
    }

    [Fact]
    public async Task Custom_operators_are_refused_by_name() =>
        (await FaultsAsync(_models.Add(graph: OnnxSamples.Add(domain: "my.ops", type: "Steal"))))
            .ShouldBe(["model.onnx: uses the operator 'Steal' of the domain 'my.ops', which needs a custom-operator library"]);

    [Fact]
    public async Task Operators_that_read_files_are_refused() =>
        (await FaultsAsync(_models.Add(graph: OnnxSamples.Add(domain: "com.microsoft", type: "EPContext"))))
            .ShouldBe(["model.onnx: uses the operator 'EPContext', which reads files or runs other code"]);

    [Fact]
    public async Task Operator_in_a_subgraph_is_found()
    {
        var inner = OnnxSamples.Graph(OnnxSamples.Node("Steal", "my.ops", null), OnnxSamples.Inside());

        var faults = await FaultsAsync(_models.Add(graph: OnnxSamples.Add(attribute: new ProtoWriter().Text(1, "body").Message(6, inner))));

        faults.Single().ShouldContain("'Steal'");
    }

    [Fact]
    public async Task Graphs_nested_without_end_are_refused()
    {
        var graph = OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), OnnxSamples.Inside());
        for (var depth = 0; depth < 40; depth++)
        {
            graph = OnnxSamples.Graph(OnnxSamples.Node("If", "", new ProtoWriter().Message(6, graph)), OnnxSamples.Inside());
        }

        (await FaultsAsync(_models.Add(graph: OnnxSamples.Model(graph)))).ShouldBe(["model.onnx: nests graphs deeper than 32"]);
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public async Task External_data_outside_the_manifest_is_refused(string location) =>
        (await FaultsAsync(_models.Add(graph: OnnxSamples.Add(initializer: OnnxSamples.Outside(location)))))
            .ShouldBe([$"model.onnx: takes external data from '{location}', which the manifest does not name"]);

    [Theory]
    [InlineData("9", null)]
    [InlineData("4", "5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    public async Task External_data_past_the_files_end_is_refused(string offset, string? length)
    {
        var folder = _models.Add(
            graph: OnnxSamples.Add(initializer: OnnxSamples.Outside("w.bin", offset, length)), more: new() { ["w.bin"] = new byte[8] });

        (await FaultsAsync(folder)).ShouldBe(["model.onnx: takes external data past the end of 'w.bin'"]);
    }

    [Theory]
    [InlineData("-1", null)]
    [InlineData("0", "-4")]
    [InlineData("1e2", null)]
    public async Task External_data_with_odd_numbers_is_refused(string offset, string? length)
    {
        var folder = _models.Add(
            graph: OnnxSamples.Add(initializer: OnnxSamples.Outside("w.bin", offset, length)), more: new() { ["w.bin"] = new byte[8] });

        (await FaultsAsync(folder)).Single().ShouldContain("that is no number");
    }

    [Fact]
    public async Task External_data_in_an_attribute_is_refused()
    {
        var graph = OnnxSamples.Add(attribute: new ProtoWriter().Text(1, "value").Message(5, OnnxSamples.Outside("w.bin")));

        (await FaultsAsync(_models.Add(graph: graph, more: new() { ["w.bin"] = new byte[8] })))
            .ShouldBe(["model.onnx: has external data outside the initializers of its main graph"]);
    }

    [Fact]
    public async Task External_data_comes_from_the_hashed_bytes()
    {
        var weights = new byte[8];
        BitConverter.TryWriteBytes(weights.AsSpan(4), 1.5f);
        var graph = OnnxSamples.Add(initializer: OnnxSamples.Outside("w.bin", "4", "4"));

        var result = await ReadAsync(_models.Add(graph: graph, more: new() { ["w.bin"] = weights }));

        result.Faults.ShouldBeEmpty();
        result.Folder!.Model.ToArray().ShouldBe(OnnxSamples.Add());
    }

    [Fact]
    public async Task Graph_and_manifest_that_name_other_tensors_are_refused()
    {
        var folder = _models.Add(change: manifest =>
        {
            manifest["inputs"]![0]!["name"] = "z";
            manifest["outputs"]![0]!["name"] = "q";
        });

        (await FaultsAsync(folder)).ShouldBe([
            "model.onnx: has no input 'z', which the manifest declares",
            "model.onnx: has the input 'x', which the manifest does not declare",
            "model.onnx: has no output 'q', which the manifest declares",
        ]);
    }

    [Fact]
    public async Task Output_that_the_manifest_leaves_out_is_no_fault()
    {
        var graph = OnnxSamples.Graph(OnnxSamples.Node("Add", "", null), OnnxSamples.Inside()).Message(12, new ProtoWriter().Text(1, "more"));

        (await ReadAsync(_models.Add(graph: OnnxSamples.Model(graph)))).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_that_are_no_graph_are_refused() =>
        (await FaultsAsync(_models.Add(graph: [0x3A, 0xFF, 0x01]))).ShouldBe(["model.onnx: ends in the middle of a field"]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"source":"x","absoluteTolerance":1,"relativeTolerance":0,"cases":[]}""")]
    [InlineData("""{"source":"x","absoluteTolerance":0,"relativeTolerance":0,"cases":[{"name":"n","inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1]}],"outputs":[]}]}""")]
    [InlineData("""{"source":"x","absoluteTolerance":0,"relativeTolerance":0,"cases":[{"name":"n","inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":[1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1],"data":[]}]}]}""")]
    public async Task Bad_golden_tests_are_refused(string golden)
    {
        var faults = await FaultsAsync(_models.Add(golden: golden));

        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => fault.StartsWith("golden.json"));
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var folder = _models.Add(more: new() { ["a.bin"] = [1] });
        File.Delete(Path.Combine(folder, "a.bin"));
        File.WriteAllText(Path.Combine(folder, "b.bin"), "");
        TempModels.FlipByte(Path.Combine(folder, "model.onnx"));

        (await FaultsAsync(folder, ModelTrust.Create([], requireSigned: true))).Count.ShouldBe(4);
    }
}
