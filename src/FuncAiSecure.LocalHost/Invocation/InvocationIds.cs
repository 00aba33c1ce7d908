using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>Ids of invocations: GUIDs (version 8) of a random part for the process and a counter. Unique, not secret.</summary>
internal static class InvocationIds
{
    private static readonly ulong Process = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private static ulong _counter;

    /// <summary>The next id, in the form <c>xxxxxxxx-xxxx-8xxx-8xxx-xxxxxxxxxxxx</c>.</summary>
    public static string Next()
    {
        var n = Interlocked.Increment(ref _counter);
        return new Guid(
            (uint)Process, (ushort)(Process >> 32), (ushort)(0x8000 | (Process >> 52)),
            (byte)(0x80 | (n >> 56 & 0x3F)), (byte)(n >> 48),
            (byte)(n >> 40), (byte)(n >> 32), (byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n).ToString();
    }
}
