using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>What is known of a model version's outputs: saved as it stands.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ModelProfile
{
    /// <summary>Bins of labels, then bins of entropy.</summary>
    public const int LabelBins = 12;

    /// <summary>All bins.</summary>
    public const int Bins = LabelBins + 8;

    public ulong Key;

    /// <summary>The 90 % quantile of entropies over all callers.</summary>
    public float EdgeEntropy;
    public uint Items;
    public uint WindowItems;
    public uint MovedWindows;
    public uint RaisedMinute;
    public uint Windows;
    public Histogram Window;
    public Histogram Reference;

    [InlineArray(Bins)]
    public struct Histogram
    {
        private float _first;
    }
}
