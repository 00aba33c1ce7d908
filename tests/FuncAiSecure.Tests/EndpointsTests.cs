using System.Reflection;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Tests;

/// <summary>The endpoint table, held equal to the functions: a function without a row would be served without controls.</summary>
public sealed class EndpointsTests
{
    private static readonly (string Name, HttpTriggerAttribute Trigger)[] Functions =
    [
        .. from type in typeof(FuncAiSecureApplication).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (function.Name, trigger),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(function => function.Name)];

    [Fact]
    public void The_table_and_the_functions_name_each_other() =>
        Endpoints.All.Select(endpoint => endpoint.Function).ShouldBe(Functions.Select(function => function.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_leaves_methods_and_keys_to_the_chain(string name)
    {
        var trigger = Functions.Single(function => function.Name == name).Trigger;

        trigger.AuthLevel.ShouldBe(AuthorizationLevel.Anonymous);
        (trigger.Methods ?? []).ShouldBeEmpty("the chain answers 405 itself");
        trigger.Route.ShouldBe(Endpoints.Of(name).Route);
    }

    [Fact]
    public void Only_these_routes_answer_strangers() =>
        Endpoints.All.Where(endpoint => endpoint.Role is Roles.None).Select(endpoint => endpoint.Route)
            .ShouldBe(["v2/health/live", "v2/health/ready", "openapi.json", "console", "console/{file}", "{*path}"], ignoreOrder: true);

    [Fact]
    public void A_page_holds_no_data_and_everything_else_is_an_interface() =>
        Endpoints.All.Where(endpoint => endpoint.IsPage).Select(endpoint => endpoint.Route).ShouldBe(["console", "console/{file}"], ignoreOrder: true);

    [Fact]
    public void The_route_for_everything_else_is_tried_last() =>
        Functions.Select(function => function.Name).Order(StringComparer.OrdinalIgnoreCase).Last().ShouldBe("ZNotFound");

    [Fact]
    public void A_function_that_the_table_does_not_know_is_not_served() =>
        Should.Throw<InvalidOperationException>(() => Endpoints.Of("Forgotten"));

    [Fact]
    public void Whatever_runs_a_model_needs_the_role_and_names_its_model() =>
        Endpoints.All.Where(endpoint => endpoint.Protocol is not null)
            .ShouldAllBe(endpoint => endpoint.Role == Roles.Infer && endpoint.NamesModel);
}
