namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// A model version's outputs: where its decision boundary lies (entropies above their 90 % quantile), and drift: the population
/// stability index (the symmetrised Kullback–Leibler divergence) of each thousand outputs against those before. Above 0.25 the
/// distribution counts as moved; two windows in a row raise the signal.
/// </summary>
internal sealed class ModelWatch(ulong key)
{
    /// <summary>The stability index above which a window has moved.</summary>
    public const double Limit = 0.25;

    private const int WindowSize = 1_000;
    private const int LearningWindows = 10;
    private const int LearningItems = 500;
    private const uint WindowsInARow = 2;

    private readonly Lock _lock = new();
    private ModelProfile _profile = new() { Key = key, EdgeEntropy = 0.5f };

    /// <summary>The entropy above which an input is at the edge; NaN, which nothing is above, until enough was seen.</summary>
    public float Edge => Volatile.Read(ref _profile.Items) < LearningItems ? float.NaN : Volatile.Read(ref _profile.EdgeEntropy);

    /// <summary>Takes an output; the index where it has moved, otherwise null.</summary>
    public double? Take(in ItemFacts item, uint minute, uint cooldown)
    {
        if (float.IsNaN(item.Entropy))
        {
            return null;
        }

        lock (_lock)
        {
            var step = _profile.Items < LearningItems ? 0.02f : 0.0002f;
            _profile.EdgeEntropy += step * (item.Entropy > _profile.EdgeEntropy ? 0.9f : -0.1f);
            _profile.Items++;
            if (item.Label >= 0)
            {
                _profile.Window[item.Label % ModelProfile.LabelBins]++;
            }

            _profile.Window[ModelProfile.LabelBins + Math.Min(7, (int)(item.Entropy * 8))]++;
            return ++_profile.WindowItems < WindowSize ? null : Close(minute, cooldown);
        }
    }

    /// <summary>A copy, for saving.</summary>
    public ModelProfile Copy()
    {
        lock (_lock)
        {
            return _profile;
        }
    }

    /// <summary>Takes a saved profile over, unless more was seen here.</summary>
    public void Restore(in ModelProfile saved)
    {
        lock (_lock)
        {
            if (saved.Key == _profile.Key && saved.Items > _profile.Items)
            {
                _profile = saved;
            }
        }
    }

    private double? Close(uint minute, uint cooldown)
    {
        var index = 0d;
        var isLearning = _profile.Windows < LearningWindows;
        for (var i = 0; i < ModelProfile.Bins; i++)
        {
            // Half an output in each bin keeps the logarithm finite.
            var now = (_profile.Window[i] + 0.5) / WindowSize;
            var before = _profile.Reference[i] + (0.5 / WindowSize);
            index += (now - before) * Math.Log(now / before);
        }

        _profile.MovedWindows = !isLearning && index > Limit ? _profile.MovedWindows + 1 : 0;
        var weight = isLearning ? 1f / (_profile.Windows + 1) : _profile.MovedWindows > 0 ? 0.02f : 0.05f;
        for (var i = 0; i < ModelProfile.Bins; i++)
        {
            _profile.Reference[i] += weight * ((_profile.Window[i] / WindowSize) - _profile.Reference[i]);
        }

        _profile.Window = default;
        _profile.WindowItems = 0;
        _profile.Windows++;
        if (_profile.MovedWindows < WindowsInARow || minute - _profile.RaisedMinute < cooldown)
        {
            return null;
        }

        _profile.RaisedMinute = minute;
        return index;
    }
}
