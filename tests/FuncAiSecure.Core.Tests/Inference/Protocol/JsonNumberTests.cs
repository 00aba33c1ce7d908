using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Inference.Protocol;

namespace FuncAiSecure.Core.Tests.Inference.Protocol;

public class JsonNumberTests
{
    [Fact]
    public void Singles_equal_the_frameworks_bit_for_bit_on_a_million_texts()
    {
        var random = new Random(20261122);
        var buffer = new byte[64];
        for (var count = 0; count < 1_000_000; count++)
        {
            var text = RandomNumber(random);
            var length = Encoding.ASCII.GetBytes(text, buffer);
            var at = 0;

            var outcome = JsonNumber.ReadSingle(buffer.AsSpan(0, length), ref at, out var value);

            var expected = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (BitConverter.SingleToInt32Bits(value) != BitConverter.SingleToInt32Bits(expected) || at != length
                || outcome != (float.IsFinite(expected) ? JsonNumber.Outcome.Ok : JsonNumber.Outcome.OutOfRange))
            {
                Assert.Fail($"{text}: {value:R} is not {expected:R} ({outcome}, {at} of {length})");
            }
        }
    }

    [Fact]
    public void Doubles_equal_the_frameworks_bit_for_bit()
    {
        var random = new Random(20261123);
        for (var count = 0; count < 200_000; count++)
        {
            var text = RandomNumber(random);
            var at = 0;

            JsonNumber.ReadDouble(Encoding.ASCII.GetBytes(text), ref at, out var value);

            var expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(expected))
            {
                Assert.Fail($"{text}: {value:R} is not {expected:R}");
            }
        }
    }

    [Theory]
    // Exactly between two singles, and one digit to either side: ties go to even.
    [InlineData("16777217")]
    [InlineData("16777217.0000000000001")]
    [InlineData("16777216.9999999999999")]
    [InlineData("16777219")]
    [InlineData("1.00000005960464477539")]
    [InlineData("1.000000059604644775390625")]
    [InlineData("1.000000059604644775390624999999999999")]
    [InlineData("1.000000059604644775390625000000000001")]
    // The edges of the range.
    [InlineData("3.4028234663852886e38")]
    [InlineData("3.4028235677973365e38")]
    [InlineData("1.401298464324817e-45")]
    [InlineData("7.006492321624085e-46")]
    [InlineData("1.1754943508222875e-38")]
    [InlineData("-0")]
    [InlineData("-0.0e5")]
    [InlineData("0.0000000000000000000000000000000000000000000000000000000001")]
    [InlineData("1e-400")]
    [InlineData("123456789012345678901234567890e-20")]
    public void Hard_singles_equal_the_frameworks(string text)
    {
        var at = 0;

        JsonNumber.ReadSingle(Encoding.ASCII.GetBytes(text), ref at, out var value).ShouldBe(JsonNumber.Outcome.Ok);

        BitConverter.SingleToInt32Bits(value).ShouldBe(BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)));
        at.ShouldBe(text.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("01")]
    [InlineData("-01.5")]
    [InlineData("00")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("e5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData(" 1")]
    public void What_the_grammar_does_not_know_is_no_number(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var at = 0;

        var outcome = JsonNumber.ReadDouble(bytes, ref at, out _);

        // "0x10" and "01" start with a number that something else follows: the array's reader refuses what follows.
        (outcome == JsonNumber.Outcome.NotANumber || at < bytes.Length).ShouldBeTrue();
    }

    [Theory]
    [InlineData("1e39")]
    [InlineData("-1e39")]
    [InlineData("3.4028235677973367e38")]
    [InlineData("1e999999999999999999999999")]
    public void Numbers_that_a_single_cannot_hold_are_out_of_range(string text)
    {
        var at = 0;

        JsonNumber.ReadSingle(Encoding.ASCII.GetBytes(text), ref at, out _).ShouldBe(JsonNumber.Outcome.OutOfRange);
    }

    [Theory]
    [InlineData("0", 0, 255, nameof(JsonNumber.Outcome.Ok))]
    [InlineData("255", 0, 255, nameof(JsonNumber.Outcome.Ok))]
    [InlineData("256", 0, 255, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("-1", 0, 255, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("-128", -128, 127, nameof(JsonNumber.Outcome.Ok))]
    [InlineData("-129", -128, 127, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("-9223372036854775808", long.MinValue, long.MaxValue, nameof(JsonNumber.Outcome.Ok))]
    [InlineData("-9223372036854775809", long.MinValue, long.MaxValue, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("9223372036854775808", long.MinValue, long.MaxValue, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("18446744073709551615", 0, ulong.MaxValue, nameof(JsonNumber.Outcome.Ok))]
    [InlineData("18446744073709551616", 0, ulong.MaxValue, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("99999999999999999999999999999999", 0, ulong.MaxValue, nameof(JsonNumber.Outcome.OutOfRange))]
    [InlineData("1.0", 0, 255, nameof(JsonNumber.Outcome.NotWhole))]
    [InlineData("1e2", 0, 255, nameof(JsonNumber.Outcome.NotWhole))]
    public void Whole_numbers_keep_to_their_range(string text, long least, ulong most, string expected)
    {
        var at = 0;

        JsonNumber.ReadInteger(Encoding.ASCII.GetBytes(text), ref at, least, most, out var bits).ToString().ShouldBe(expected);

        if (expected == nameof(JsonNumber.Outcome.Ok))
        {
            (least < 0 ? ((long)bits).ToString(CultureInfo.InvariantCulture) : bits.ToString(CultureInfo.InvariantCulture)).ShouldBe(text);
        }
    }

    [Fact]
    public void Every_single_survives_writing_and_reading() =>
        Prop.ForAll<float>(value =>
        {
            var text = value.ToString("R", CultureInfo.InvariantCulture);
            var at = 0;
            return !float.IsFinite(value)
                || (JsonNumber.ReadSingle(Encoding.ASCII.GetBytes(text), ref at, out var read) == JsonNumber.Outcome.Ok && read.Equals(value));
        }).QuickCheckThrowOnFailure();

    private static string RandomNumber(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return BitConverter.Int32BitsToSingle(random.Next() & 0x7F7F_FFFF).ToString("R", CultureInfo.InvariantCulture);
            case 1:
                return ((random.NextDouble() * 2) - 1).ToString("R", CultureInfo.InvariantCulture);
            case 2:
                return ((float)((random.NextDouble() * 20) - 10)).ToString("R", CultureInfo.InvariantCulture);
            case 3:
                // The middle between two neighbouring singles, exactly or nearly.
                var low = BitConverter.Int32BitsToSingle((random.Next(60, 180) << 23) | random.Next(1 << 23));
                var middle = (low + (double)MathF.BitIncrement(low)) / 2;
                return middle.ToString(random.Next(2) == 0 ? "R" : "F18", CultureInfo.InvariantCulture);
            default:
                return Digits(random);
        }
    }

    private static string Digits(Random random)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
        var whole = random.Next(1, 12);
        text.Append(whole == 1 ? (char)('0' + random.Next(10)) : (char)('1' + random.Next(9)));
        for (var digit = 1; digit < whole; digit++)
        {
            text.Append((char)('0' + random.Next(10)));
        }

        if (random.Next(4) > 0)
        {
            text.Append('.');
            for (var digit = random.Next(1, 22); digit > 0; digit--)
            {
                text.Append((char)('0' + random.Next(10)));
            }
        }

        if (random.Next(3) == 0)
        {
            text.Append(random.Next(2) == 0 ? "e" : "E").Append(random.Next(-48, 42).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
