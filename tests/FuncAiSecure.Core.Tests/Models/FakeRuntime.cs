using System.Collections.Concurrent;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>A runtime for the graphs of <see cref="OnnxSamples"/>: adds the last four bytes of the weight, and fails whoever uses what was disposed.</summary>
internal sealed class FakeRuntime : IModelRuntime
{
    public ConcurrentBag<FakeModel> Loaded { get; } = [];

    /// <summary>Runs before each load; may wait or throw.</summary>
    public Func<ModelFolder, CancellationToken, Task> OnLoad { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Sees each run before it, with the number of the model's runs before; may throw.</summary>
    public Action<int> OnRun { get; set; } = _ => { };

    /// <summary>Runs while a model is disposed.</summary>
    public Action<FakeModel> OnDispose { get; set; } = _ => { };

    public long MemoryBytes { get; set; } = 1 << 20;

    public async Task<ILoadedModel> LoadAsync(ModelFolder folder, CancellationToken cancellation)
    {
        await OnLoad(folder, cancellation);
        var model = new FakeModel(folder, MemoryBytes, this);
        Loaded.Add(model);
        return model;
    }
}

internal sealed class FakeModel(ModelFolder folder, long memoryBytes, FakeRuntime runtime) : ILoadedModel
{
    private readonly float _weight = Weight(folder.Model.Span);
    private int _running;
    private int _runs;

    public ModelManifest Manifest => folder.Manifest;

    public long MemoryBytes => memoryBytes;

    public bool IsDisposed { get; private set; }

    public async Task<IReadOnlyList<GoldenTensor>> RunAsync(IReadOnlyList<GoldenTensor> inputs, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        runtime.OnRun(_runs++);
        Interlocked.Increment(ref _running);
        await Task.Yield();
        Interlocked.Decrement(ref _running);
        return [inputs[0] with { Name = "y", Numbers = [.. inputs[0].Numbers.Select(number => number + _weight)] }];
    }

    public ValueTask DisposeAsync()
    {
        _running.ShouldBe(0);
        IsDisposed.ShouldBeFalse();
        IsDisposed = true;
        runtime.OnDispose(this);
        return ValueTask.CompletedTask;
    }

    // The raw data of the weight comes right before the graph's input, field 11.
    private static float Weight(ReadOnlySpan<byte> model)
    {
        var at = model.IndexOf((byte)'w') < 0 ? 0 : model.LastIndexOf("\u0001wJ\u0004"u8);
        return BitConverter.ToSingle(model[(at + 4)..]);
    }
}
