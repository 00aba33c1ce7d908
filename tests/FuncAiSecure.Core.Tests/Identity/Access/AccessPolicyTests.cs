using System.Net;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Access;

namespace FuncAiSecure.Core.Tests.Identity.Access;

public sealed class AccessPolicyTests
{
    private const string Yes = "";
    private const string NoRole = nameof(RefusalCode.RoleMissing);
    private const string NoNet = nameof(RefusalCode.NetworkNotAllowed);
    private const string NoModel = nameof(RefusalCode.NotFound);

    /// <summary>Sentence; roles; model patterns; networks; action; model@version; address; outcome.</summary>
    public static TheoryData<string, string, string, string, AccessAction, string?, string, string> Table => new()
    {
        // Roles: each action takes its own role and no other.
        { "infer runs models", "infer", "*", "", AccessAction.Infer, "m", "1.1.1.1", Yes },
        { "infer reads models", "infer", "*", "", AccessAction.ReadModel, "m", "1.1.1.1", Yes },
        { "infer lists models", "infer", "", "", AccessAction.ReadModel, null, "1.1.1.1", Yes },
        { "infer reads its own usage", "infer", "", "", AccessAction.ReadOwnUsage, null, "1.1.1.1", Yes },
        { "infer does not manage keys", "infer", "*", "", AccessAction.ManageKeys, null, "1.1.1.1", NoRole },
        { "infer does not manage models", "infer", "*", "", AccessAction.ManageModels, "m", "1.1.1.1", NoRole },
        { "infer does not manage quotas", "infer", "*", "", AccessAction.ManageQuotas, null, "1.1.1.1", NoRole },
        { "infer does not read others' usage", "infer", "*", "", AccessAction.ReadUsage, null, "1.1.1.1", NoRole },
        { "infer does not read the audit trail", "infer", "*", "", AccessAction.ReadAudit, null, "1.1.1.1", NoRole },
        { "infer does not read payloads", "infer", "*", "", AccessAction.ReadPayloads, null, "1.1.1.1", NoRole },
        { "infer gets no timing", "infer", "*", "", AccessAction.DebugTiming, null, "1.1.1.1", NoRole },
        { "nobody runs nothing", "", "*", "", AccessAction.Infer, "m", "1.1.1.1", NoRole },
        { "nobody reads nothing", "", "*", "", AccessAction.ReadModel, null, "1.1.1.1", NoRole },
        { "nobody manages nothing", "", "*", "", AccessAction.ManageKeys, null, "1.1.1.1", NoRole },
        { "manage.keys manages keys", "manage.keys", "", "", AccessAction.ManageKeys, null, "1.1.1.1", Yes },
        { "manage.keys does not infer", "manage.keys", "*", "", AccessAction.Infer, "m", "1.1.1.1", NoRole },
        { "manage.keys does not manage models", "manage.keys", "*", "", AccessAction.ManageModels, "m", "1.1.1.1", NoRole },
        { "manage.keys does not read the audit trail", "manage.keys", "*", "", AccessAction.ReadAudit, null, "1.1.1.1", NoRole },
        { "manage.models manages models", "manage.models", "*", "", AccessAction.ManageModels, "m", "1.1.1.1", Yes },
        { "manage.models manages none in particular", "manage.models", "", "", AccessAction.ManageModels, null, "1.1.1.1", Yes },
        { "manage.models does not infer", "manage.models", "*", "", AccessAction.Infer, "m", "1.1.1.1", NoRole },
        { "manage.models does not manage keys", "manage.models", "*", "", AccessAction.ManageKeys, null, "1.1.1.1", NoRole },
        { "manage.quotas manages quotas", "manage.quotas", "", "", AccessAction.ManageQuotas, null, "1.1.1.1", Yes },
        { "manage.quotas does not read usage", "manage.quotas", "", "", AccessAction.ReadUsage, null, "1.1.1.1", NoRole },
        { "read.usage reads usage", "read.usage", "", "", AccessAction.ReadUsage, null, "1.1.1.1", Yes },
        { "read.usage does not manage quotas", "read.usage", "", "", AccessAction.ManageQuotas, null, "1.1.1.1", NoRole },
        { "read.usage does not read audit", "read.usage", "", "", AccessAction.ReadAudit, null, "1.1.1.1", NoRole },
        { "read.audit reads audit", "read.audit", "", "", AccessAction.ReadAudit, null, "1.1.1.1", Yes },
        { "read.audit does not read payloads", "read.audit", "", "", AccessAction.ReadPayloads, null, "1.1.1.1", NoRole },
        { "read.payloads reads payloads", "read.payloads", "", "", AccessAction.ReadPayloads, null, "1.1.1.1", Yes },
        { "read.payloads does not read audit", "read.payloads", "", "", AccessAction.ReadAudit, null, "1.1.1.1", NoRole },
        { "debug.timing gets timing", "debug.timing", "", "", AccessAction.DebugTiming, null, "1.1.1.1", Yes },
        { "debug.timing does not infer", "debug.timing", "*", "", AccessAction.Infer, "m", "1.1.1.1", NoRole },
        { "two roles do both", "infer manage.keys", "*", "", AccessAction.ManageKeys, null, "1.1.1.1", Yes },
        { "two roles do not a third", "infer manage.keys", "*", "", AccessAction.ReadAudit, null, "1.1.1.1", NoRole },
        { "an unknown action is nobody's", "infer manage.keys manage.models manage.quotas read.usage read.audit read.payloads debug.timing", "*", "", (AccessAction)99, null, "1.1.1.1", NoRole },

        // Models.
        { "no pattern, no model", "infer", "", "", AccessAction.Infer, "m", "1.1.1.1", NoModel },
        { "infer takes a model", "infer", "*", "", AccessAction.Infer, null, "1.1.1.1", NoModel },
        { "the exact model", "infer", "sentiment", "", AccessAction.Infer, "sentiment", "1.1.1.1", Yes },
        { "another model", "infer", "sentiment", "", AccessAction.Infer, "spam", "1.1.1.1", NoModel },
        { "a longer name", "infer", "sentiment", "", AccessAction.Infer, "sentiment2", "1.1.1.1", NoModel },
        { "a shorter name", "infer", "sentiment", "", AccessAction.Infer, "sentimen", "1.1.1.1", NoModel },
        { "another case", "infer", "sentiment", "", AccessAction.Infer, "Sentiment", "1.1.1.1", NoModel },
        { "an empty name", "infer", "sentiment", "", AccessAction.Infer, "", "1.1.1.1", NoModel },
        { "a prefix", "infer", "embed-*", "", AccessAction.Infer, "embed-small", "1.1.1.1", Yes },
        { "the prefix itself", "infer", "embed-*", "", AccessAction.Infer, "embed-", "1.1.1.1", Yes },
        { "beside the prefix", "infer", "embed-*", "", AccessAction.Infer, "embed", "1.1.1.1", NoModel },
        { "an asterisk in a name is no pattern", "infer", "embed-*", "", AccessAction.Infer, "emb*", "1.1.1.1", NoModel },
        { "an asterisk asked for", "infer", "sentiment", "", AccessAction.Infer, "*", "1.1.1.1", NoModel },
        { "the second pattern", "infer", "a b*", "", AccessAction.Infer, "bx", "1.1.1.1", Yes },
        { "metadata of another model", "infer", "sentiment", "", AccessAction.ReadModel, "spam", "1.1.1.1", NoModel },
        { "management of another model", "manage.models", "sentiment", "", AccessAction.ManageModels, "spam", "1.1.1.1", NoModel },
        { "a role is missed before a model", "manage.keys", "", "", AccessAction.Infer, "spam", "1.1.1.1", NoRole },

        // Versions.
        { "any version of an unpinned pattern", "infer", "sentiment", "", AccessAction.Infer, "sentiment@7", "1.1.1.1", Yes },
        { "the pinned version", "infer", "sentiment@2", "", AccessAction.Infer, "sentiment@2", "1.1.1.1", Yes },
        { "another version than the pinned", "infer", "sentiment@2", "", AccessAction.Infer, "sentiment@3", "1.1.1.1", NoModel },
        { "the promoted version is not the pinned", "infer", "sentiment@2", "", AccessAction.Infer, "sentiment", "1.1.1.1", NoModel },
        { "a pinned prefix", "infer", "e*@1", "", AccessAction.Infer, "embed@1", "1.1.1.1", Yes },
        { "a pinned prefix, another version", "infer", "e*@1", "", AccessAction.Infer, "embed@2", "1.1.1.1", NoModel },

        // Networks.
        { "inside the network", "infer", "*", "10.0.0.0/8", AccessAction.Infer, "m", "10.1.2.3", Yes },
        { "outside the network", "infer", "*", "10.0.0.0/8", AccessAction.Infer, "m", "11.1.2.3", NoNet },
        { "the network's edge", "infer", "*", "192.0.2.0/25", AccessAction.Infer, "m", "192.0.2.127", Yes },
        { "past the network's edge", "infer", "*", "192.0.2.0/25", AccessAction.Infer, "m", "192.0.2.128", NoNet },
        { "the second network", "infer", "*", "10.0.0.0/8 192.0.2.0/24", AccessAction.Infer, "m", "192.0.2.9", Yes },
        { "an IPv4 address in IPv6 clothes", "infer", "*", "10.0.0.0/8", AccessAction.Infer, "m", "::ffff:10.1.2.3", Yes },
        { "a foreign one in IPv6 clothes", "infer", "*", "10.0.0.0/8", AccessAction.Infer, "m", "::ffff:11.1.2.3", NoNet },
        { "inside the IPv6 network", "infer", "*", "2001:db8::/32", AccessAction.Infer, "m", "2001:db8:1::1", Yes },
        { "outside the IPv6 network", "infer", "*", "2001:db8::/32", AccessAction.Infer, "m", "2001:db9::1", NoNet },
        { "IPv6 against an IPv4 network", "infer", "*", "0.0.0.0/0", AccessAction.Infer, "m", "2001:db8::1", NoNet },
        { "a network is missed before a role", "", "", "10.0.0.0/8", AccessAction.ManageKeys, null, "11.1.1.1", NoNet },
        { "management is bound to networks too", "manage.keys", "", "10.0.0.0/8", AccessAction.ManageKeys, null, "11.1.1.1", NoNet },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decision_is_as_the_table_says(
        string what, string roles, string models, string networks, AccessAction action, string? model, string address, string expected)
    {
        var principal = PrincipalOf(roles, models, networks);
        var name = model?.Split('@')[0];
        int? version = model?.Contains('@', StringComparison.Ordinal) == true ? int.Parse(model.Split('@')[1], System.Globalization.CultureInfo.InvariantCulture) : null;

        var refusal = AccessPolicy.Decide(principal, action, name, version, IPAddress.Parse(address));
        var explanation = AccessPolicy.Explain(principal, action, name, version, IPAddress.Parse(address));

        (refusal?.Code.ToString() ?? Yes).ShouldBe(expected, what);
        explanation.Refusal.ShouldBe(refusal);
        explanation.Checks.All(check => check.Passed).ShouldBe(refusal is null);
    }

    [Fact]
    public void Table_has_its_sixty_rows() => Table.Count.ShouldBeGreaterThanOrEqualTo(60);

    [Fact]
    public void No_action_passes_without_its_role() =>
        Prop.ForAll<int, int, string>((roleBits, actionNumber, model) =>
        {
            var principal = PrincipalOf("", "*", "", (Roles)roleBits);
            var action = (AccessAction)(actionNumber % 16);

            var refusal = AccessPolicy.Decide(principal, action, model, null, IPAddress.Loopback);

            var needed = AccessPolicy.RoleFor(action);
            return refusal is not null || (needed != Roles.None && (principal.Roles & needed) == needed);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_action_takes_a_role() =>
        Enum.GetValues<AccessAction>().ShouldAllBe(action => AccessPolicy.RoleFor(action) != Roles.None);

    [Fact]
    public void Unknown_and_forbidden_models_are_refused_by_one_and_the_same_value()
    {
        var principal = PrincipalOf("infer", "a", "");

        AccessPolicy.Decide(principal, AccessAction.Infer, "b", null, IPAddress.Loopback)
            .ShouldBeSameAs(AccessPolicy.Decide(principal, AccessAction.Infer, "a@", 3, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("a", true)]
    [InlineData("a.b_c-1", true)]
    [InlineData("a*", true)]
    [InlineData("a@1", true)]
    [InlineData("a*@12", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("**", false)]
    [InlineData("*a", false)]
    [InlineData("a*b", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a@", false)]
    [InlineData("a@0", false)]
    [InlineData("a@01", false)]
    [InlineData("a@-1", false)]
    [InlineData("a@1@2", false)]
    [InlineData("@1", false)]
    public void Pattern_has_one_form(string? pattern, bool valid) => ModelPattern.IsValid(pattern).ShouldBe(valid);

    [Fact]
    public void List_shows_models_of_pinned_patterns_too()
    {
        var principal = PrincipalOf("infer", "a@2 b*", "");

        AccessPolicy.CanSee(principal, "a").ShouldBeTrue();
        AccessPolicy.CanSee(principal, "bx").ShouldBeTrue();
        AccessPolicy.CanSee(principal, "c").ShouldBeFalse();
    }

    private static Principal PrincipalOf(string roles, string models, string networks, Roles extra = Roles.None)
    {
        var granted = extra;
        foreach (var name in roles.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            RoleNames.TryParse(name, out var role).ShouldBeTrue(name);
            granted |= role;
        }

        PrincipalId.TryParse("p", out var id).ShouldBeTrue();
        return new Principal
        {
            Id = id,
            CredentialKind = CredentialKind.ApiKey,
            CredentialId = "c",
            Roles = granted,
            Models = [.. models.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Networks = [.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)],
        };
    }
}
