using FuncAiSecure.Benchmarks;
using FuncAiSecure.Benchmarks.Http;

if (args is ["wrap", var onnxFolder, var modelsFolder])
{
    ModelWrapper.Wrap(onnxFolder, modelsFolder);
    return 0;
}

if (args is [StartBenchmark.BareArgument])
{
    await BareEndpoint.ServeWineAsync();
    return 0;
}

// dotnet run -c Release -- CASE… [--out FOLDER]: each case prints a Markdown report, or writes FOLDER/CASE.md.
var cases = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

var arguments = args.ToList();
string? folder = null;
if (arguments.IndexOf("--out") is var at and >= 0 && at + 1 < arguments.Count)
{
    folder = arguments[at + 1];
    arguments.RemoveRange(at, 2);
}

var chosen = cases.Where(benchmark => arguments.Contains(benchmark.Name)).ToList();
if (arguments.Count == 0 || chosen.Count != arguments.Count)
{
    Console.Error.WriteLine("usage: eng/bench.sh CASE... [--out FOLDER]");
    Console.Error.WriteLine("       eng/bench.sh wrap ONNX_FOLDER MODELS_FOLDER   makes model folders of another program's ONNX files");
    foreach (var benchmark in cases)
    {
        Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.Purpose}");
    }

    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

foreach (var benchmark in chosen)
{
    var report = new Report(benchmark.Purpose);
    await benchmark.RunAsync(report, stop.Token);
    if (folder is null)
    {
        Console.WriteLine(report.ToMarkdown());
    }
    else
    {
        Directory.CreateDirectory(folder);
        await report.SaveAsync(Path.Combine(folder, benchmark.Name + ".md"), stop.Token);
    }
}

return 0;
