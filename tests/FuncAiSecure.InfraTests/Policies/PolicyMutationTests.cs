using System.Xml.Linq;
using FuncAiSecure.InfraTests.Gateway;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>Damages the documents one policy at a time; some scenario must notice. So each policy is there for a tested reason.</summary>
public class PolicyMutationTests
{
    public static TheoryData<string, int> Removals()
    {
        var data = new TheoryData<string, int>();
        foreach (var name in TestGateway.Documents.Names)
        {
            var count = Removable(TestGateway.Documents[name]).Count();
            for (var i = 0; i < count; i++)
            {
                data.Add(name, i);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Removals))]
    public void Removing_a_policy_is_noticed(string document, int index)
    {
        var files = TestGateway.Documents.Copy();
        var removed = Removable(files[document]).ElementAt(index);
        var description = removed.ToString(SaveOptions.DisableFormatting);
        removed.Remove();
        IsNoticed(files).ShouldBeTrue($"nobody noticed that {document} lost {description[..Math.Min(200, description.Length)]}");
    }

    [Theory]
    [InlineData("fragments/validate-token", "validate-jwt", "require-signed-tokens", "false")]
    [InlineData("fragments/validate-token", "validate-jwt", "require-expiration-time", "false")]
    [InlineData("fragments/check-content", "validate-content", "unspecified-content-type-action", "ignore")]
    [InlineData("fragments/check-content", "validate-content", "size-exceeded-action", "ignore")]
    [InlineData("fragments/check-content", "validate-content", "max-size", "4000000")]
    [InlineData("fragments/check-content", "content", "action", "ignore")]
    [InlineData("fragments/call-backend", "authentication-managed-identity", "ignore-error", "true")]
    [InlineData("fragments/call-backend", "authentication-managed-identity", "resource", "https://management.example")]
    [InlineData("fragments/call-backend", "set-backend-service", "backend-id", "other")]
    [InlineData("fragments/one-credential", "rate-limit-by-key", "calls", "100000")]
    [InlineData("fragments/limit-caller", "rate-limit-by-key", "calls", "100000")]
    [InlineData("console", "rate-limit-by-key", "calls", "100000")]
    [InlineData("console", "set-backend-service", "backend-id", "function-app")]
    [InlineData("product", "rate-limit", "calls", "100000")]
    [InlineData("product", "quota", "calls", "100000")]
    public void Weakening_a_policy_is_noticed(string document, string policy, string attribute, string value)
    {
        var files = TestGateway.Documents.Copy();
        var target = files[document].Descendants(policy).First();
        target.Attribute(attribute).ShouldNotBeNull();
        target.SetAttributeValue(attribute, value);
        IsNoticed(files).ShouldBeTrue();
    }

    /// <summary>Everything that does something by itself: policies in sections, fragments and branches, conditions' branches, headers.</summary>
    private static IEnumerable<XElement> Removable(XElement document) =>
        document.Descendants().Where(element =>
            element.Parent!.Name.LocalName is "inbound" or "backend" or "outbound" or "on-error" or "fragment" or "when" or "otherwise" or "retry" or "return-response"
            || element.Name.LocalName is "when" or "audiences" or "issuers");

    private static bool IsNoticed(PolicyFiles files)
    {
        foreach (var scenario in GatewayScenarios.All.Values)
        {
            try
            {
                scenario(TestGateway.Create(files));
            }
            catch (Exception)
            {
                return true;
            }
        }

        return false;
    }
}
