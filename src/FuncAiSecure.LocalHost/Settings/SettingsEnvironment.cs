namespace FuncAiSecure.LocalHost.Settings;

/// <summary>Turns <c>local.settings.json</c> into environment variables, and adds those that the Functions host sets.</summary>
internal static class SettingsEnvironment
{
    /// <summary>Sets the variables of this process. Names, never values, go to <paramref name="messages"/>.</summary>
    public static void Load(TextWriter messages)
    {
        if (LocalSettingsFile.Find(Directory.GetCurrentDirectory(), AppContext.BaseDirectory) is { } path)
        {
            var settings = LocalSettingsFile.Parse(File.ReadAllText(path), out var fault);
            if (fault is not null)
            {
                messages.WriteLine($"{LocalSettingsFile.Name} is not used: {fault}.");
            }

            foreach (var name in LocalSettingsFile.Apply(settings, Environment.GetEnvironmentVariable, Environment.SetEnvironmentVariable))
            {
                messages.WriteLine($"Skipping '{name}' from local settings: the environment has it.");
            }
        }

        Environment.SetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", AppContext.BaseDirectory);
    }
}
