using FuncAiSecure.Benchmarks.Inference;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>An input of a model as the attack sees it.</summary>
/// <param name="Features">What a substitute is trained on.</param>
/// <param name="Sketch">What the budget notes of it.</param>
/// <param name="Scores">The model's answer, before any policy.</param>
internal sealed record Query(IReadOnlyList<Feature> Features, ulong Sketch, float[] Scores);

/// <summary>A model of this repository under attack, with inputs of three kinds.</summary>
internal abstract class Victim(OnnxModel model) : IAsyncDisposable
{
    public OnnxModel Model { get; } = model;

    public abstract int Features { get; }

    public abstract int Epochs { get; }

    /// <summary>Numbers of queries after which agreement is measured.</summary>
    public abstract IReadOnlyList<int> Marks { get; }

    /// <summary>Inputs as honest callers send them.</summary>
    public abstract Task<IReadOnlyList<Query>> HonestAsync(int count, Chance chance);

    /// <summary>Inputs made without knowledge of honest ones.</summary>
    public abstract Task<IReadOnlyList<Query>> RandomAsync(int count, Chance chance);

    /// <summary>Inputs between honest ones, near which boundaries lie; without answers, which <see cref="AskAsync"/> gives.</summary>
    public abstract IReadOnlyList<(IReadOnlyList<Feature> Features, object Input)> Between(int count, Chance chance);

    /// <summary>Answers to inputs of <see cref="Between"/>.</summary>
    public abstract Task<IReadOnlyList<Query>> AskAsync(IReadOnlyList<object> inputs);

    public async ValueTask DisposeAsync() => await Model.DisposeAsync();

    protected static async Task<OnnxModel> LoadAsync(OnnxModelRuntime runtime, string name)
    {
        var read = await ModelFolderReader.ReadAsync(Path.Combine(Repository.Root, "models", name, "1"), ModelTrust.Unsigned, CancellationToken.None);
        return (OnnxModel)await runtime.LoadAsync(read.Folder!, CancellationToken.None);
    }
}

/// <summary>77 intents of bank customers. The substitute sees words and pairs of words, hashed.</summary>
internal sealed class BankVictim : Victim
{
    private const int Buckets = 1 << 13;
    private const int Batch = 32;

    private BankVictim(OnnxModel model)
        : base(model)
    {
    }

    public override IReadOnlyList<int> Marks => [100, 300, 1_000, 3_000, 10_000];

    public override int Features => Buckets;

    public override int Epochs => 12;

    public static async Task<Victim> MakeAsync(OnnxModelRuntime runtime) => new BankVictim(await LoadAsync(runtime, "banking77"));

    public override Task<IReadOnlyList<Query>> HonestAsync(int count, Chance chance) =>
        AskAsync([.. Enumerable.Range(0, count).Select(_ => Questions.Honest(chance))]);

    public override Task<IReadOnlyList<Query>> RandomAsync(int count, Chance chance) =>
        AskAsync([.. Enumerable.Range(0, count).Select(_ => Questions.Random(chance))]);

    public override IReadOnlyList<(IReadOnlyList<Feature> Features, object Input)> Between(int count, Chance chance) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Questions.Between(Questions.Honest(chance), Questions.Honest(chance), chance))
            .Select(text => (FeaturesOf(text), (object)text)),
    ];

    public override async Task<IReadOnlyList<Query>> AskAsync(IReadOnlyList<object> inputs)
    {
        var answered = new List<Query>();
        foreach (var texts in inputs.Cast<string>().Chunk(Batch))
        {
            var outcome = await InferenceEngine.ClassifyAsync(Model, new TextInput(texts), null, BenchModel.Principal("a"), CancellationToken.None);
            answered.AddRange(outcome.Items.Select((item, i) => new Query(FeaturesOf(texts[i]), InputSketch.Of(texts[i]), item.Probabilities)));
        }

        return answered;
    }

    /// <summary>What the substitute sees of a text.</summary>
    public static Feature[] FeaturesOf(string text)
    {
        var words = text.ToLowerInvariant().Split([' ', ',', '.', '?', ':', '-'], StringSplitOptions.RemoveEmptyEntries);
        var tokens = words.Concat(words.Zip(words.Skip(1), (left, right) => left + " " + right)).Distinct().ToArray();
        return [.. tokens.Select(token => new Feature((int)(Hash(token) % Buckets), 1 / MathF.Sqrt(tokens.Length)))];
    }

    private static uint Hash(string token) => token.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619);
}

/// <summary>Thirteen measurements of a wine. The substitute sees them standardised.</summary>
internal sealed class WineVictim : Victim
{
    // Mean and deviation of each measurement over the public data set.
    private static readonly float[] Means = [13.0f, 2.34f, 2.37f, 19.5f, 99.7f, 2.30f, 2.03f, 0.362f, 1.59f, 5.06f, 0.957f, 2.61f, 747];
    private static readonly float[] Spreads = [0.81f, 1.12f, 0.274f, 3.34f, 14.3f, 0.626f, 0.999f, 0.124f, 0.572f, 2.32f, 0.229f, 0.71f, 315];

    // A wine of each grower, from the model's golden cases.
    private static readonly float[][] Centres =
    [
        [14.23f, 1.71f, 2.43f, 15.6f, 127, 2.8f, 3.06f, 0.28f, 2.29f, 5.64f, 1.04f, 3.92f, 1065],
        [12, 0.92f, 2, 19, 86, 2.42f, 2.26f, 0.3f, 1.43f, 2.5f, 1.38f, 3.12f, 278],
        [12.36f, 3.83f, 2.38f, 21, 88, 2.3f, 0.92f, 0.5f, 1.04f, 7.65f, 0.56f, 1.58f, 520],
    ];

    private WineVictim(OnnxModel model)
        : base(model)
    {
    }

    public override IReadOnlyList<int> Marks => [10, 30, 100, 300, 1_000, 3_000, 10_000];

    public override int Features => Means.Length + 1;

    public override int Epochs => 30;

    public static async Task<Victim> MakeAsync(OnnxModelRuntime runtime) => new WineVictim(await LoadAsync(runtime, "wine"));

    public override Task<IReadOnlyList<Query>> HonestAsync(int count, Chance chance) => AskAsync([.. Enumerable.Range(0, count).Select(_ => Wine(chance))]);

    public override Task<IReadOnlyList<Query>> RandomAsync(int count, Chance chance) => AskAsync(
        [.. Enumerable.Range(0, count).Select(_ => Means.Select((mean, i) => Math.Max(0, mean + (Spreads[i] * 6 * ((float)chance.Uniform() - 0.5f)))).ToArray())]);

    public override IReadOnlyList<(IReadOnlyList<Feature> Features, object Input)> Between(int count, Chance chance) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var (one, other, cut) = (Wine(chance), Wine(chance), (float)chance.Uniform());
            var row = one.Zip(other, (left, right) => (cut * left) + ((1 - cut) * right)).ToArray();
            return ((IReadOnlyList<Feature>)FeaturesOf(row), (object)row);
        }),
    ];

    public override async Task<IReadOnlyList<Query>> AskAsync(IReadOnlyList<object> inputs)
    {
        var answered = new List<Query>();
        foreach (var rows in inputs.Cast<float[]>().Chunk(256))
        {
            var tensor = Tensor.Rent("measurements", Datatype.Fp32, [rows.Length, Means.Length]);
            rows.SelectMany(row => row).ToArray().CopyTo(tensor.Elements<float>());
            using var request = new InferRequest([tensor]);
            using var outcome = await InferenceEngine.InferAsync(Model, request, BenchModel.Principal("a"), CancellationToken.None);
            var scores = outcome.Outputs[0].Elements<float>().ToArray();
            answered.AddRange(rows.Select((row, i) => new Query(FeaturesOf(row), InputSketch.Of(row), scores[(3 * i)..((3 * i) + 3)])));
        }

        return answered;
    }

    private static float[] Wine(Chance chance)
    {
        var centre = Centres[(int)(chance.Uniform() * Centres.Length)];
        return [.. centre.Select((value, i) => Math.Max(0, value + (0.7f * Spreads[i] * (float)chance.Normal())))];
    }

    private static Feature[] FeaturesOf(float[] row) =>
        [.. row.Select((value, i) => new Feature(i, (value - Means[i]) / Spreads[i])), new Feature(row.Length, 1)];
}
