using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// A principal's running profile: 248 bytes, saved as they stand. Times are minutes since 1970, rates are ln(1 + requests in an
/// active minute), shares are of inputs.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Profile
{
    /// <summary>Changes with the meaning of any field; profiles of another one are not taken over.</summary>
    public const int Format = 1;

    /// <summary>The hash of the principal's id; 0 marks a free slot.</summary>
    public ulong Key;

    public uint FirstMinute;
    public uint LastMinute;
    public uint SavedMinute;
    public uint Requests;

    // How much it sends: what sets the price of a false alarm.
    public uint Day;
    public uint DayItems;
    public float WeeklyItems;

    // Rate: the current minute, and the 90 % quantile of each hour of the day in 1/4096.
    public uint MinuteRequests;
    public uint BurstAbove;
    public float RateSpread;
    public HourLevels Hours;

    // Shares, and the cumulative sums that test them.
    public ShareTest Probing;
    public ShareTest Edge;
    public ShareTest Sweep;
    public float FailedShare;
    public float LimitedShare;
    public uint LastRefusedLength;

    // What it sends, and where from.
    public float Entropy;
    public float LengthLevel;
    public float LengthSpread;
    public float MisusePoints;
    public RecentSketches Sketches;
    public KnownNetworks Networks;
    public KnownModels Models;
    public SignalMinutes Raised;

    /// <summary>The state of one test of a share.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ShareTest
    {
        public float Share;
        public float Sum;
        public float SpanGain;
    }

    /// <summary>A network's hash and the hour since 1970 (modulo 2^16) in which it was first seen.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct KnownNetwork
    {
        public ushort Hash;
        public ushort Since;
    }

    [InlineArray(24)]
    public struct HourLevels
    {
        private ushort _first;
    }

    [InlineArray(4)]
    public struct RecentSketches
    {
        private ulong _first;
    }

    [InlineArray(8)]
    public struct KnownNetworks
    {
        private KnownNetwork _first;
    }

    [InlineArray(4)]
    public struct KnownModels
    {
        private ushort _first;
    }

    [InlineArray(4)]
    public struct SignalMinutes
    {
        private uint _first;
    }
}
