using static FuncAiSecure.Core.Tests.Models.TempModels;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Files and folders that have another name elsewhere are not read.</summary>
public sealed class ModelFolderLinkTests : IDisposable
{
    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.json")]
    public async Task Symbolic_link_is_refused_even_to_the_same_bytes(string file)
    {
        var folder = _models.Add();
        var elsewhere = Path.Combine(_models.Root, "elsewhere");
        File.Move(Path.Combine(folder, file), elsewhere);
        File.CreateSymbolicLink(Path.Combine(folder, file), elsewhere);

        (await FaultsAsync(folder)).ShouldBe([$"{file}: is a link"]);
    }

    [Fact]
    public async Task Linked_directories_are_refused()
    {
        var folder = _models.Add(more: new() { ["parts/a.bin"] = [1] });
        Directory.Move(Path.Combine(folder, "parts"), Path.Combine(_models.Root, "parts"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "parts"), Path.Combine(_models.Root, "parts"));
        var linked = Path.Combine(_models.Root, "sum", "2");
        Directory.CreateSymbolicLink(linked, folder);

        (await FaultsAsync(folder)).ShouldBe(["parts: is a link", "parts/a.bin: is missing"]);
        (await FaultsAsync(linked)).ShouldBe([".: is a link"]);
    }

    [Fact]
    public async Task Version_in_a_linked_folder_of_a_model_is_refused()
    {
        var model = Path.GetDirectoryName(_models.Add())!;
        var elsewhere = Path.Combine(_models.Root, "elsewhere");
        Directory.Move(model, elsewhere);
        Directory.CreateSymbolicLink(model, elsewhere);

        (await FaultsAsync(Path.Combine(model, "1"))).ShouldBe([".: is a link"]);
    }

    [Fact]
    public async Task Hard_link_is_refused_where_the_system_shows_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = _models.Add();
        using var process = System.Diagnostics.Process.Start("ln", [Path.Combine(folder, "model.onnx"), Path.Combine(_models.Root, "second-name")]);
        await process.WaitForExitAsync();

        (await FaultsAsync(folder)).ShouldBe(["model.onnx: is a hard link: the file has another name elsewhere"]);
    }
}
