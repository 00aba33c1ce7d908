using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Logistic regression over the worst window of a text, learnt by AdaGrad. A text's window is chosen by the model itself: an attack
/// needs one bad window, a harmless text may have none. Deterministic for a seed.
/// </summary>
internal sealed class LinearModel
{
    private const int WordEnd = 1 << 18;
    private const int LetterEnd = WordEnd + (1 << 17);
    private readonly float[] _squares = new float[PromptFeatures.Slots];
    private float _biasSquares = 1e-6f;

    public float[] Weights { get; } = new float[PromptFeatures.Slots];

    public float Bias { get; private set; } = -1;

    public static LinearModel Train(IReadOnlyList<Example> examples, TrainingSettings settings)
    {
        LinearModel model = new() { WindowCost = settings.WindowCost };
        bool[] known = KnownSlots(examples, settings.LeastTexts);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        SplitMix random = new(settings.Seed);
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = (int)(random.Next() % (ulong)(i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }

            foreach (int index in order)
            {
                model.Learn(examples[index], known, settings, epoch);
            }
        }

        return model;
    }

    public float WindowCost { get; private init; }

    /// <summary>The view of an example and the words of it that look worst, with their score.</summary>
    public (float Score, int View, int From, int To) Place(Example example)
    {
        (float Score, int View, int From, int To) place = (float.NegativeInfinity, 0, 0, 0);
        for (int i = 0; i < example.Views.Count; i++)
        {
            (float score, int from, int to) = Worst(example.Views[i]);
            place = score > place.Score ? (score, i, from, to) : place;
        }

        return place;
    }

    /// <summary>The words of a view that look worst, with their score without the bias and less what many windows cost.</summary>
    public (float Score, int From, int To) Worst(View view)
    {
        Chooser chooser = new(this, view);
        PromptWindows.ForEach(view.Starts.Length - 1, ref chooser);
        (float score, int from, int to) = chooser.Best;
        return (score - (WindowCost * MathF.Log(PromptWindows.Count(view.Starts.Length - 1))), from, to);
    }

    /// <summary>The graph's inputs for a whole view as one window, and their logit without the bias.</summary>
    public (int[] Slots, float[] Values, float Logit) AsInputs(View view)
    {
        Span<int> counts = stackalloc int[PromptFeatures.Blocks];
        float logit = Sum(view, 0, view.Slots.Length, counts);
        float[] scales = [Scale(counts[0]), Scale(counts[1]), Scale(counts[2])];
        return (view.Slots, [.. view.Slots.Select(slot => scales[BlockOf(slot)])], logit);
    }

    /// <summary>Slots of features that fewer texts have are noise of single sources.</summary>
    private static bool[] KnownSlots(IReadOnlyList<Example> examples, int least)
    {
        int[] texts = new int[PromptFeatures.Slots], last = new int[PromptFeatures.Slots];
        for (int i = 0; i < examples.Count; i++)
        {
            foreach (View view in examples[i].Views)
            {
                foreach (int slot in view.Slots)
                {
                    if (last[slot] != i + 1)
                    {
                        (last[slot], texts[slot]) = (i + 1, texts[slot] + 1);
                    }
                }
            }
        }

        return [.. texts.Select(count => count >= least)];
    }

    private static int BlockOf(int slot) => slot < WordEnd ? 0 : slot < LetterEnd ? 1 : 2;

    private void Learn(Example example, bool[] known, TrainingSettings settings, int epoch)
    {
        (float Score, int From, int To) best = (float.NegativeInfinity, 0, 0);
        View? chosen = null;
        foreach (View view in example.Views)
        {
            // The first round learns from whole texts, so that the choice of windows starts from something.
            (float Score, int From, int To) worst = epoch == 0 ? (0, 0, view.Starts.Length - 1) : Worst(view);
            if (chosen is null || worst.Score > best.Score)
            {
                (best, chosen) = (worst, view);
            }
        }

        if (chosen is null)
        {
            return;
        }

        Span<int> counts = stackalloc int[PromptFeatures.Blocks];
        int first = chosen.Starts[best.From], last = chosen.Starts[best.To];
        float score = Sum(chosen, first, last, counts) + Bias - (WindowCost * MathF.Log(PromptWindows.Count(chosen.Starts.Length - 1)));
        float gradient = ((1 / (1 + MathF.Exp(-score))) - (example.IsAttack ? 1 : 0)) * example.Weight * (example.IsAttack ? settings.AttackWeight : 1);
        if (MathF.Abs(gradient) < 1e-4f)
        {
            return;
        }

        Span<float> scale = [Scale(counts[0]), Scale(counts[1]), Scale(counts[2])];
        for (int i = first; i < last; i++)
        {
            int slot = chosen.Slots[i];
            if (known[slot])
            {
                float g = (gradient * scale[BlockOf(slot)]) + (settings.Decay * Weights[slot]);
                _squares[slot] += g * g;
                Weights[slot] -= settings.Rate * g / (MathF.Sqrt(_squares[slot]) + settings.Damping);
            }
        }

        _biasSquares += gradient * gradient;
        Bias -= settings.Rate * 0.2f * gradient / MathF.Sqrt(_biasSquares);
    }

    private static float Scale(int count) => 1 / MathF.Sqrt(Math.Max(count, PromptClassifier.LeastFeatures));

    private float Sum(View view, int first, int last, Span<int> counts)
    {
        counts.Clear();
        Span<float> sums = stackalloc float[PromptFeatures.Blocks];
        sums.Clear();
        for (int i = first; i < last; i++)
        {
            int block = BlockOf(view.Slots[i]);
            sums[block] += Weights[view.Slots[i]];
            counts[block]++;
        }

        return (sums[0] * Scale(counts[0])) + (sums[1] * Scale(counts[1])) + (sums[2] * Scale(counts[2]));
    }

    private struct Chooser : IWindowVisitor
    {
        private readonly float[] _sums;
        private readonly int[] _counts;

        public Chooser(LinearModel model, View view)
        {
            int tokens = view.Starts.Length - 1;
            _sums = new float[(tokens + 1) * 3];
            _counts = new int[(tokens + 1) * 3];
            for (int token = 0; token < tokens; token++)
            {
                int at = (token + 1) * 3;
                for (int block = 0; block < 3; block++)
                {
                    _sums[at + block] = _sums[at - 3 + block];
                    _counts[at + block] = _counts[at - 3 + block];
                }

                for (int i = view.Starts[token]; i < view.Starts[token + 1]; i++)
                {
                    int block = BlockOf(view.Slots[i]);
                    _sums[at + block] += model.Weights[view.Slots[i]];
                    _counts[at + block]++;
                }
            }

            Best = (float.NegativeInfinity, 0, 0);
        }

        public (float Score, int From, int To) Best { get; private set; }

        public void Visit(int from, int to)
        {
            float score = 0;
            for (int block = 0; block < 3; block++)
            {
                score += (_sums[(to * 3) + block] - _sums[(from * 3) + block]) * Scale(_counts[(to * 3) + block] - _counts[(from * 3) + block]);
            }

            if (score > Best.Score)
            {
                Best = (score, from, to);
            }
        }
    }
}

/// <summary>How to learn.</summary>
internal sealed record TrainingSettings
{
    public int Epochs { get; init; } = 6;

    public float Rate { get; init; } = 0.25f;

    public float Damping { get; init; } = 0.05f;

    public float Decay { get; init; } = 1e-5f;

    public float AttackWeight { get; init; } = 1.5f;

    /// <summary>What a text's score loses with the logarithm of its number of windows: many windows are many chances.</summary>
    public float WindowCost { get; init; } = 0.03f;

    public int LeastTexts { get; init; } = 3;

    /// <summary>Examples drawn from a sentence template.</summary>
    public int PerSentence { get; init; } = 16;

    /// <summary>Weight of an example of our own.</summary>
    public float OwnWeight { get; init; } = 0.5f;

    /// <summary>What of that weight orders planted in content have, and content without them.</summary>
    public float PlantedShare { get; init; } = 0.3f;

    /// <summary>What of that weight other languages than English have.</summary>
    public float OtherLanguagesShare { get; init; } = 0.3f;

    /// <summary>The network's part of the sum.</summary>
    public float WordShare { get; init; } = 0.5f;

    public int WordEpochs { get; init; } = 4;

    public float WordRate { get; init; } = 1e-3f;

    /// <summary>What the network knows of words before it learns.</summary>
    public required WordVectors Vectors { get; init; }

    public ulong Seed { get; init; } = 20261122;

    /// <summary>The same with the settings that are given as Name=value; the others of <paramref name="arguments"/> do not count.</summary>
    public TrainingSettings With(IEnumerable<string> arguments)
    {
        TrainingSettings changed = this with { };
        foreach (string[] pair in arguments.Select(a => a.Split('=')).Where(a => a.Length == 2))
        {
            System.Reflection.PropertyInfo property = typeof(TrainingSettings).GetProperty(pair[0]) ?? throw new ArgumentException($"There is no setting {pair[0]}.");
            property.SetValue(changed, Convert.ChangeType(pair[1], property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
        }

        return changed;
    }
}

/// <summary>A small random sequence that is the same everywhere (SplitMix64).</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
