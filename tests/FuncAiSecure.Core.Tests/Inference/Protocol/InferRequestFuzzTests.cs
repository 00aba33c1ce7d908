using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Inference.Protocol;

namespace FuncAiSecure.Core.Tests.Inference.Protocol;

public class InferRequestFuzzTests
{
    private static readonly string[] Seeds =
    [
        """{"id":"a\u00e9","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1.5,-2e3],[0.25,4]]}],"outputs":[{"name":"y"}]}""",
        """{"inputs":[{"name":"t","shape":[2],"datatype":"BYTES","data":["a\ud83d\ude00\n","b"]},{"name":"i","datatype":"INT64","data":[1,-2,3],"shape":[3]}],"parameters":{"timeout":5}}""",
        """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"b","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]}""",
    ];

    private static readonly byte[] Interesting = [.. "{}[]\",:\\/0123456789.-+eEtfn \n\0u\u007f"u8, 0xC3, 0xFF, 0xED, 0xA0];

    // The million of the acceptance run is the benchmark project's; here a share that fits a unit test.
    [Fact]
    public void Mutated_bodies_never_throw_and_what_is_accepted_is_strict_json()
    {
        var random = new Random(7);
        var binary = new byte[14];
        binary[8] = 2;
        var options = new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false };
        var accepted = 0;
        for (var round = 0; round < 150_000; round++)
        {
            var json = Mutate(random, Encoding.UTF8.GetBytes(Seeds[round % Seeds.Length]));
            var hasBinary = round % Seeds.Length == 2;
            byte[] body = hasBinary ? [.. json, .. binary] : json;

            var refusal = InferRequestReader.Read(body, hasBinary ? json.Length : null, TensorNames.None, out var request);

            (refusal is null).ShouldBe(request is not null);
            if (request is not null)
            {
                accepted++;
                using var document = JsonDocument.Parse(json, options);
                foreach (var tensor in request.Inputs)
                {
                    tensor.ElementCount.ShouldBe(tensor.Shape.ToArray().Aggregate(1, (product, dimension) => product * (int)dimension));
                }

                request.Dispose();
            }
            else if (refusal!.Errors.IsEmpty || refusal.Errors.Any(error => error.Message.Length == 0))
            {
                Assert.Fail("A refusal says nothing.");
            }
        }

        accepted.ShouldBeGreaterThan(1000);
    }

    private static byte[] Mutate(Random random, byte[] seed)
    {
        var body = seed.ToList();
        for (var count = random.Next(4); count > 0 && body.Count > 0; count--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 1:
                    body.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 2:
                    body.RemoveAt(at);
                    break;
                case 3:
                    body.RemoveRange(at, random.Next(Math.Min(8, body.Count - at)));
                    break;
                default:
                    var length = random.Next(Math.Min(24, body.Count - at));
                    body.InsertRange(random.Next(body.Count), body.GetRange(at, length));
                    break;
            }
        }

        return [.. body];
    }
}
