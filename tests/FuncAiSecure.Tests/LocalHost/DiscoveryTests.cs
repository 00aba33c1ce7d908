using FuncAiSecure.LocalHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

#pragma warning disable CA1822, CA1034, CA1801, IDE0060

namespace FuncAiSecure.Tests.LocalHost;

public class DiscoveryTests
{
    public static TheoryData<string, Type, string> Refused => new()
    {
        { "names that differ in case only", typeof(SameName), "named" },
        { "a name that starts with a digit", typeof(DigitName), "not a name" },
        { "the name host", typeof(HostName), "not a name" },
        { "a route under admin", typeof(AdminRoute), "built in" },
        { "a route under runtime", typeof(RuntimeRoute), "built in" },
        { "a level that is not named", typeof(UnnamedLevel), "AuthorizationLevel.Anonymous" },
        { "a level that needs a platform key", typeof(FunctionLevel), "AuthorizationLevel.Anonymous" },
        { "no trigger", typeof(NoTrigger), "exactly one trigger" },
        { "two triggers", typeof(TwoTriggers), "exactly one trigger" },
        { "a method that is not public", typeof(Hidden), "public method" },
        { "async void", typeof(AsyncVoid), "async void" },
        { "ValueTask", typeof(Value), "ValueTask" },
        { "a parameter that cannot be bound", typeof(Unbindable), "cannot be bound" },
        { "a template with an unknown constraint", typeof(UnknownConstraint), "constraint" },
        { "a template that is none", typeof(BrokenTemplate), "not a template" },
        { "a segment of several parts", typeof(ComplexSegment), "several parts" },
        { "a schedule that is none", typeof(BrokenSchedule), "NCRONTAB" },
        { "a schedule whose setting is missing", typeof(MissingSetting), "does not exist" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Function_that_the_platform_would_not_run_stops_the_start(string because, Type type, string message) =>
        Should.Throw<LocalHostException>(() => RunningHost.Create([type]), because).Message.ShouldContain(message);

    public class SameName
    {
        [Function("Name")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a")] HttpRequest request)
        {
        }

        [Function("nAME")]
        public void B([HttpTrigger(AuthorizationLevel.Anonymous, Route = "b")] HttpRequest request)
        {
        }
    }

    public class DigitName
    {
        [Function("1st")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }
    }

    public class HostName
    {
        [Function("Host")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }
    }

    public class AdminRoute
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "/ADMIN/x")] HttpRequest request)
        {
        }
    }

    public class RuntimeRoute
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "runtime")] HttpRequest request)
        {
        }
    }

    public class UnnamedLevel
    {
        [Function("A")]
        public void A([HttpTrigger("get")] HttpRequest request)
        {
        }
    }

    public class FunctionLevel
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request)
        {
        }
    }

    public class NoTrigger
    {
        [Function("A")]
        public void A(HttpRequest request)
        {
        }
    }

    public class TwoTriggers
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [TimerTrigger("* * * * * *")] TimerInfo timer)
        {
        }
    }

    public class Hidden
    {
        [Function("A")]
        internal void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }
    }

    public class AsyncVoid
    {
        [Function("A")]
        public async void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => await Task.Yield();
    }

    public class Value
    {
        [Function("A")]
        public ValueTask A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => ValueTask.CompletedTask;
    }

    public class Unbindable
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, HttpContext http)
        {
        }
    }

    public class UnknownConstraint
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b:whatever}")] HttpRequest request)
        {
        }
    }

    public class BrokenTemplate
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request)
        {
        }
    }

    public class ComplexSegment
    {
        [Function("A")]
        public void A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b}.{c}")] HttpRequest request)
        {
        }
    }

    public class BrokenSchedule
    {
        [Function("A")]
        public void A([TimerTrigger("every day")] TimerInfo timer)
        {
        }
    }

    public class MissingSetting
    {
        [Function("A")]
        public void A([TimerTrigger("%Nowhere%")] TimerInfo timer)
        {
        }
    }
}
