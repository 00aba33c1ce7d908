using System.Buffers;
using System.Security.Cryptography;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Journal;

/// <summary>Reads what an ended process left in its folder, believing only what the audit secret vouches for.</summary>
internal static class JournalRecovery
{
    /// <summary>The chains in a folder. Segments that are not authentic are named in <paramref name="rejected"/>.</summary>
    public static async Task<List<AuditChain>> ReadAsync(
        JournalFolder folder, IAuditSecrets secrets, List<string> rejected, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<(string Path, SegmentHeader Header, long Last, byte[] Mac)>>(StringComparer.Ordinal);
        var keysOf = new Dictionary<string, AuditKeys>(StringComparer.Ordinal);
        foreach (var path in folder.Segments())
        {
            // A crash leaves segments of some mebibytes, mostly room not used, and a loop of crashes leaves many: one buffer serves them all.
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous);
            var buffer = ArrayPool<byte>.Shared.Rent(checked((int)file.Length));
            try
            {
                var length = await file.ReadAtLeastAsync(buffer, (int)file.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                await AddAsync(path, buffer.AsMemory(0, length)).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return [.. found.Select(pair => AuditChain.Reopen(
            pair.Key, keysOf[pair.Value[0].Header.KeyVersion], pair.Value[0].Header.FirstSequence - 1, pair.Value[^1].Last, pair.Value[^1].Mac,
            key => ChainJournal.Reopen(folder, pair.Key, pair.Value[0].Header.KeyVersion, key, pair.Value.Select(s => (s.Path, s.Header.FirstSequence, s.Last)))))];

        async Task AddAsync(string path, ReadOnlyMemory<byte> bytes)
        {
            if (SegmentHeader.Read(bytes.Span, out _, out _) is not { } start)
            {
                // A process that ends between making a segment and its first frame leaves zeros or nothing: nothing was accepted.
                rejected.AddRange(bytes.Span.ContainsAnyExcept((byte)0) ? [path] : []);
                return;
            }

            var version = start.Header.KeyVersion;
            if (!keysOf.TryGetValue(version, out var keys))
            {
                keys = new AuditKeys(await secrets.GetAsync(version, cancellationToken).ConfigureAwait(false));
                keysOf[version] = keys;
            }

            var (last, mac, isWhole) = Check(bytes, start.Header, start.Length, keys.ChainOf(start.Header.Chain));
            if (!isWhole)
            {
                rejected.Add(path);
            }

            if (last >= start.Header.FirstSequence)
            {
                (found.TryGetValue(start.Header.Chain, out var list) ? list : found[start.Header.Chain] = []).Add((path, start.Header, last, mac));
            }
        }
    }

    // A torn frame at the end is one whose acceptance was never reported. Anything else that does not verify is a change.
    private static (long Last, byte[] Mac, bool IsWhole) Check(ReadOnlyMemory<byte> bytes, SegmentHeader header, int headerLength, byte[] chainKey)
    {
        SegmentHeader.Read(bytes.Span, out var json, out var code);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(chainKey, json), code))
        {
            return (0, [], false);
        }

        var hash = new KeyedHash(chainKey);
        var (last, mac, expected) = (header.FirstSequence - 1, header.PreviousMac, new byte[AuditKeys.MacLength]);
        var rest = bytes[headerLength..];
        while (Frame.TryRead(ref rest, out var frame))
        {
            AuditKeys.LinkMac(hash, mac, last + 1, frame.Value.Body, expected);
            if (frame.Value.Sequence != last + 1 || !CryptographicOperations.FixedTimeEquals(expected, frame.Value.Mac))
            {
                return (last, mac, false);
            }

            (last, mac, expected) = (last + 1, expected, mac);
        }

        return (last, mac, true);
    }
}
