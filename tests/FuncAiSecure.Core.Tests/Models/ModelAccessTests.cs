using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Manifests;

namespace FuncAiSecure.Core.Tests.Models;

public sealed class ModelAccessTests
{
    [Theory]
    [InlineData("no role is asked for", "[]", Roles.Infer, true)]
    [InlineData("the role is there", """["read.payloads"]""", Roles.Infer | Roles.ReadPayloads, true)]
    [InlineData("the role is missing", """["read.payloads"]""", Roles.Infer, false)]
    [InlineData("one of two is missing", """["read.payloads", "read.audit"]""", Roles.Infer | Roles.ReadAudit, false)]
    [InlineData("another role does not help", """["read.payloads"]""", Roles.Infer | Roles.ManageKeys | Roles.ManageModels, false)]
    public void Manifest_admits_who_has_all_its_roles(string what, string asked, Roles had, bool admitted)
    {
        var json = ManifestSamples.Minimal();
        json["roles"] = JsonNode.Parse(asked);
        ManifestReader.TryRead(json.Utf8(), "model.json", out var manifest, out _).ShouldBeTrue();
        var principal = new Principal { Id = CatalogRun.Anna, CredentialKind = CredentialKind.ApiKey, CredentialId = "k", Roles = had, Models = ["*"] };

        manifest!.Admits(principal).ShouldBe(admitted, what);
    }
}
