using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class ProblemWriterTests
{
    private static readonly Refusal Refused = new(RefusalCode.QuotaExceeded)
    {
        Detail = "The daily quota is spent.",
        Policy = "daily",
        Parameter = "input",
        Errors = [new InputError("/input/3", "Too long.")],
    };

    [Fact]
    public void A_problem_has_the_members_of_RFC_9457_and_ours()
    {
        var problem = Write(Refused, ApiFamily.Own);

        problem.GetProperty("type").GetString().ShouldBe("urn:funcaisecure:problem:quota-exceeded");
        problem.GetProperty("title").GetString().ShouldBe("The quota is spent.");
        problem.GetProperty("status").GetInt32().ShouldBe(429);
        problem.GetProperty("detail").GetString().ShouldBe("The daily quota is spent.");
        problem.GetProperty("instance").GetString().ShouldBe("urn:funcaisecure:request:req-1");
        problem.GetProperty("traceId").GetString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        problem.GetProperty("quota").GetString().ShouldBe("daily");
        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/input/3");
    }

    [Fact]
    public void OpenAi_clients_find_their_error_object()
    {
        var error = Write(Refused, ApiFamily.OpenAi).GetProperty("error");

        error.GetProperty("message").GetString().ShouldBe("The daily quota is spent.");
        error.GetProperty("type").GetString().ShouldBe("insufficient_quota");
        error.GetProperty("param").GetString().ShouldBe("input");
        error.GetProperty("code").GetString().ShouldBe("quota-exceeded");
    }

    [Theory]
    [InlineData("OpenInference")]
    [InlineData("Own")]
    public void Other_clients_find_a_string(string family) =>
        Write(Refused, Enum.Parse<ApiFamily>(family)).GetProperty("error").GetString().ShouldBe("The daily quota is spent.");

    [Fact]
    public void Members_that_do_not_apply_are_left_out()
    {
        var problem = Write(new Refusal(RefusalCode.NotFound), ApiFamily.Own);

        problem.TryGetProperty("quota", out _).ShouldBeFalse();
        problem.TryGetProperty("errors", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(0.2, "1")]
    [InlineData(1, "1")]
    [InlineData(1.0001, "2")]
    [InlineData(86400, "86400")]
    public void Retry_after_is_rounded_up_to_whole_seconds(double seconds, string expected) =>
        ProblemWriter.RetryAfterSeconds(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    private static JsonElement Write(Refusal refusal, ApiFamily family)
    {
        using var buffer = new PooledBuffer();
        ProblemWriter.Write(buffer, refusal, family, "req-1", "0af7651916cd43dd8448eb211c80319c");
        return JsonDocument.Parse(buffer.Memory.ToArray()).RootElement;
    }
}
