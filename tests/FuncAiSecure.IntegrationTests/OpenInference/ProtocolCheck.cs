using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.OpenInference;

/// <summary>
/// <c>eng/protocol/check.mjs</c> against a served app: requests and verdicts come from a statement of the published protocol, none
/// from our code. It shows of every member that a schema requires, and of every rule, that an answer without it would be caught.
/// </summary>
internal static class ProtocolCheck
{
    /// <summary>Runs the check as a caller of its own, so that what it spends of budgets is nobody else's.</summary>
    public static async Task<NodeRun> RunAsync(ServedApp app, string serving, string refusing, params string[] more)
    {
        var key = await app.CreateKeyAsync(principal: "protocol");
        return await NodeScript.RunAsync(
            Path.Combine(Repository.Root, "eng", "protocol", "check.mjs"),
            [app.Host.BaseAddress.AbsoluteUri, .. serving.Split(' '), .. refusing.Split(' ').Select(name => "--refusing=" + name), .. more],
            environment: new Dictionary<string, string> { ["API_KEY"] = key });
    }
}
