using System.Text.Json;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Inference.Protocol;

public class InferRequestFuzzTests
{
    private static readonly string[] Seeds =
    [
        """{"id":"a\u00e9","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1.5,-2e3],[0.25,4]]}],"outputs":[{"name":"y"}]}""",
        """{"inputs":[{"name":"t","shape":[2],"datatype":"BYTES","data":["a\ud83d\ude00\n","b"]},{"name":"i","datatype":"INT64","data":[1,-2,3],"shape":[3]}],"parameters":{"timeout":5}}""",
        """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"b","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]}""",
    ];

    // A million go through the whole chain in the benchmark project's case "fuzz"; here a share that fits a unit test.
    [Fact]
    public void Mutated_bodies_never_throw_and_what_is_accepted_is_strict_json()
    {
        var mutator = new BodyMutator(7);
        var binary = new byte[14];
        binary[8] = 2;
        var options = new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false };
        var accepted = 0;
        for (var round = 0; round < 150_000; round++)
        {
            var json = mutator.Next(Seeds[round % Seeds.Length]);
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
}
