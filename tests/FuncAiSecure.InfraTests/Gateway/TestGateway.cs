using FuncAiSecure.InfraTests.Expressions;
using FuncAiSecure.InfraTests.Policies;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>A gateway with test values for everything that a deployment fills in.</summary>
internal sealed class TestGateway
{
    public const string Key = "fais_abcdefghijklmnop_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456";
    public const string FrontDoorId = "0f0f0f0f-1111-2222-3333-444444444444";
    public const string Issuer = "https://identity.example";
    public const string Audience = "api://funcai";

    private static readonly Dictionary<string, string> NamedValues = new(StringComparer.Ordinal)
    {
        ["front-door-id"] = FrontDoorId,
        ["caller-pseudonym-key"] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ["openid-configuration-url"] = "https://identity.example/.well-known/openid-configuration",
        ["token-issuer"] = Issuer,
        ["token-audience"] = Audience,
        ["gateway-audience"] = "99999999-0000-0000-0000-000000000000",
        ["caller-calls-per-minute"] = "40",
    };

    private static readonly PolicyFiles Pristine = PolicyFiles.Read(NamedValues);
    private static readonly ExpressionCompiler Expressions = ExpressionCompiler.Compile(Pristine.Values().Where(ExpressionCompiler.IsExpression));

    private TestGateway(PolicyFiles files)
    {
        State.Tokens["good"] = new(Issuer, Audience, "caller");
        Engine = new(files, Expressions, State);
    }

    public GatewayState State { get; } = new();

    public PolicyEngine Engine { get; }

    /// <summary>Compile errors and forbidden types of all expressions.</summary>
    public static IReadOnlyList<string> Faults => Expressions.Faults;

    /// <summary>The undamaged documents; copy before changing.</summary>
    public static PolicyFiles Documents => Pristine;

    public static TestGateway Create(PolicyFiles? files = null) => new(files ?? Pristine);

    /// <summary>A deployment without Front Door: the entry in the vault says so.</summary>
    public static TestGateway WithoutFrontDoor()
    {
        var values = new Dictionary<string, string>(NamedValues, StringComparer.Ordinal) { ["front-door-id"] = "none" };
        var files = PolicyFiles.Read(values);
        var gateway = new TestGateway(files, ExpressionCompiler.Compile(files.Values().Where(ExpressionCompiler.IsExpression)));
        return gateway;
    }

    private TestGateway(PolicyFiles files, ExpressionCompiler expressions) => Engine = new(files, expressions, State);

    public GatewayResponse Send(GatewayRequest request) => Engine.Send(request);

    /// <summary>A good request with a key, and the given headers over it.</summary>
    public static GatewayRequest Request(params (string Name, string Value)[] headers)
    {
        var request = new GatewayRequest();
        request.Headers["Content-Type"] = ["application/json"];
        request.Headers["x-api-key"] = [Key];
        foreach (var (name, value) in headers)
        {
            if (value.Length == 0)
            {
                request.Headers.Remove(name);
            }
            else
            {
                request.Headers[name] = [value];
            }
        }

        return request;
    }
}
