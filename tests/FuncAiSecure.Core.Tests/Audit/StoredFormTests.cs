using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Journal;
using FuncAiSecure.Core.Audit.Names;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>What stands in tables and journals, for later versions to read and others to spoil.</summary>
public sealed class StoredFormTests
{
    private const string Chain = "c-20261122-one-00000";

    private static readonly AuditSecret Secret = new("v1", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void Codes_of_trails_that_are_stored_stay_what_they_are()
    {
        var key = new AuditKeys(Secret).ChainOf(Chain);
        var mac = new byte[AuditKeys.MacLength];

        AuditKeys.LinkMac(new KeyedHash(key), AuditKeys.Genesis(key), 258, "{\"time\":\"now\"}"u8, mac);

        // HKDF and HMAC-SHA256 of Python's standard library.
        Convert.ToHexStringLower(AuditKeys.Genesis(key)).ShouldBe("99d10c4315df014088e02d93aceba9d386889554967f25a125473405166242cb");
        Convert.ToHexStringLower(mac).ShouldBe("1a824924c55c0cceaef83b7e9e5514b0919fc265e981cb815847c8662c22d2ce");
    }

    [Fact]
    public void Nothing_is_sealed_twice_with_one_nonce()
    {
        var keys = new AuditKeys(Secret);
        var names = Enumerable.Range(0, 3).Select(_ => SealedName.Seal(keys, Chain, new byte[32], "caller")).ToList();
        var payloads = Enumerable.Range(0, 3).Select(_ => PayloadCipher.Encrypt(Secret, "place", "payload"u8)).ToList();

        names.Select(name => SealedName.Distinguisher(name)).Distinct().Count().ShouldBe(3);
        payloads.Select(sealing => Convert.ToHexString(sealing.WrappedKey.AsSpan(0, 12))).Distinct().Count().ShouldBe(3);
        payloads.Select(sealing => Convert.ToHexString(sealing.Payload.AsSpan(0, 12))).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_record_says_what_it_was_about_and_is_bounded()
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new RecordJson();

        json.Write(
            output,
            new AuditRecord
            {
                Action = "PlanSet",
                Outcome = "done",
                Subject = new string('s', 300),
                Verdicts = [new("first", double.NaN), .. Enumerable.Repeat(new AuditVerdict("other", 0.5), 99)],
            },
            DateTimeOffset.UnixEpoch,
            new RecordNames("who", "credential", "about"),
            lost: 3);

        using var record = JsonDocument.Parse(output.WrittenMemory);
        record.RootElement.GetProperty("subject").GetString().ShouldBe(new string('s', 256));
        record.RootElement.GetProperty("about").GetString().ShouldBe("about");
        record.RootElement.GetProperty("lost").GetInt64().ShouldBe(3);
        record.RootElement.GetProperty("verdicts").GetArrayLength().ShouldBe(64);
        record.RootElement.GetProperty("verdicts")[0].GetRawText().ShouldBe("{\"rule\":\"first\",\"score\":-1}");
    }

    [Fact]
    public void A_segments_header_that_was_cut_or_tells_a_false_length_is_none()
    {
        var whole = new SegmentHeader(Chain, "v1", 1, new byte[32]).ToBytes(new byte[32]);
        SegmentHeader.Read(whole, out _, out _)!.Value.Header.Chain.ShouldBe(Chain);

        for (var length = 0; length < whole.Length; length++)
        {
            SegmentHeader.Read(whole.AsSpan(0, length), out _, out _).ShouldBeNull($"{length} bytes");
        }

        SegmentHeader.Read((byte[])[(byte)(whole[0] + 1), .. whole[1..]], out _, out _).ShouldBeNull("another form");
        foreach (var length in (int[])[-1, 0, 4097, int.MaxValue])
        {
            var changed = (byte[])[.. whole, .. new byte[8192]];
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(8), length);
            SegmentHeader.Read(changed, out _, out _).ShouldBeNull($"a length of {length}");
        }
    }

    [Fact]
    public void A_frame_that_was_cut_or_tells_a_false_length_is_none()
    {
        var builder = new FrameBuilder();
        builder.Begin([]);
        builder.Write("{}"u8);
        var whole = builder.Complete(1, new byte[AuditKeys.MacLength]).Bytes.ToArray();
        Reads(whole).ShouldBeTrue();

        for (var length = 0; length < whole.Length; length++)
        {
            Reads(whole[..length]).ShouldBeFalse($"{length} bytes");
        }

        foreach (var length in (int[])[-1, 0, whole.Length - 3, Frame.MaxLength + 1])
        {
            var changed = (byte[])[.. whole, .. new byte[2 * Frame.MaxLength]];
            BinaryPrimitives.WriteInt32LittleEndian(changed, length);
            Reads(changed).ShouldBeFalse($"a length of {length}");
        }

        whole[sizeof(int) + sizeof(long) + AuditKeys.MacLength] = 3; // names longer than the frame
        Reads(whole).ShouldBeFalse();

        static bool Reads(byte[] bytes)
        {
            ReadOnlyMemory<byte> rest = bytes;
            return Frame.TryRead(ref rest, out _);
        }
    }
}
