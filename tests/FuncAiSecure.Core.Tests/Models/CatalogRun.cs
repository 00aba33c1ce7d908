using System.Globalization;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Models.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>A catalog over a models directory of its own.</summary>
internal sealed class CatalogRun : IDisposable
{
    private static readonly GoldenTensor Two = new() { Name = "x", Datatype = Datatype.Fp32, Shape = [1, 1], Numbers = [2] };

    public CatalogRun(IPromotionStore? store = null, int budgetMiB = 4096, TimeProvider? time = null)
    {
        Store = store ?? new InMemoryPromotionStore();
        Promoter = new ModelPromoter(Store, TimeProvider.System);
        Loader = new ModelLoader(Runtime, ModelTrust.Unsigned, budgetMiB);
        Catalog = new ModelCatalog(
            Options.Create(new ModelOptions { Directory = Models.Root, MemoryBudgetMiB = budgetMiB, LoadTimeout = TimeSpan.FromMinutes(30) }),
            Loader,
            Store,
            time ?? new PatientTime(),
            Log,
            directory => Scan(directory));
    }

    public static PrincipalId Anna { get; } = Id("anna");

    public TempModels Models { get; } = new();

    public FakeRuntime Runtime { get; } = new();

    public IPromotionStore Store { get; }

    /// <summary>How the catalog looks at its directory.</summary>
    public Func<string, DirectoryScan?> Scan { get; set; } = ModelDirectory.TryScan;

    /// <summary>What the catalog wrote to its log.</summary>
    public LogLines<ModelCatalog> Log { get; } = new();

    public ModelPromoter Promoter { get; }

    public ModelLoader Loader { get; }

    public ModelCatalog Catalog { get; }

    public static PrincipalId Id(string name) => PrincipalId.TryParse(name, out var id) ? id : throw new ArgumentException(name);

    /// <summary>A good version that adds <paramref name="weight"/>; its golden test expects <paramref name="expected"/> of 2.</summary>
    public string AddVersion(int version, float weight = 1.5f, float? expected = null, bool preload = false, string name = "sum") => Models.Add(
        name,
        version,
        OnnxSamples.Add(initializer: OnnxSamples.Inside(weight)),
        TempModels.Golden.Replace("3.5", (expected ?? (2 + weight)).ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal),
        manifest => manifest["preload"] = preload);

    public async Task PromoteAsync(int version, int percent = 100, string name = "sum")
    {
        (await Promoter.PromoteAsync(name, version, percent, Anna, CancellationToken.None)).Refusal.ShouldBeNull();
        await RefreshAsync();
    }

    public Task RefreshAsync() => Catalog.RefreshAsync(CancellationToken.None);

    /// <summary>What the model makes of 2, and the version that answered; or the refusal.</summary>
    public async Task<(double Answer, int Version, RefusalCode? Refusal)> AskAsync(int? version = null, PrincipalId? principal = null, string name = "sum")
    {
        using var lease = Catalog.Resolve(name, version, principal ?? Anna, out var refusal);
        if (lease is null)
        {
            return (0, 0, refusal!.Code);
        }

        var (model, refused) = await lease.GetModelAsync(CancellationToken.None);
        return model is null ? (0, 0, refused!.Code) : ((await model.RunAsync([Two], CancellationToken.None))[0].Numbers[0], lease.Version, null);
    }

    public ModelStatus Status(int version = 1, string name = "sum") =>
        Catalog.List().Single(status => status.Name == name && status.Version == version);

    public void Dispose()
    {
        Catalog.Dispose();
        Models.Dispose();
    }
}

/// <summary>The clock without its timers: a machine that stands still for a while makes no version slow.</summary>
internal sealed class PatientTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}

/// <summary>A log's lines.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly List<(int Event, string Text)> _lines = [];

    /// <summary>Those of an event so far: what is loaded beside may write meanwhile.</summary>
    public IReadOnlyList<string> Of(int id)
    {
        lock (_lines)
        {
            return [.. _lines.Where(line => line.Event == id).Select(line => line.Text)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((eventId.Id, formatter(state, exception)));
        }
    }
}
