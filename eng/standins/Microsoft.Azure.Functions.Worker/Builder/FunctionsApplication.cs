namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry of a program.</summary>
public class FunctionsApplication
{
    private FunctionsApplication()
    {
    }

    /// <summary>A builder with the defaults.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
