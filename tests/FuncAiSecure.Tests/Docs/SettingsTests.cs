using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncAiSecure.Core;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Tests.Docs;

/// <summary>The option classes, the example file, the page of settings and the deployed settings, name by name.</summary>
public sealed partial class SettingsTests
{
    private static readonly (Type Type, string Section)[] Options =
    [
        .. from assembly in (Assembly[])[typeof(Refusal).Assembly, typeof(FuncAiSecureApplication).Assembly]
           from type in assembly.GetTypes()
           let section = type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)
           where section is { IsLiteral: true } && type.Name.EndsWith("Options", StringComparison.Ordinal)
           select (type, (string)section.GetRawConstantValue()!),
    ];

    private static readonly string[] OptionNames =
    [
        .. Options.SelectMany(options => NamesOf(options.Type, options.Section.Replace(":", "__", StringComparison.Ordinal) + "__")),
    ];

    private static readonly JsonElement Example = ReadJson("local.settings.example.json").GetProperty("Values");

    [Fact]
    public void The_example_file_has_every_option_and_no_other() =>
        Own(Example.EnumerateObject().Select(value => value.Name)).ShouldBe(OptionNames, ignoreOrder: true);

    [Fact]
    public void Every_value_of_the_example_file_is_understood()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Example.EnumerateObject().ToDictionary(
                value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => value.Value.GetString()))
            .Build();
        var read = typeof(SettingsBinding).GetMethod(nameof(SettingsBinding.ReadSettings))!;

        foreach (var (type, section) in Options)
        {
            read.MakeGenericMethod(type).Invoke(null, [configuration, section]).ShouldNotBeNull();
        }
    }

    [Fact]
    public void The_example_file_says_the_defaults_where_it_names_no_part_of_a_developers_machine()
    {
        // Core Tools leave out a value that is null.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Example.EnumerateObject()
                .Where(value => value.Value.ValueKind != JsonValueKind.Null
                    && !value.Name.StartsWith("FuncAiSecure__Vault__", StringComparison.Ordinal)
                    && value.Name != "FuncAiSecure__Models__RequireSignatures")
                .ToDictionary(value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => value.Value.GetString()))
            .Build();
        var read = typeof(SettingsBinding).GetMethod(nameof(SettingsBinding.ReadSettings))!;

        foreach (var (type, section) in Options)
        {
            var said = read.MakeGenericMethod(type).Invoke(null, [configuration, section]);
            JsonSerializer.Serialize(said, type).ShouldBe(JsonSerializer.Serialize(Activator.CreateInstance(type), type), section);
        }
    }

    [Fact]
    public void The_app_knows_the_section_of_every_option_class_and_no_other() =>
        FuncAiSecureApplication.Sections.ShouldBe(Options.Select(options => options.Section), ignoreOrder: true);

    [Fact]
    public void The_page_of_settings_has_every_option_and_no_other() =>
        Own(CodeAtLineStart().Matches(ReadText("docs", "settings.md")).Select(match => match.Groups[1].Value))
            .ShouldBe(OptionNames, ignoreOrder: true);

    [Fact]
    public void The_page_names_every_value_of_a_setting_that_takes_one_of_a_few()
    {
        var rows = ReadText("docs", "settings.md").Split('\n').Where(line => line.StartsWith("| `FuncAiSecure__", StringComparison.Ordinal)).ToArray();
        var choices = Options.SelectMany(options => ChoicesOf(options.Type)).Distinct().ToArray();

        choices.Length.ShouldBeGreaterThan(5);
        foreach (var (name, type) in choices)
        {
            var row = rows.Where(line => line.Contains($"__{name}` |", StringComparison.Ordinal)).ShouldHaveSingleItem();
            Enum.GetNames(type).Where(value => !row.Contains($"`{value}`", StringComparison.Ordinal)).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void Every_deployed_setting_is_an_option()
    {
        var deployed = Own(ReadJson("infra-bicep", "app-settings.json").GetProperty("settings").EnumerateArray()
            .Select(setting => setting.GetProperty("name").GetString()!));

        deployed.ShouldNotBeEmpty();
        deployed.Except(OptionNames).ShouldBeEmpty();
    }

    [Fact]
    public void The_example_file_suits_Core_Tools()
    {
        ReadJson("local.settings.example.json").GetProperty("IsEncrypted").GetBoolean().ShouldBeFalse();
        Example.EnumerateObject().ShouldAllBe(value => value.Value.ValueKind == JsonValueKind.String || value.Value.ValueKind == JsonValueKind.Null);
        Example.GetProperty("ORT_DISABLE_TELEMETRY").GetString().ShouldBe("1");
    }

    private static IEnumerable<(string Name, Type Type)> ChoicesOf(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
        {
            { IsEnum: true } choice => [(property.Name, choice)],
            { IsArray: true } list => ChoicesOf(list.GetElementType()!),
            { IsGenericType: true } map when typeof(IEnumerable).IsAssignableFrom(map) => ChoicesOf(map.GetGenericArguments()[^1]),
            _ => Array.Empty<(string, Type)>(),
        });

    private static IEnumerable<string> NamesOf(Type type, string prefix) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => NamesOf(property.PropertyType, prefix, property.Name));

    private static IEnumerable<string> NamesOf(Type type, string prefix, string name)
    {
        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type))
        {
            return [prefix + name];
        }

        var isMap = type.IsGenericType && type.GetGenericArguments().Length == 2;
        var item = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[^1];
        var element = prefix + name + (isMap ? "__*" : "__0");
        return item == typeof(string) ? [element] : NamesOf(item, element + "__");
    }

    // Names of plans and policies are the deployment's; items of a list beyond the first say nothing new.
    private static string[] Own(IEnumerable<string> names) =>
    [
        .. names.Where(name => name.StartsWith("FuncAiSecure__", StringComparison.Ordinal))
            .Select(name => OwnName().Replace(name, "__$1__*"))
            .Select(name => Index().Replace(name, "__0"))
            .Distinct(),
    ];

    private static JsonElement ReadJson(params string[] path) => JsonDocument.Parse(ReadText(path)).RootElement;

    private static string ReadText(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    [GeneratedRegex("__(Plans|Policies)__[A-Za-z0-9-]+")]
    private static partial Regex OwnName();

    [GeneratedRegex("__[0-9]+")]
    private static partial Regex Index();

    [GeneratedRegex("^\\| `([A-Za-z_0-9]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex CodeAtLineStart();
}
