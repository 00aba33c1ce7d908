using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>The classifier's two parts: the linear one chooses a place in the text, the network judges the words around it; their logits add up.</summary>
/// <param name="Linear">The part that chooses the place; its own bias is within <paramref name="Bias"/>.</param>
/// <param name="Network">The part that judges the words around the place.</param>
/// <param name="Bias">The sum of both parts' biases.</param>
internal sealed record GuardModel(LinearModel Linear, WordNetwork Network, float Bias)
{
    /// <summary>Both parts from the same examples, the linear one first.</summary>
    public static GuardModel Train(IReadOnlyList<Example> examples, TrainingSettings settings)
    {
        LinearModel linear = LinearModel.Train(examples, settings);
        List<(MeantWord[], bool, float)> stretches = [];
        foreach (Example example in examples.Where(e => e.Views.Count > 0))
        {
            (_, int view, int from, int to) = linear.Place(example);
            float weight = example.Weight * (example.IsAttack ? settings.AttackWeight : 1);
            stretches.Add((Stretch(example.Views[view], from, to), example.IsAttack, weight));
        }

        (WordNetwork network, float bias) = WordTraining.Train(stretches, settings);
        return new GuardModel(linear, network, linear.Bias + bias);
    }

    /// <summary>The logit of a text, as it is served.</summary>
    public double Score(Example example)
    {
        float worst = float.NegativeInfinity;
        foreach (View view in example.Views)
        {
            (float score, int from, int to) = Linear.Worst(view);
            worst = Math.Max(worst, score + Network.Score(Stretch(view, from, to)));
        }

        return worst + Bias;
    }

    /// <summary>The same scorer as it is served, without calibration.</summary>
    public PromptClassifier ToClassifier() => new(Linear.Weights, Bias, Network, Linear.WindowCost, []);

    /// <summary>The graph's inputs for a whole view as one window, and the score that the graph must give.</summary>
    public (int[] Slots, float[] Values, int[][] Words, float Score) AsInputs(View view)
    {
        (int[] slots, float[] values, float logit) = Linear.AsInputs(view);
        int[][] words = [.. view.Words.Select(WordNetwork.SymbolsOf)];
        return (slots, values, words, 1 / (1 + MathF.Exp(-(logit + Network.Score(view.Words) + Bias))));
    }

    private static MeantWord[] Stretch(View view, int from, int to)
    {
        (int first, int last) = WordNetwork.Around(from, to, view.Words.Length);
        return view.Words[first..last];
    }
}
