namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>
/// The attacker's model: multinomial logistic regression over sparse features, trained on answers as they came (soft labels where they
/// were shown) by stochastic gradient descent with a step for each weight (Adagrad; Duchi, Hazan and Singer 2011). The same for the same data.
/// </summary>
internal sealed class Substitute(int features, int labels)
{
    private const float Rate = 0.3f;

    private readonly float[] _weights = new float[features * labels];
    private readonly float[] _squares = new float[features * labels];
    private readonly float[] _scores = new float[labels];

    /// <summary>Trains on all examples, several times over.</summary>
    public void Train(IReadOnlyList<Example> examples, int epochs, Core.Tests.Monitoring.Simulation.Chance chance)
    {
        var order = Enumerable.Range(0, examples.Count).ToArray();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            for (var i = order.Length - 1; i > 0; i--)
            {
                var other = (int)(chance.Uniform() * (i + 1));
                (order[i], order[other]) = (order[other], order[i]);
            }

            foreach (var index in order)
            {
                Step(examples[index]);
            }
        }
    }

    /// <summary>The best label, and by how much it leads.</summary>
    public (int Label, float Margin) Ask(IReadOnlyList<Feature> input)
    {
        Score(input);
        var (label, best, next) = (0, float.NegativeInfinity, float.NegativeInfinity);
        for (var i = 0; i < labels; i++)
        {
            (label, best, next) = _scores[i] > best ? (i, _scores[i], best) : (label, best, MathF.Max(next, _scores[i]));
        }

        return (label, best - next);
    }

    private void Step(Example example)
    {
        Score(example.Input);
        foreach (var (index, value) in example.Input)
        {
            var row = index * labels;
            for (var label = 0; label < labels; label++)
            {
                var slope = (_scores[label] - example.Target[label]) * value;
                var square = _squares[row + label] += slope * slope;
                _weights[row + label] -= Rate * slope / MathF.Sqrt(square + 1e-8f);
            }
        }
    }

    // Probabilities into _scores.
    private void Score(IReadOnlyList<Feature> input)
    {
        Array.Clear(_scores);
        foreach (var (index, value) in input)
        {
            var row = index * labels;
            for (var label = 0; label < labels; label++)
            {
                _scores[label] += _weights[row + label] * value;
            }
        }

        var (most, sum) = (_scores.Max(), 0f);
        for (var label = 0; label < labels; label++)
        {
            sum += _scores[label] = MathF.Exp(_scores[label] - most);
        }

        for (var label = 0; label < labels; label++)
        {
            _scores[label] /= sum;
        }
    }
}

/// <summary>One number of an input.</summary>
internal readonly record struct Feature(int Index, float Value);

/// <summary>What the attacker learned from one answer.</summary>
/// <param name="Input">The input.</param>
/// <param name="Target">The probabilities that the answer showed or left open.</param>
internal sealed record Example(IReadOnlyList<Feature> Input, float[] Target);
