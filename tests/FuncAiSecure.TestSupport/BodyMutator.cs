using System.Text;

namespace FuncAiSecure.TestSupport;

/// <summary>Inference requests with bytes changed, put in, taken out and doubled: the same for the same seed.</summary>
public sealed class BodyMutator(int seed)
{
    private const int MaxChanges = 3;

    private static readonly byte[] Interesting = [.. "{}[]\",:\\/0123456789.-+eEtfn \n\0u\u007f"u8, 0xC3, 0xFF, 0xED, 0xA0];

    private readonly Random _random = new(seed);

    /// <summary>A copy of a body with none to three changes.</summary>
    public byte[] Next(string body) => Next(Encoding.UTF8.GetBytes(body));

    /// <summary>A copy of a body with none to three changes.</summary>
    public byte[] Next(ReadOnlySpan<byte> body)
    {
        List<byte> changed = [.. body];
        for (var count = _random.Next(MaxChanges + 1); count > 0 && changed.Count > 0; count--)
        {
            Change(changed, _random.Next(changed.Count));
        }

        return [.. changed];
    }

    private void Change(List<byte> body, int at)
    {
        switch (_random.Next(5))
        {
            case 0:
                body[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 1:
                body.Insert(at, Interesting[_random.Next(Interesting.Length)]);
                break;
            case 2:
                body.RemoveAt(at);
                break;
            case 3:
                body.RemoveRange(at, _random.Next(Math.Min(8, body.Count - at)));
                break;
            default:
                var length = _random.Next(Math.Min(24, body.Count - at));
                body.InsertRange(_random.Next(body.Count), body.GetRange(at, length));
                break;
        }
    }
}
